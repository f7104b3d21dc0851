"""One clock decides: the database's."""

import socket
import struct
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.http import HttpRequest

# struct tcp_info of Linux: eight bytes, then words; this one is milliseconds since data came.
LAST_DATA_RECEIVED = 52
LONGEST_WAIT = 300.0


def database_now() -> datetime:
    """The instant on PostgreSQL's clock, with microseconds, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def following(at: datetime) -> Callable[[], datetime]:
    """A clock that goes on from an instant that was read a moment ago, by this machine's steady seconds."""
    read = time.monotonic()
    return lambda: at + timedelta(seconds=time.monotonic() - read)


def received_at(request: HttpRequest) -> datetime:
    """The instant on PostgreSQL's clock at which the last byte of the request came to this machine.

    The kernel knows how long ago that was, so that nobody is late because others were served first; whoever
    holds back a byte gains nothing. Never later than the truth, and earlier by the milliseconds that the
    database took to say what time it is. Where the kernel does not say, it is now. Call it when the request
    has been read, as a form is before its view begins.
    """
    with connection.cursor() as cursor:  # connected by now: that is no part of what is measured
        asked, waited = time.monotonic(), waited_in_line(request)
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now - timedelta(seconds=waited + time.monotonic() - asked)


def waited_in_line(request: HttpRequest) -> float:
    """Seconds since the last byte of the request arrived; 0 where nobody can tell."""
    try:
        told = request.META["gunicorn.socket"].getsockopt(
            socket.IPPROTO_TCP, socket.TCP_INFO, LAST_DATA_RECEIVED + 4
        )
        (milliseconds,) = struct.unpack_from("I", told, LAST_DATA_RECEIVED)
    except (AttributeError, KeyError, OSError, struct.error):
        return 0.0
    return min(milliseconds / 1000, LONGEST_WAIT)
