"""Proposals that stand no more, and the runs that pair their cities anew."""

from datetime import datetime, timedelta

import structlog
from django.db import OperationalError, transaction
from django.db.models import QuerySet

from calls.models import Application, Call, PairingRun, Proposal
from calls.models.pairing import ProposalAnswer, RunCause, RunState
from calls.operations.directing import keep_declined_apart
from calls.operations.pairing import freeze_again, request_run
from calls.operations.pairing_letters import post_to_all, post_to_others
from calls.operations.pairing_locks import lock_pairing, lock_proposal
from calls.operations.status import NotPossible
from calls.queries.pairing_failure import LEFT
from calls.queries.proposals import published_places

MOMENT = timedelta(microseconds=1)  # the smallest that the database keeps
logger = structlog.get_logger("portal.pairing")


@transaction.atomic
def lapse_of(application: Application, *, at: datetime) -> int:
    """An application leaves: its open proposals lapse and the others are told; how many.

    The caller has locked the pairing (`lock_pairing`), then the application.
    """
    rows = published_places().filter(
        application=application, proposal__lapsed_at__isnull=True, proposal__partnership__isnull=True
    )
    found = list(rows)
    for place in found:
        place.proposal = let_lapse(lock_proposal(place.proposal), at)
        post_to_others(place, "pairing_declined", at=at)
    for place in found:
        solve_anew(place.proposal, at)
    return len(found)


def lapse_unanswered(*, at: datetime) -> int:
    """Proposals whose day went by without every answer lapse; how many. Each in its own transaction."""
    late = Proposal.objects.filter(
        run__published_at__isnull=False,
        run__answer_by__lte=at,
        repeats__isnull=True,
        lapsed_at__isnull=True,
        partnership__isnull=True,
    )
    lapsed = 0
    for pk in late.values_list("pk", flat=True):
        try:
            lapsed += _lapse(pk, at)
        except OperationalError:
            raise
        except Exception:
            logger.exception("proposal not lapsed", proposal=pk)
    return lapsed


@transaction.atomic
def _lapse(pk: int, at: datetime) -> int:
    current = lock_proposal(Proposal.objects.get(pk=pk))
    run = current.run
    if current.lapsed_at or current.partnership_id or run.answer_by is None or run.answer_by > at:
        return 0  # answered or given more time while we came
    let_lapse(current, at)
    for place in current.places.all():
        if place.answer == ProposalAnswer.WAITING:
            keep_declined_apart(place=place, at=at)
    post_to_all(current, "pairing_lapsed", at=at)
    solve_anew(current, at)
    return 1


def let_lapse(proposal: Proposal, at: datetime) -> Proposal:
    """Nobody can accept a LOCKED proposal any more."""
    proposal.lapsed_at = at
    proposal.save(update_fields=["lapsed_at"])
    return proposal


def solve_anew(lapsed: Proposal, at: datetime) -> bool:
    """Ask for a run around what is accepted or open; whether one is waiting that knows all of it.

    One that waits for a worker is frozen anew. While another is running, `pair_anew` tries again: the
    proposal counts as lapsed after that run was asked for, even where two clocks say otherwise.
    """
    call, waiting = lapsed.run.call, _waiting(lapsed.run.call)
    try:
        with transaction.atomic():
            if waiting:
                freeze_again(waiting, at=at)
            else:
                fresh = request_run(call=call, by=None, at=at, cause=RunCause.ANSWERS)
                fresh.parent = lapsed.run
                fresh.save(update_fields=["parent"])
    except NotPossible:
        last = _runs(call).first()
        if last and lapsed.lapsed_at and lapsed.lapsed_at <= last.requested_at:
            let_lapse(lapsed, last.requested_at + MOMENT)
        return False
    return True


def _waiting(call: Call) -> PairingRun | None:
    """The run that the portal asked for and no worker has taken yet, locked."""
    rows = call.pairing_runs.filter(state=RunState.WAITING, cause=RunCause.ANSWERS)
    return rows.select_for_update(of=("self",)).select_related("call").first()


def _runs(call: Call) -> QuerySet[PairingRun]:
    return call.pairing_runs.exclude(cause=RunCause.WHAT_IF).order_by("-number")


def pair_anew(*, at: datetime) -> int:
    """Ask for the runs that could not be asked for at once, or were overtaken by an answer; how many."""
    calls = Call.objects.filter(pairing_runs__proposals__lapsed_at__isnull=False).distinct()
    return sum(_pair_anew(call, at) for call in calls)


@transaction.atomic
def _pair_anew(call: Call, at: datetime) -> bool:
    lock_pairing(call.pk)
    gone = Proposal.objects.filter(run__call=call, lapsed_at__isnull=False).select_related("run__call")
    last, lapsed = _runs(call).first(), gone.order_by("-lapsed_at").first()
    if last is None or lapsed is None or lapsed.lapsed_at is None:
        return False
    return (_overtaken(last) or lapsed.lapsed_at > last.requested_at) and solve_anew(lapsed, at)


def _overtaken(run: PairingRun) -> bool:
    """Whether a run after answers came to nothing, because others answered or left while it was solved."""
    failed = run.cause == RunCause.ANSWERS and run.state == RunState.FAILED
    return failed and run.error.startswith(f"{LEFT}|")
