"""The work of a pairing run: claimed by one worker, solved apart, kept; taken up again when a worker died.

`attempts` is the fence: a worker whose run was given to another one writes nothing any more.
"""

import time
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError
from django.db.models import F

from calls.models import PairingRun
from calls.models.pairing import RunState
from calls.operations.pairing import enqueue
from calls.operations.pairing_child import SolverStopped, solve_apart
from calls.operations.pairing_keeping import CitiesLeft, RunTaken, finish, keep, ours
from calls.queries.clock import database_now
from calls.queries.pairing_failure import failure

logger = structlog.get_logger("portal.pairing")

ABANDONED_AFTER = timedelta(seconds=30)
"""A worker says once a second that it is alive; after so long a silence its run is taken up."""
LOST_AFTER = timedelta(seconds=30)
"""A run still waiting after so long is announced to the workers again."""
BETWEEN_BEATS = 0.9  # seconds
MOST_ATTEMPTS = 3


class NotProven(Exception):
    """The engine's result does not pass the independent check; nothing of it is kept."""


def execute_run(*, run_id: int, at: datetime) -> bool:
    """Claim, solve and keep one waiting run; False when another worker has it, and when it came to nothing.

    A failed run says why. What keeps the database from answering is raised: `rescue_runs` takes the run up.
    The certificate is verified without the solver on every run: a result that is not proven is not kept.
    """
    claimed = PairingRun.objects.filter(pk=run_id, state=RunState.WAITING).update(
        state=RunState.RUNNING,
        started_at=at,
        heartbeat_at=at,
        stage="",
        done_per_mille=0,
        attempts=F("attempts") + 1,
    )
    if not claimed:
        return False
    run = PairingRun.objects.select_related("call").get(pk=run_id)
    try:
        _work(run)
    except RunTaken:
        return _cancel(run)
    except (InterfaceError, OperationalError):
        raise
    except Exception as error:
        return _fail(run, error)
    return True


def _work(run: PairingRun) -> None:
    answer = solve_apart(run.shape, run.input, beat=Pulse(run))
    if answer.faults:
        raise NotProven(", ".join(answer.faults))
    keep(run, answer.result)


class Pulse:
    """Writes a run's progress at most once a second; raises RunTaken when the run is not wanted any more."""

    def __init__(self, run: PairingRun) -> None:
        self.run, self.last = run, time.monotonic()

    def __call__(self, stage: str, per_mille: int) -> None:
        if time.monotonic() - self.last < BETWEEN_BEATS:
            return
        self.last = time.monotonic()
        wanted = ours(self.run).filter(cancel_asked_at__isnull=True)
        if not wanted.update(
            heartbeat_at=database_now(), stage=stage[:20], done_per_mille=max(0, min(per_mille, 1000))
        ):
            raise RunTaken


def _cancel(run: PairingRun) -> bool:
    """End a run that somebody cancelled; one that another worker has is left alone."""
    cancelled = ours(run).filter(cancel_asked_at__isnull=False)
    cancelled.update(state=RunState.CANCELLED, finished_at=database_now())
    return False


def _fail(run: PairingRun, error: Exception) -> bool:
    match error:
        case SolverStopped():
            cause = failure(error.code, error.detail)
        case NotProven():
            cause = failure("unproven", error)
        case CitiesLeft():
            cause = failure("left", error)
        case _:
            logger.exception("run_failed", run=run.pk)
            cause = failure("fault", f"{type(error).__name__}: {error}")
    finish(run, state=RunState.FAILED, error=cause)
    return False


def rescue_runs(*, at: datetime) -> int:
    """Give runs to the workers again: waiting ones that the broker lost, running ones whose worker is silent.

    Returns how many were announced. A run that stopped MOST_ATTEMPTS workers is failed, not tried again; one
    that was to be cancelled is cancelled.
    """
    silent = PairingRun.objects.filter(state=RunState.RUNNING, heartbeat_at__lt=at - ABANDONED_AFTER)
    silent.filter(cancel_asked_at__isnull=False).update(state=RunState.CANCELLED, finished_at=at)
    silent.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=RunState.FAILED, finished_at=at, error=failure("workers", MOST_ATTEMPTS)
    )
    silent.update(state=RunState.WAITING)
    waiting = PairingRun.objects.filter(state=RunState.WAITING, requested_at__lt=at - LOST_AFTER)
    keys = list(waiting.values_list("pk", flat=True))
    for key in keys:
        enqueue(key)
    return len(keys)
