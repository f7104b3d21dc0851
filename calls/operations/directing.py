"""What staff fix before a run: applications together (a pin) or apart (a veto), until it is ended."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from calls.access import require_recommender
from calls.models import Application, Call, Directive, ProposedCity
from calls.models.pairing import DirectiveKind, DirectiveSource
from calls.operations.status import NotPossible
from calls.queries.pairing import on_one_side
from calls.queries.pairing_couples import couples_of
from cooperation.accounts.models import User

LONGEST_REASON = 300  # characters, as the column


@transaction.atomic
def direct(
    *, call: Call, kind: str, one: Application, other: Application, reason: str, by: User, at: datetime
) -> Directive:
    """Pin two applications together (`kind` "pin") or keep them apart ("veto") in the runs from now on.

    The order of the two has no meaning. Raises NotAllowed; NotPossible for an unknown kind, one application
    twice, one of another call, a pin within one side, a reason that is empty or too long, and where one is
    in force already.
    """
    require_recommender(by)
    if kind not in DirectiveKind.values:
        raise NotPossible(_("Choose whether the two belong together or stay apart."))
    if {one.call_id, other.call_id} != {call.pk} or one.pk == other.pk:
        raise NotPossible(_("Choose two different applications of this call."))
    if kind == DirectiveKind.PIN and on_one_side(call, one, other):
        raise NotPossible(_("Both cities are on the same side. Pin one of each side."))
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise NotPossible(_("Give a reason of at most %(most)s characters.") % {"most": LONGEST_REASON})
    first, second = sorted((one, other), key=lambda row: row.pk)
    directive = Directive(
        call=call, kind=kind, one=first, other=second, reason=reason, made_at=at, made_by=by
    )  # fmt: skip
    try:
        with transaction.atomic():
            directive.save()
    except IntegrityError as clash:
        about = {"one": first.lead, "other": second.lead}
        raise NotPossible(
            _("%(one)s and %(other)s are pinned or kept apart already. End that first.") % about
        ) from clash
    return directive


@transaction.atomic
def end(*, directive: Directive, by: User, at: datetime) -> Directive:
    """Let a pin or veto end; runs from now on do not know it. Raises NotAllowed; NotPossible when ended."""
    require_recommender(by)
    current = Directive.objects.select_for_update().get(pk=directive.pk)
    if current.ended_at:
        raise NotPossible(_("This has ended already. Reload the page."))
    current.ended_at, current.ended_by = at, by
    current.save(update_fields=["ended_at", "ended_by"])
    return current


def pin_couples(call: Call, *, at: datetime) -> int:
    """Pin the couples that applied together, so that staff see them; how many are new.

    A couple whose pin staff ended, or kept apart, is not pinned again. `request_run` calls this.
    """
    known = set(call.directives.filter(source=DirectiveSource.COUPLE).values_list("one_id", "other_id"))
    known |= set(call.directives.filter(ended_at__isnull=True).values_list("one_id", "other_id"))
    rows = [pair for pair in couples_of(call) if (pair[0].pk, pair[1].pk) not in known]
    return _fix(
        call, rows, DirectiveKind.PIN, DirectiveSource.COUPLE, _("Both applications name the other."), at
    )


def keep_declined_apart(*, place: ProposedCity, at: datetime) -> int:
    """What a city's "no" leaves behind: a veto on each other city of the proposal; how many are new.

    For the operation that takes the answer; `place` is the city that declined. A pin in force between the
    two ends with it.
    """
    call = place.proposal.run.call
    others = [
        row.application for row in place.proposal.places.all() if row.application_id != place.application_id
    ]
    pairs = [_in_order(place.application, other) for other in others]
    for one, other in pairs:
        pins = call.directives.filter(kind=DirectiveKind.PIN, one=one, other=other, ended_at__isnull=True)
        pins.update(ended_at=at)
    return _fix(call, pairs, DirectiveKind.VETO, DirectiveSource.DECLINED, _("Declined."), at)


def _in_order(one: Application, other: Application) -> tuple[Application, Application]:
    return (one, other) if one.pk < other.pk else (other, one)


def _fix(
    call: Call,
    pairs: Iterable[tuple[Application, Application]],
    kind: DirectiveKind,
    source: DirectiveSource,
    reason: str,
    at: datetime,
) -> int:
    rows = [
        Directive(call=call, kind=kind, source=source, one=one, other=other, reason=reason, made_at=at)
        for one, other in pairs
    ]
    before = call.directives.count()
    Directive.objects.bulk_create(rows, ignore_conflicts=True)
    return call.directives.count() - before
