"""A long job is claimed by one worker, watched, cancelled by whoever asked, taken up when a worker died."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import F, QuerySet

from cooperation.jobs.models import UNFINISHED, JobState, LongJob

ABANDONED_AFTER = timedelta(minutes=3)
"""A worker that wrote nothing for so long was killed, or hangs."""
LOST_AFTER = timedelta(seconds=30)
"""A job that waits for so long was lost by the broker: it is announced again."""
MOST_ATTEMPTS = 3
Job = TypeVar("Job", bound=LongJob)


class Stopped(Exception):
    """The job was cancelled, or given to another worker."""


def claim(jobs: QuerySet[Job], *, pk: int, at: datetime) -> Job | None:
    """Take a waiting job, from where the last worker left it; None when it does not wait any more."""
    claimed = jobs.filter(pk=pk, state=JobState.WAITING).update(
        state=JobState.RUNNING, started_at=at, seen_at=at, attempts=F("attempts") + 1
    )
    return jobs.get(pk=pk) if claimed else None


def ours(job: Job) -> QuerySet[Job]:
    """The job while this very worker has it."""
    rows: QuerySet[Job] = type(job)._default_manager.all()
    return rows.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)


def beat(job: Job, *, done: int, at: datetime) -> None:
    """Put down how far it is. Raises Stopped when it is not this worker's any more."""
    if not ours(job).update(rows_done=done, seen_at=at):
        raise Stopped


def fail(job: Job, *, error: str, at: datetime) -> bool:
    """End a job with its reason; always False, as what came of it."""
    ours(job).update(state=JobState.FAILED, error=error[:300], finished_at=at)
    return False


def cancel(jobs: QuerySet[Job], *, pk: int, at: datetime) -> bool:
    """Stop a job that is not done; False where it is. Its worker notices at the next chunk."""
    stopped = jobs.filter(pk=pk, state__in=UNFINISHED)
    return bool(stopped.update(state=JobState.CANCELLED, finished_at=at))


def waiting_again(jobs: QuerySet[Job], *, at: datetime) -> list[int]:
    """The jobs that no worker has though they should: those whose worker fell silent, those that were lost.

    One that stopped MOST_ATTEMPTS workers is failed, not tried again.
    """
    silent = jobs.filter(state=JobState.RUNNING, seen_at__lt=at - ABANDONED_AFTER)
    silent.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=JobState.FAILED, finished_at=at, error="Three workers stopped while writing."
    )
    silent.filter(attempts__lt=MOST_ATTEMPTS).update(state=JobState.WAITING)
    waiting = jobs.filter(state=JobState.WAITING, requested_at__lt=at - LOST_AFTER)
    return list(waiting.values_list("pk", flat=True))
