"""What a test has the portal do, in a process of the portal: only calls of operations, and of programs."""

import os
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from cooperation.celery import app
from cooperation.notifications.delivery import deliver_due
from cooperation.notifications.operations import Letter, post_all
from cooperation.web.clock import database_now


def post(keys: list[str], kind: str = "receipt", expires_in: float | None = None) -> list[float]:
    """Post a message for each key, each in a transaction of its own; return the seconds each took."""
    took = []
    for key in keys:
        began = time.monotonic()
        with transaction.atomic():
            at = database_now()
            post_all([letter(key, kind, at + timedelta(seconds=expires_in) if expires_in else None)], at=at)
        took.append(time.monotonic() - began)
    return took


def letter(key: str, kind: str, expires_at: Any = None) -> Letter:
    """A letter whose recipient is made of its key."""
    return Letter(
        key=key,
        kind=kind,
        recipient=f"{key.replace(':', '-')}@example.org",
        language="en",
        template="fault.txt",
        context={"key": key},
        about={},
        expires_at=expires_at,
    )


def deliver(ahead: float = 0, seconds: float | None = None) -> int:
    """Deliver what is due, on the database's clock put ahead by so many seconds."""
    return deliver_due(clock=lambda: database_now() + timedelta(seconds=ahead), seconds=seconds)


def worker(concurrency: int = 2, log: str = os.devnull) -> None:
    """A Celery worker with a pool of processes; comes back when it is asked to end."""
    _log_to(log)
    words = ["worker", "--pool=prefork", f"--concurrency={concurrency}", "--loglevel=WARNING"]
    app.worker_main([*words, "--without-gossip", "--without-mingle", f"--hostname=faults-{os.getpid()}@%h"])


def beat(schedule: str, every: float | None = None, log: str = os.devnull) -> None:
    """A scheduler; with `every` it wakes the mail alone, every so many seconds."""
    _log_to(log)
    if every:
        entry = settings.CELERY_BEAT_SCHEDULE["deliver-mail"]
        app.conf.beat_schedule = {"deliver-mail": {**entry, "schedule": every}}
    app.Beat(schedule=schedule, loglevel="WARNING", quiet=True, max_interval=every).run()


def manage(*words: str) -> None:
    call_command(*words)


def _log_to(path: str) -> None:
    with open(path, "ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
