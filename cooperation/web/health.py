"""Named health checks. An app above registers its own in AppConfig.ready, so that web imports nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django.core.cache import caches
from django.db import connection

from cooperation.web.steady_cache import SteadyCache


@dataclass(frozen=True)
class Health:
    """One check's answer: fine or not, and a figure or sentence for the operator."""

    fine: bool
    detail: str | int | float


CHECKS: dict[str, Callable[[], Health]] = {}


def register(name: str, check: Callable[[], Health]) -> None:
    """Add a check to /healthz under `name`."""
    CHECKS[name] = check


def database() -> Health:
    """The database answers a trivial query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Health(True, "answers")


def broker() -> Health:
    """The broker, which is the cache too, answers."""
    cast(SteadyCache, caches["default"]).ping()
    return Health(True, "answers")


def examine() -> dict[str, Health]:
    """Run every check; one that raises is reported by its exception's class, never its text.

    Without a database nobody else is asked but the broker: each would wait for the database again.
    """
    answers = {"database": _asked(database), "broker": _asked(broker)}
    for name, check in CHECKS.items():
        answers[name] = _asked(check) if answers["database"].fine else Health(False, "not asked")
    return answers


def _asked(check: Callable[[], Health]) -> Health:
    try:
        return check()
    except Exception as error:
        return Health(False, type(error).__name__)
