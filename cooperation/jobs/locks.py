"""One process at a time for a sweep, across machines: two schedulers or a late task are then harmless."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError, connection


@contextmanager
def only_one(name: str) -> Iterator[bool]:
    """True for the one process that has the lock of this name, False at once for every other.

    PostgreSQL gives the lock back with the connection: a process that is killed holds none. It belongs to
    the session, so it holds across transactions; a pooler that shares sessions would break it.
    """
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            _give_back(key)


def _give_back(key: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
    except (DatabaseError, InterfaceError):
        connection.close()  # and with it goes the lock
