"""Workers put down what they did, by Celery's signals. Nothing here ever stops a task or a worker."""

import time
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

import structlog
from celery import signals
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import F

from cooperation.jobs.models import TaskRun, WorkerSeen
from cooperation.queues import LOOK_AROUND, queue_names
from cooperation.web.clock import database_now

AT_MOST_EVERY = 5.0  # seconds between two notes about the same task or worker, unless it failed
STARTED = datetime.now(UTC)
logger = structlog.get_logger("portal.jobs")
# Children of a worker inherit what it listens to; what each noted is its own.
_listens: list[str] = []
_noted: dict[str, float] = {}
_begun: dict[str, tuple[float, datetime]] = {}


def connect() -> None:
    """Called once, when the applications are ready."""
    signals.celeryd_after_setup.connect(remember_queues, weak=False)
    signals.task_prerun.connect(note_begin, weak=False)
    signals.task_postrun.connect(note_end, weak=False)


def remember_queues(instance: Any = None, **_rest: Any) -> None:
    """What this worker listens to; no database is asked here."""
    _listens[:] = sorted(instance.app.amqp.queues.consume_from) if instance else []


def note_begin(task: Any = None, task_id: str = "", **_rest: Any) -> None:
    """A scheduled task begins; one that a worker never ends is seen by its beginning."""
    if task is None or not _is_scheduled(task.name) or task.request.is_eager or not _is_time(task.name):
        return

    def write() -> None:
        at = database_now()
        _begun[task_id] = (time.monotonic(), at)
        TaskRun.objects.update_or_create(task=task.name, defaults={"begun_at": at})

    _softly(write)


def note_end(task: Any = None, task_id: str = "", retval: Any = None, state: str = "", **_rest: Any) -> None:
    """It ended, well or not; and its worker was seen."""
    if task is None or task.request.is_eager:
        return
    began, failed = _begun.pop(task_id, None), state == "FAILURE"
    if failed and _is_scheduled(task.name):
        _softly(lambda: _note_failure(task.name, retval))
    elif began:
        _softly(lambda: _note_success(task.name, began, retval))
    if _is_time("worker"):
        _softly(lambda: note_worker(str(task.request.hostname)))


def _note_success(name: str, began: tuple[float, datetime], retval: Any) -> None:
    count = retval if isinstance(retval, int) and not isinstance(retval, bool) else None
    took = round((time.monotonic() - began[0]) * 1000)
    row = TaskRun.objects.filter(task=name)
    row.update(finished_at=database_now(), took_ms=took, result=count, failures=0, last_error="")


def _note_failure(name: str, error: object) -> None:
    # the first line: below it PostgreSQL quotes rows, and all staff read this
    words = f"{type(error).__name__}: {error}".replace("\x00", "").partition("\n")[0][:300]
    row, _new = TaskRun.objects.get_or_create(task=name, defaults={"begun_at": database_now()})
    TaskRun.objects.filter(pk=row.pk).update(failures=F("failures") + 1, last_error=words)


def note_worker(name: str) -> None:
    """This worker is alive and takes from its queues."""
    seen = {
        "queues": _listens or queue_names(settings.CELERY_TASK_DEFAULT_QUEUE),
        "version": _version(),
        "started_at": STARTED,
        "seen_at": database_now(),
    }
    WorkerSeen.objects.update_or_create(name=name[:200], defaults=seen)


@cache
def _version() -> str:
    """Of the portal, as its pyproject.toml says."""
    try:
        project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
        return str(project["project"]["version"])[:40]
    except (OSError, ValueError, KeyError):
        return ""


def _is_scheduled(name: str) -> bool:
    return name != LOOK_AROUND and any(
        entry["task"] == name for entry in settings.CELERY_BEAT_SCHEDULE.values()
    )


def _is_time(about: str) -> bool:
    """Whether the last note about this is old enough."""
    now = time.monotonic()
    if now - _noted.get(about, -AT_MOST_EVERY) < AT_MOST_EVERY:
        return False
    _noted[about] = now
    return True


def _softly(write: Callable[[], object]) -> None:
    """A note that cannot be written is left out: the work matters more."""
    if connection.in_atomic_block:
        return
    try:
        write()
    except (DatabaseError, InterfaceError) as error:
        logger.warning("not noted", error=type(error).__name__)
        connection.close()
