"""Having waiting files scanned, one after the other; a scanner that is away is asked later and later."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.documents.clamd import ScannerAway, finding
from cooperation.jobs.locks import only_one
from cooperation.jobs.registry import Counts, Kind, register_jobs
from cooperation.jobs.scanned import Scan, ScannedFile
from cooperation.web.clock import database_now
from cooperation.web.files import file_at

LONGEST_RUN = 20.0  # seconds before no further file is begun; one more takes at most as long
FAILED_SINCE = timedelta(days=7)
# What is done with a file in which something was found, in the transaction that says so.
Infected = Callable[[Any, datetime], None]
logger = structlog.get_logger("portal.scanning")


@dataclass(frozen=True)
class Source:
    """Files of one model that may have to be scanned, and whom to tell what was found."""

    rows: Callable[[], QuerySet[Any]]
    infected: Infected


SOURCES: dict[str, Source] = {}


def register_scanned(key: str, source: Source) -> None:
    """Add a model whose files are scanned; registering a key again replaces it."""
    SOURCES[key] = source


def scan_waiting(*, clock: Callable[[], datetime] = database_now) -> int:
    """Scan what waits and is due; return how many were. Two at once are harmless: the second does nothing.

    It ends at the first file that the scanner gave no answer to: a scanner that is away costs one attempt.
    """
    if not settings.VIRUS_SCANNER:
        return 0
    ends, scanned = time.monotonic() + LONGEST_RUN, 0
    with only_one("scanning") as mine:
        while mine and time.monotonic() < ends and (found := _next(clock())):
            source, row = found
            if not _scan(source, row, clock):
                break
            scanned += 1
    return scanned


def _next(at: datetime) -> tuple[Source, Any] | None:
    """The file that has waited longest, of the first source that has one."""
    for source in SOURCES.values():
        due = source.rows().filter(scan=Scan.WAITING, scan_after__lte=at)
        if row := due.order_by("scan_after", "pk").first():
            return source, row
    return None


def _scan(source: Source, row: ScannedFile, clock: Callable[[], datetime]) -> bool:
    path: str = row.path  # type: ignore[attr-defined]
    try:
        found = finding(settings.VIRUS_SCANNER, file_at(path).read_bytes())
    except (ScannerAway, OSError) as error:
        _put_off(row, error, clock())
        return False
    try:
        _put_down(source, row, found, clock())
    except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
        raise
    except Exception as error:  # what cannot be told of one file must not keep the others waiting
        _put_off(row, error, clock())
    return True


@transaction.atomic
def _put_down(source: Source, row: ScannedFile, found: str, at: datetime) -> None:
    still = type(row)._default_manager.filter(pk=row.pk, scan=Scan.WAITING)
    outcome = Scan.INFECTED if found else Scan.CLEAN
    new = still.update(scan=outcome, scanned_at=at, finding=found[:200], scan_error="")
    if new and found:
        row.refresh_from_db()
        source.infected(row, at)


def _put_off(row: ScannedFile, error: Exception, at: datetime) -> None:
    logger.warning("file not scanned", file=str(row.pk), error=type(error).__name__)
    words = f"{type(error).__name__}: {error}".replace("\x00", "")[:300]
    wait = min(timedelta(seconds=30) * 2 ** min(row.scan_attempts, 10), timedelta(hours=1))
    type(row)._default_manager.filter(pk=row.pk).update(
        scan_after=at + wait, scan_attempts=F("scan_attempts") + 1, scan_error=words
    )


def scan_counts(at: datetime) -> Counts:
    """How the scans of all files stand, for the page of background work; one query a model."""
    waiting, failed = Q(scan=Scan.WAITING), Q(scan=Scan.INFECTED, scanned_at__gt=at - FAILED_SINCE)
    rows = [
        source.rows()
        .filter(waiting | failed)
        .aggregate(
            waiting=Count("pk", filter=waiting),
            failed=Count("pk", filter=failed),
            oldest=Min("uploaded_at", filter=waiting),
        )
        for source in SOURCES.values()
    ]
    oldest = min((row["oldest"] for row in rows if row["oldest"]), default=None)
    return Counts(sum(row["waiting"] for row in rows), 0, sum(row["failed"] for row in rows), oldest)


def register() -> None:
    """Called once, when the applications are ready."""
    remedy = _("Infected files are closed to everybody. Each page says so; a clean file takes their place.")
    register_jobs("scans", Kind(_("Virus scans"), scan_counts, remedy=remedy))
