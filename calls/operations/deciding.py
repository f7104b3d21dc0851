"""Deciding: one person recommends, another approves or sends back.

Whoever approves or publishes holds the call's row first, then the application's: so places are counted
by one person at a time, and nobody waits for somebody who waits for them.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from calls.access import require, require_decider, require_recommender
from calls.models import Application, Call, Decision, SelectionRun
from calls.models.decision import Outcome
from calls.operations.conflicts import require_unconflicted
from calls.operations.joint_selection import require_both_sides
from calls.operations.overtaking import require_current
from calls.operations.status import NotPossible, lock, require_not_cancelled
from calls.queries.decision_page import why_not_approve
from calls.queries.quota_places import overfull
from calls.workflow import RECOMMENDABLE, Status, transitions
from cooperation.accounts.models import User
from cooperation.web.transactions import atomic_again


def lock_call(call_id: int) -> Call:
    """The call, held until the transaction ends; new applications to it need not wait.

    Raises NotPossible for a cancelled one.
    """
    call = Call.objects.select_for_update(no_key=True).get(pk=call_id)
    require_not_cancelled(call)
    return call


@atomic_again
def recommend(
    *,
    application: Application,
    outcome: Outcome,
    reason: str,
    by: User,
    at: datetime,
    version: int | None = None,
    run: SelectionRun | None = None,
    reserve_place: int | None = None,
    replaces: Decision | None = None,
) -> Decision:
    """Recommend an outcome for a reviewed application; a later recommendation replaces an open one.

    Raises the application's version, so that nobody approves a recommendation that they have not read.
    What is approved already is sent back first. `replaces` is the declined place that this one fills.
    """
    current = lock(application)
    require_recommender(by)
    require_unconflicted(by, current)
    require_current(current, version)
    _require_recommendable(current, outcome, reason)
    before = Decision.objects.filter(application=current).first()
    _require_unapproved(current, before)
    if current.status == Status.RESERVE and before and reserve_place is None:
        reserve_place = before.reserve_place
    decision, _created = Decision.objects.update_or_create(
        application=current,
        defaults={
            "outcome": outcome,
            "reason": reason.strip(),
            "recommended_at": at,
            "recommended_by": by,
            "run": run,
            "reserve_place": reserve_place,
            "replaces": replaces,
            **dict.fromkeys(("approved_at", "approved_by", "published_at", "published_by")),
            **dict.fromkeys(("returned_at", "returned_by")),
            "return_reason": "",
        },
    )
    raise_version(current)
    return decision


def _require_unapproved(current: Application, before: Decision | None) -> None:
    if before and before.approved_at and not before.published_at:
        raise NotPossible(
            _("%(reference)s is approved already. Send it back before you recommend it again.")
            % {"reference": current.reference}
        )


def _require_recommendable(current: Application, outcome: Outcome, reason: str) -> None:
    require_not_cancelled(current.call)
    if current.status not in RECOMMENDABLE:
        raise NotPossible(
            _("%(reference)s is “%(status)s”: no outcome can be recommended for it now.")
            % {"reference": current.reference, "status": current.get_status_display()}
        )
    if current.status == Status.RESERVE and outcome != Outcome.SELECTED:
        raise NotPossible(_("From the reserve list an application can only be selected."))
    if not transitions(current.status, outcome):
        raise NotPossible(_("This outcome does not exist."))
    if not reason.strip():
        raise NotPossible(_("Give the reason: the city reads it."))
    if outcome == Outcome.SELECTED:
        require_both_sides(current)


@atomic_again
def approve(*, application: Application, by: User, at: datetime, version: int | None = None) -> Decision:
    """Approve the open recommendation. The city hears of it when the results are published, with all others.

    Raises NotAllowed for the person who recommended and for whoever has a conflict of interest,
    NotPossible without an open recommendation or when no place is left.
    """
    call = lock_call(application.call_id)
    current = lock(application)
    require_decider(by)
    require_unconflicted(by, current)
    require_current(current, version)
    decision = Decision.objects.select_for_update().open().filter(application=current).first()
    if decision is None:
        raise NotPossible(_("%(reference)s has no open recommendation.") % {"reference": current.reference})
    reason = why_not_approve(by, decision)
    require(not reason, reason)
    approve_locked(current, decision, by=by, at=at)
    require_room(call, [decision])
    return decision


def approve_locked(current: Application, decision: Decision, *, by: User, at: datetime) -> None:
    """Write the approval of a LOCKED application's open recommendation."""
    if current.status not in RECOMMENDABLE:
        raise NotPossible(
            _("%(reference)s is “%(status)s” now.")
            % {"reference": current.reference, "status": current.get_status_display()}
        )
    decision.application = current
    decision.approved_at, decision.approved_by = at, by
    decision.save(update_fields=["approved_at", "approved_by"])
    raise_version(current)


def require_room(call: Call, approved: list[Decision]) -> None:
    """Raise NotPossible when what was just approved fills more places than a LOCKED call has."""
    newcomers = [row.application for row in approved if row.outcome == Outcome.SELECTED]
    if problems := overfull(call, newcomers):
        way_out = _("Nothing was approved. Send back what does not fit, or move a place between quotas.")
        raise NotPossible(" ".join([*problems, way_out]))


@atomic_again
def send_back(
    *, application: Application, reason: str, by: User, at: datetime, version: int | None = None
) -> Decision:
    """Send a recommendation back, or an approval that is not published yet, to be recommended anew."""
    lock_call(application.call_id)
    current = lock(application)
    require_decider(by)
    require_unconflicted(by, current)
    require_current(current, version)
    if not reason.strip():
        raise NotPossible(_("Say why it goes back: whoever recommends again reads it."))
    unpublished = Decision.objects.select_for_update().filter(
        application=current, published_at__isnull=True, returned_at__isnull=True
    )
    decision = unpublished.first()
    if decision is None:
        raise NotPossible(
            _("%(reference)s has no recommendation to send back.") % {"reference": current.reference}
        )
    decision.approved_at = decision.approved_by = None
    decision.returned_at, decision.returned_by, decision.return_reason = at, by, reason.strip()
    decision.save(update_fields=["approved_at", "approved_by", "returned_at", "returned_by", "return_reason"])
    raise_version(current)
    return decision


def raise_version(current: Application) -> None:
    """Whoever has the page open reads it again before acting."""
    current.version += 1
    current.save(update_fields=["version"])
