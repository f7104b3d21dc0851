"""Importing population figures: a file is read and shown, somebody confirms it, a worker writes it."""

import hashlib
from datetime import datetime

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cooperation.accounts.models import User
from cooperation.documents import Limits, Refused
from cooperation.documents.names import safe_name
from cooperation.documents.tables import Unreadable, read_table
from cooperation.jobs import claiming
from cooperation.jobs.models import UNFINISHED, JobState
from cooperation.web.file_words import word_refusal
from partnerships.access import require_verifier
from partnerships.models import PopulationImport
from partnerships.operations.reading_figures import read_figures
from partnerships.operations.refusals import NotPossible

MOST_LINES = 50_000
MOST_WAITING = 3  # imports of one person that are not done


def read_import(*, name: str, data: bytes, by: User, at: datetime) -> PopulationImport:
    """Read a file, and keep what it says to be looked at. Raises NotAllowed, NotPossible for no table."""
    require_verifier(by)
    read = read_figures(_rows(name, data), this_year=at.year)
    return PopulationImport.objects.create(
        by=by,
        name=_name_of(name, data),
        sha256=hashlib.sha256(data).hexdigest(),
        state=JobState.DRAFT,
        lines=read.lines,
        refused=read.refused,
        changed=read.changed,
        unchanged=read.unchanged,
        rows_total=len(read.lines),
        requested_at=at,
    )


def _name_of(name: str, data: bytes) -> str:
    return safe_name(name.removesuffix(".csv"), "xlsx" if data[:2] == b"PK" else "csv")


def _rows(name: str, data: bytes) -> list[tuple[int, list[str]]]:
    if not data:
        raise NotPossible(_("The file is empty. Choose one with a heading and at least one line."))
    if len(data) > settings.UPLOAD_MAX_BYTES:
        about = {"size": settings.UPLOAD_MAX_BYTES // 1024**2}
        raise NotPossible(_("The file has more than %(size)s MB. Split it.") % about)
    limits = Limits(bytes=settings.UPLOAD_MAX_BYTES)
    try:
        return read_table(data, name, most_rows=MOST_LINES + 1, limits=limits)
    except Refused as refusal:
        raise NotPossible(word_refusal(refusal)) from refusal
    except Unreadable as refusal:
        raise NotPossible(_word(refusal)) from refusal


def _word(refusal: Unreadable) -> str:
    if refusal.why == "encoding":
        return _("The file is not UTF-8. Save it as “CSV UTF-8” or as XLSX and try again.")
    if refusal.why == "table":
        return _("Line %(number)s cannot be read as a table.") % {"number": refusal.line}
    if refusal.why == "rows":
        return _("The file has more than %(count)s lines. Split it.") % {"count": f"{MOST_LINES:,}"}
    if refusal.why == "workbook":
        return _("The workbook is damaged. Save it again as XLSX, or as CSV.")
    return _("This is neither a CSV file nor an XLSX workbook. Save the table as one of them.")


@transaction.atomic
def confirm_import(*, found: PopulationImport, by: User, at: datetime) -> PopulationImport:
    """Have a worker write what was shown. Raises NotAllowed, NotPossible. Confirming twice does it once."""
    require_verifier(by)
    User.objects.select_for_update().get(pk=by.pk)
    current = PopulationImport.objects.select_for_update().get(pk=found.pk)
    if current.state != JobState.DRAFT:
        raise NotPossible(_("This file was confirmed already. See below how far it is."))
    if not current.lines:
        raise NotPossible(_("No line of this file can be written. Mend it and upload it again."))
    if PopulationImport.objects.filter(by=by, state__in=UNFINISHED).count() >= MOST_WAITING:
        raise NotPossible(_("Three of your imports are not done yet. Wait for one, or cancel it."))
    current.state, current.by, current.requested_at = JobState.WAITING, by, at
    current.changed = current.unchanged = 0
    current.save(update_fields=["state", "by", "requested_at", "changed", "unchanged"])
    transaction.on_commit(lambda: enqueue(current.pk), robust=True)
    return current


@transaction.atomic
def cancel_import(*, found: PopulationImport, by: User, at: datetime) -> None:
    """Stop an import; what was written stays. Raises NotAllowed, NotPossible for one that ended."""
    require_verifier(by)
    drafts = PopulationImport.objects.filter(pk=found.pk, state=JobState.DRAFT)
    if drafts.update(state=JobState.CANCELLED, finished_at=at):
        return
    if not claiming.cancel(PopulationImport.objects.all(), pk=found.pk, at=at):
        raise NotPossible(_("This import is not running any more."))


def enqueue(import_id: int) -> None:
    """Ask a worker; what the broker loses is announced again by `rescue_imports`."""
    # by name: the task stands above the operations
    current_app.send_task("partnerships.import_populations", kwargs={"import_id": import_id}, retry=False)
