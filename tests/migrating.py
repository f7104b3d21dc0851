"""One migration for all processes of a run: the first leaves a copy, the others begin from it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

MIGRATED = "test_portal_migrated"


@contextmanager
def migrated_once(run: Path) -> Iterator[None]:
    """Inside, this process makes its test database; `run` is the folder that its processes have in common.

    Each process still asks Django to migrate, so that nothing can be missing; there is nothing left to do.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    done = run / "migrated"
    with (run / "migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists():
            connection.settings_dict["TEST"]["TEMPLATE"] = MIGRATED
            yield
        else:
            yield
            _leave_copy()
            done.touch()


def _leave_copy() -> None:
    """A database that nobody connects to, since PostgreSQL copies no other."""
    own = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{MIGRATED}"')
        cursor.execute(f'CREATE DATABASE "{MIGRATED}" TEMPLATE "{own}"')
