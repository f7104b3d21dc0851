"""How the background work stands: queues, jobs by kind, the schedule, workers. Constant queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise

from cooperation.jobs.broker import queue_lengths
from cooperation.jobs.lateness import GRACE, is_late, is_unseen, next_time
from cooperation.jobs.models import QueueSeen, TaskRun, WorkerSeen
from cooperation.jobs.registry import KINDS, Counts, Kind
from cooperation.queues import LANES, LOOK_AROUND, queue_name


@dataclass(frozen=True)
class QueueLine:
    """One queue. `length` is None where the broker does not answer."""

    words: str | Promise
    name: str
    length: int | None
    seen: QueueSeen | None
    unseen: bool


@dataclass(frozen=True)
class KindLine:
    """One kind of job. `late`: the oldest waits for longer than it should."""

    kind: Kind
    counts: Counts
    late: bool

    @property
    def url(self) -> str:
        if not self.kind.url_name:
            return ""
        return reverse(self.kind.url_name) + (f"?{self.kind.query}" if self.kind.query else "")


@dataclass(frozen=True)
class ScheduleLine:
    """One entry of the schedule, how it last went, and whether it is late."""

    name: str
    run: TaskRun | None
    due_at: datetime | None
    late: bool

    @property
    def failing(self) -> bool:
        return bool(self.run and self.run.failures)

    @property
    def took(self) -> float:
        """Seconds of its last run."""
        return self.run.took_ms / 1000 if self.run else 0


class Background:
    """How everything stands at an instant. The broker is asked only for its lengths."""

    def __init__(self, at: datetime, *, words: Mapping[str, str | Promise] | None = None) -> None:
        self.at, self._words = at, words or {}
        self._queues_seen = {row.queue: row for row in QueueSeen.objects.all()}
        self._runs = {row.task: row for row in TaskRun.objects.all()}
        self.workers = list(WorkerSeen.objects.all())

    @cached_property
    def schedule(self) -> list[ScheduleLine]:
        """By name, what is late or fails first."""
        entries = settings.CELERY_BEAT_SCHEDULE.items()
        lines = [self._line(name, row) for name, row in entries if row["task"] != LOOK_AROUND]
        return sorted(lines, key=lambda line: (not (line.late or line.failing), line.name))

    def _line(self, name: str, entry: Mapping[str, Any]) -> ScheduleLine:
        run = self._runs.get(entry["task"])
        last = run.finished_at if run and run.finished_at else self.working_since
        due = next_time(entry, last) if last else None
        return ScheduleLine(name, run, due, is_late(entry, last, at=self.at))

    @property
    def working_since(self) -> datetime | None:
        """Since when some worker of those seen could have done what is scheduled."""
        return min((row.started_at for row in self.workers), default=None)

    @cached_property
    def lengths(self) -> Mapping[str, int] | None:
        """None where the broker does not answer."""
        return queue_lengths([queue_name(settings.CELERY_TASK_DEFAULT_QUEUE, lane) for lane in LANES])

    @cached_property
    def queues(self) -> list[QueueLine]:
        """In their order, the short sweeps first."""
        prefix = settings.CELERY_TASK_DEFAULT_QUEUE
        lengths = self.lengths or {}
        return [
            self._queue(lane, queue_name(prefix, lane), lengths.get(queue_name(prefix, lane)))
            for lane in LANES
        ]

    def _queue(self, lane: str, name: str, length: int | None) -> QueueLine:
        seen = self._queues_seen.get(name)
        unseen = is_unseen(lane, seen.seen_at if seen else None, at=self.at)
        return QueueLine(self._words.get(lane, ""), name, length, seen, unseen)

    @cached_property
    def kinds(self) -> list[KindLine]:
        """Every kind of job that an app registered, in that order."""
        return [self._kind(kind) for kind in KINDS.values()]

    def _kind(self, kind: Kind) -> KindLine:
        counts = kind.counts(self.at)
        patience = timedelta(minutes=kind.patience)
        return KindLine(kind, counts, bool(counts.oldest and counts.oldest + patience < self.at))

    @property
    def scheduler_seen_at(self) -> datetime | None:
        """When the newest of its tasks was done: what it sends while nobody works a queue is not seen."""
        return max((row.seen_at for row in self._queues_seen.values()), default=None)

    @property
    def scheduler_is_unseen(self) -> bool:
        seen = self.scheduler_seen_at
        return seen is None or seen + GRACE < self.at

    @property
    def troubles(self) -> int:
        """Queues that nobody works, and scheduled tasks that are late or fail: without asking the broker."""
        prefix = settings.CELERY_TASK_DEFAULT_QUEUE
        unseen = sum(self._queue(lane, queue_name(prefix, lane), None).unseen for lane in LANES)
        return unseen + sum(line.late or line.failing for line in self.schedule)
