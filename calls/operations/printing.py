"""The PDF of a submission: pressed once, kept for good. Its own fingerprint proves a copy in any hands."""

import hashlib
from datetime import datetime
from time import monotonic

import structlog
from django.db import OperationalError, transaction
from django.utils.translation import override

from calls.models import Application, Call, Printout, Snapshot
from calls.printing import press
from calls.queries.empty_form import empty_sheet
from calls.queries.printout import preview_of, sheet_of
from calls.queries.readiness import readiness_of
from calls.queries.submission_content import said_by
from calls.queries.submitted import read, read_submission
from cooperation.web.files import NotKept, file_at, keep

LONGEST_RUN = 2.0  # seconds; a worker that is told to stop ends its task first
MOST = 2_000  # submissions in one run
logger = structlog.get_logger("portal.printing")


@transaction.atomic
def printout_of(snapshot: Snapshot, *, at: datetime) -> Printout:
    """The one PDF of a submission, in the application's language; made when it is first asked for.

    A file that its row names and that is lost is pressed anew. Raises NotKept when the disk is full.
    """
    locked = Snapshot.objects.select_for_update(of=("self",)).get(pk=snapshot.pk)
    found = Printout.objects.filter(snapshot=locked).first()
    if found is not None and file_at(found.path).is_file():
        return found
    made = _pressed(snapshot)
    if found is None:
        found = Printout(snapshot=snapshot, language=snapshot.application.language)
    found.path, found.sha256, found.made_at = keep(made), hashlib.sha256(made).hexdigest(), at
    found.save()
    return found


def press_missing(*, at: datetime, seconds: float = LONGEST_RUN) -> int:
    """Press what was submitted and nobody has asked for yet; return how many were made.

    So the PDF says what the portal said at the time, not what a label became before the first reader came.
    One that cannot be pressed is logged and holds up nobody else's. Ends after some seconds, to go on at
    the next run.
    """
    made, ends = 0, monotonic() + seconds
    rows = Snapshot.objects.filter(printout__isnull=True).order_by("pk")
    for snapshot in rows.select_related("application__call__programme", "application__lead__city")[:MOST]:
        if monotonic() > ends:
            break
        try:
            printout_of(snapshot, at=at)
        except (OperationalError, NotKept):
            raise
        except Exception:
            logger.exception("submission not printed", snapshot=snapshot.pk)
        else:
            made += 1
    return made


def _pressed(snapshot: Snapshot) -> bytes:
    with override(snapshot.application.language):
        said = read_submission(snapshot.application, snapshot)
        return press(sheet_of(snapshot.application, said, snapshot), made_at=snapshot.received_at)


def preview(application: Application, *, at: datetime) -> bytes:
    """The PDF of what is written now, marked as a draft. Nothing of it is kept."""
    with override(application.language):
        readiness = readiness_of(application, at)
        content = {
            **said_by(application, readiness),
            "form_version": application.form_version,
            "assessment": readiness.assessment.to_dict(),
        }
        return press(preview_of(application, read(application, content), at), made_at=at)


def empty_form(call: Call) -> bytes:
    """The PDF of a call's questions in the reader's language, with room to write by hand."""
    return press(empty_sheet(call), made_at=call.published_at or call.opens_at)
