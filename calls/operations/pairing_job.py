"""The work of a pairing run: claimed by one worker, solved, checked, kept; taken up when a worker died."""

import json
from datetime import datetime, timedelta

from django.db import OperationalError, transaction
from django.db.models import F

from calls.models import PairingRun, Proposal, ProposedCity
from calls.models.pairing import PairingSide, RunState
from calls.queries.clock import database_now
from partnerships.matching import engine
from partnerships.matching.document import from_json, to_json
from partnerships.matching.outcome import PairingResult
from partnerships.matching.profiles import PairingInput
from partnerships.matching.verification import verify

ABANDONED_AFTER = timedelta(minutes=3)
MOST_ATTEMPTS = 3


class NotProven(Exception):
    """The engine's result does not pass the independent check; nothing of it is kept."""


def execute_run(*, run_id: int, at: datetime) -> bool:
    """Claim, solve and check one waiting run; False when another worker has it or when it failed.

    A failed run says why. What keeps the database from answering is raised: `rescue_runs` takes the run up.
    The certificate is verified without the solver on every run: a result that is not proven is not kept.
    """
    claimed = PairingRun.objects.filter(pk=run_id, state=RunState.WAITING).update(
        state=RunState.RUNNING, started_at=at, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    run = PairingRun.objects.get(pk=run_id)
    try:
        return _keep(run, solve(from_json(PairingInput, run.input)))
    except OperationalError:
        raise
    except Exception as error:
        _finish(run, state=RunState.FAILED, error=f"{type(error).__name__}: {error}"[:300])
        return False


def solve(frozen: PairingInput) -> PairingResult:
    """The engine's result, verified. Raises NotProven naming the faults."""
    result = engine.run(frozen)
    if faults := verify(frozen, result):
        raise NotProven(", ".join(fault.code for fault in faults))
    return result


@transaction.atomic
def _keep(run: PairingRun, result: PairingResult) -> bool:
    held = PairingRun.objects.select_for_update().filter(
        pk=run.pk, state=RunState.RUNNING, attempts=run.attempts
    )
    if not held:
        return False  # the run was given to another worker in the meantime
    applications = {row.reference: row for row in run.call.applications.all()}
    proposals = Proposal.objects.bulk_create(
        Proposal(run=run, score=pair.score, explanation=_as_json(pair)) for pair in result.pairs
    )
    ProposedCity.objects.bulk_create(
        ProposedCity(proposal=proposal, application=applications[city], side=side, position=position)
        for proposal, pair in zip(proposals, result.pairs, strict=True)
        for position, (side, city) in enumerate(((PairingSide.HOME, pair.a), (PairingSide.ABROAD, pair.b)))
    )
    _finish(
        run, state=RunState.DONE, result=_as_json(result), engine_version=f"{result.engine}; {result.solver}"
    )
    return True


def _as_json(value: object) -> dict:
    return json.loads(to_json(value))


def _finish(run: PairingRun, **changes: object) -> None:
    still_ours = PairingRun.objects.filter(pk=run.pk, state=RunState.RUNNING, attempts=run.attempts)
    still_ours.update(finished_at=database_now(), **changes)


def rescue_runs(*, at: datetime) -> int:
    """Take up runs that no worker finished: waiting ones that the broker lost, running ones left alone.

    Returns how many were solved. A run that stopped MOST_ATTEMPTS workers is failed, not tried again.
    """
    old = at - ABANDONED_AFTER
    stuck = PairingRun.objects.filter(state=RunState.RUNNING, started_at__lt=old)
    stuck.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=RunState.FAILED, finished_at=at, error="Three workers stopped while solving."
    )
    PairingRun.objects.filter(state=RunState.RUNNING, started_at__lt=old).update(state=RunState.WAITING)
    waiting = PairingRun.objects.filter(state=RunState.WAITING, requested_at__lt=at - timedelta(seconds=30))
    return sum(execute_run(run_id=run_id, at=at) for run_id in waiting.values_list("pk", flat=True))
