"""Faults of what stands behind the portal: the database, the broker, the load on them. Each ends as a 503.

An outage is told from a fault of our own by the class of the error. Nothing here asks the database, the cache
or the session, any of which may be what is away.
"""

import traceback
from collections.abc import Iterator
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from cooperation.web.pages import unavailable

logger = structlog.get_logger("portal.outage")
AWAY = (OperationalError, InterfaceError, ConnectionError, TimeoutError, RedisError, BrokerError)
# PostgreSQL took over from another server and only reads as yet; ended a transaction that did nothing.
AWAY_STATES = {"25006", "25P03"}
FRAMES = 4


def is_outage(error: BaseException) -> bool:
    """Whether the error, or one during whose handling it was raised, says that a service is away."""
    return any(_says_away(one) for one in _chain(error))


def _says_away(error: BaseException) -> bool:
    if isinstance(error, AWAY):
        return True
    # what the driver says of a connection that broke in the middle of an answer has no class of its own
    broken = type(error) is DatabaseError and not sqlstate(error)
    return broken or (isinstance(error, InternalError) and sqlstate(error) in AWAY_STATES)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's five characters for an error, such as 40P01 for a deadlock; empty where it gave none."""
    for one in (error, error.__cause__):
        # psycopg 3 says sqlstate, psycopg 2 pgcode
        if found := getattr(one, "sqlstate", None) or getattr(one, "pgcode", None):
            return str(found)
    return ""


def answer(request: HttpRequest, error: BaseException) -> HttpResponse:
    """The 503 page, and a line in the log that names the kind of error and the place, never what was said."""
    away = next(one for one in _chain(error) if _says_away(one))
    logger.error("unavailable", error=type(away).__name__, sqlstate=sqlstate(away), where=_places(error))
    response = unavailable(request)
    # Django's own line names the address, and some addresses are secrets
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _places(error: BaseException) -> list[str]:
    """Our own functions that were under way, innermost last. The text of an error may quote a row."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(str(settings.BASE_DIR)) and "site-packages" not in frame.filename
    ]
    return [f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}" for frame in frames[-FRAMES:]]
