"""A Celery worker as a process of its own, on the real broker, with the test database."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection


def test_database_url() -> str:
    """The address of the TEST database: the server's own address with the test database's name."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


test_database_url.__test__ = False  # type: ignore[attr-defined]


@contextmanager
def running_worker(
    *, queues: str = "", pool: str = "solo", **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker on all of this test process's queues, or on some; it ends with the block."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "cooperation",
        "worker",
        f"--pool={pool}",
        "-l",
        "WARNING",
    ]
    command += ["--concurrency=1", f"--hostname=of-{queues.replace(',', '-') or 'all'}@%h"]
    command += [f"--queues={queues}"] if queues else []
    process = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DATABASE_URL": test_database_url(),
            "CELERY_QUEUE": settings.CELERY_TASK_DEFAULT_QUEUE,
            "SECRET_KEY": "only-for-this-test",
            "EMAIL_URL": "consolemail://",
        }
        | environment,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_until(condition: Callable[[], bool], seconds: float = 40) -> None:
    """Look ten times a second until it is so; fail after a while."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)
