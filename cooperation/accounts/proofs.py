"""How a session was begun and when it last proved who sits there. Read from the session, no queries.

allauth keeps a record of each password, code by mail and second factor that a session gave.
"""

import time

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

SEEN = "staff_seen_at"
# How exact the last visit is kept, in seconds: a session is not written at each request.
SEEN_STEP = 60


def passed_factor(request: HttpRequest) -> bool:
    """Whether this session gave a second factor, whatever else it gave."""
    return any(record.get("method") == "mfa" for record in _records(request))


def proven_lately(request: HttpRequest, minutes: int) -> bool:
    """Whether the last proof, the log-in included, is at most so many minutes old; 0 minutes: always."""
    proven_at = max((record["at"] for record in _records(request)), default=0.0)
    return not minutes or time.time() - proven_at <= minutes * 60


def outlived(request: HttpRequest) -> bool:
    """Whether this session began more hours ago than a staff session lasts."""
    began_at = min((record["at"] for record in _records(request)), default=None)
    return began_at is not None and time.time() - began_at > settings.STAFF_SESSION_HOURS * 3600


def idle(request: HttpRequest) -> bool:
    """Whether nobody asked for anything for longer than staff may, since the last visit or proof."""
    minutes = settings.STAFF_IDLE_MINUTES
    seen_at = request.session.get(SEEN, 0.0)
    return bool(minutes) and time.time() - seen_at > minutes * 60 and not proven_lately(request, minutes)


def note_visit(request: HttpRequest) -> None:
    """Keep the time of this visit, to the minute."""
    if settings.STAFF_IDLE_MINUTES and time.time() - request.session.get(SEEN, 0.0) > SEEN_STEP:
        request.session[SEEN] = time.time()


def _records(request: HttpRequest) -> list[dict]:
    return get_authentication_records(request, request.user)
