"""Two sides decide together, such as a funder and a network: selected only if both say so."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require
from calls.models import Application, Decision, Side, SideVote
from calls.models.call import Process
from calls.models.decision import Outcome
from calls.operations.conflicts import require_unconflicted
from calls.operations.overtaking import Overtaken
from calls.operations.status import NotPossible, lock
from calls.queries.sides import mark_of
from calls.workflow import RECOMMENDABLE
from cooperation.accounts.models import User

SIDES = 2


@transaction.atomic
def vote_for_side(
    *,
    side: Side,
    application: Application,
    outcome: Outcome,
    reason: str,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> SideVote:
    """What one side decides about one application, said by one of its people.

    It may be changed while no outcome is recommended. A change after the other side has voted needs a
    reason, and so does every vote that does not select. `seen` marks the side's vote as the page showed it;
    Overtaken when a colleague voted since. Raises NotAllowed, NotPossible.
    """
    current = lock(application)
    require(is_member(by, side), _("Only the people of “%(side)s” decide for it.") % {"side": side})
    require_unconflicted(by, current)
    if side.call_id != current.call_id:
        raise NotPossible(_("“%(side)s” does not decide about this call.") % {"side": side})
    require(
        not current.side_votes.filter(by=by).exclude(side=side).exists(),
        _("You voted for the other side. Somebody else votes for this one."),
    )
    if current.status not in RECOMMENDABLE:
        raise NotPossible(
            _("%(reference)s is “%(status)s”: the sides do not vote on it now.")
            % {"reference": current.reference, "status": current.get_status_display()}
        )
    if _is_put_forward(current):
        raise NotPossible(
            _("An outcome of %(reference)s is recommended already.") % {"reference": current.reference}
        )
    standing = current.side_votes.filter(side=side).select_related("by").first()
    _require_seen(standing, seen)
    changes = standing is not None and current.side_votes.count() == SIDES
    if (outcome != Outcome.SELECTED or changes) and not reason.strip():
        raise NotPossible(_("Give the reason of your side."))
    vote, _created = SideVote.objects.update_or_create(
        side=side,
        application=current,
        defaults={"outcome": outcome, "reason": reason.strip(), "at": at, "by": by},
    )
    return vote


def _require_seen(standing: SideVote | None, seen: str | None) -> None:
    """Nobody overwrites a colleague's vote unread; None for a caller that saw no page."""
    if standing is not None and seen is not None and mark_of(standing) != seen:
        raise Overtaken(
            _("%(who)s voted for your side meanwhile: “%(outcome)s”. Your vote was not kept. Read it below.")
            % {"who": standing.by, "outcome": standing.get_outcome_display()}
        )


def is_member(user: User, side: Side) -> bool:
    """Read afresh, so that whoever is taken off a side in mid-session votes no more."""
    return side.members.filter(pk=user.pk, is_active=True, is_staff=True).exists()


def require_both_sides(application: Application) -> None:
    """Raise NotPossible unless both sides selected a LOCKED application, where two sides decide."""
    if application.call.process != Process.TWO_SIDES:
        return
    votes = application.side_votes.filter(outcome=Outcome.SELECTED)
    if votes.count() < SIDES:
        raise NotPossible(
            _("%(reference)s is selected only if both sides select it.")
            % {"reference": application.reference}
        )


def _is_put_forward(application: Application) -> bool:
    return Decision.objects.filter(
        application=application, published_at__isnull=True, returned_at__isnull=True
    ).exists()
