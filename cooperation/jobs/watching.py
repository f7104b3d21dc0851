"""That a queue is worked is put down by what came through it, not by what a worker claims."""

from datetime import datetime, timedelta

from cooperation.jobs.models import QueueSeen, WorkerSeen

FORGOTTEN_AFTER = timedelta(days=1)


def see_queue(*, queue: str, worker: str, at: datetime) -> None:
    """A task of the scheduler came through the queue; workers that are silent for a day are forgotten."""
    QueueSeen.objects.update_or_create(queue=queue[:100], defaults={"worker": worker[:200], "seen_at": at})
    WorkerSeen.objects.filter(seen_at__lt=at - FORGOTTEN_AFTER).delete()
