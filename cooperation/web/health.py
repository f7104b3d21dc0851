"""Named health checks. An app above registers its own in AppConfig.ready, so that web imports nobody."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection


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
    cache.get("health")
    return Health(True, "answers")


def examine() -> dict[str, Health]:
    """Run every check; one that raises is reported by its exception's class, never its text."""
    answers = {}
    for name, check in {"database": database, "broker": broker, **CHECKS}.items():
        try:
            answers[name] = check()
        except Exception as error:
            answers[name] = Health(False, type(error).__name__)
    return answers
