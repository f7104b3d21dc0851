"""What is late against its schedule. Pure: a schedule and instants in, an instant or an answer out."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from celery.schedules import crontab

from cooperation import queues

GRACE = timedelta(minutes=3)
"""How long after its time a task may end before it is called late: a worker may have been started anew."""
UNSEEN_FOR = {queues.JOBS: timedelta(minutes=15), queues.WEBHOOKS: timedelta(minutes=5)}
"""A worker that does nothing but long jobs takes no look around; a matching run ends within ten minutes."""


def next_time(entry: Mapping[str, Any], last: datetime) -> datetime:
    """When an entry of the schedule runs again after an instant."""
    schedule = entry["schedule"]
    if isinstance(schedule, crontab):
        start, wait, _now = schedule.remaining_delta(last)
        return start + wait
    return last + (schedule if isinstance(schedule, timedelta) else timedelta(seconds=schedule))


def is_late(entry: Mapping[str, Any], last: datetime | None, *, at: datetime) -> bool:
    """Whether it should have ended again by now; `last` is when it did, or since when somebody could."""
    return last is None or next_time(entry, last) + GRACE < at


def is_unseen(lane: str, seen_at: datetime | None, *, at: datetime) -> bool:
    """Whether nothing came through a queue for so long that nobody seems to work it."""
    return seen_at is None or seen_at + UNSEEN_FOR.get(lane, GRACE) < at
