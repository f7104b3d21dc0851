"""The long jobs there are. Each app names its own in AppConfig.ready, so that jobs imports nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise


@dataclass(frozen=True)
class Counts:
    """How many wait, run, and failed and want somebody; when the oldest of those that wait began to."""

    waiting: int = 0
    running: int = 0
    failed: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of job: how it stands at an instant, where its list is, what to do about those that failed.

    `patience` is how many minutes the oldest may wait before it is called late.
    """

    label: str | Promise
    counts: Callable[[datetime], Counts]
    url_name: str = ""
    query: str = ""
    remedy: str | Promise = ""
    patience: int = 10


KINDS: dict[str, Kind] = {}


def register_jobs(key: str, kind: Kind) -> None:
    """Add a kind of job to the page of background work; registering a key again replaces it."""
    KINDS[key] = kind
