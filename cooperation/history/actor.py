"""Tells the database who acts, so that its triggers can write it down."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|MERGE|WITH)\b", re.IGNORECASE)
# A user, an anonymous one, or None for the portal itself.
Person = Any
Handler = Callable[[HttpRequest], HttpResponse]
_asks: ContextVar[Callable[[], Person] | None] = ContextVar("asks", default=None)


@contextmanager
def acting(person: Callable[[], Person] | Person) -> Iterator[None]:
    """What is written inside is written by this person; by the portal itself where it is None.

    The name travels in the same message as the statement that writes, and costs no round trip. It holds
    until the transaction ends.
    """
    token = _asks.set(person if callable(person) else lambda: person)
    with ExitStack() as stack:
        stack.callback(_asks.reset, token)
        if _tell not in connection.execute_wrappers:
            stack.enter_context(connection.execute_wrapper(_tell))
        yield


def _tell(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    asks = _asks.get()
    if asks and isinstance(sql, str) and WRITES.match(sql) and _takes_two(context["cursor"]):
        sql = f"SELECT set_config('portal.actor', '{_number(asks)}', true); {sql}"
    return execute(sql, params, many, context)


def _takes_two(cursor: Any) -> bool:
    """A named cursor of the server declares one statement and takes no second."""
    return getattr(cursor.cursor, "name", None) is None


def _number(asks: Callable[[], Person]) -> str:
    """The person's number. Finding out may itself write, as an expired session does: then nobody acts."""
    token = _asks.set(None)
    try:
        person = asks()
    finally:
        _asks.reset(token)
    return str(int(person.pk)) if person is not None and person.pk else ""


class ActorMiddleware:
    """Every request acts for whoever is logged in by the time it writes."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(lambda: request.user):
            return self.get_response(request)
