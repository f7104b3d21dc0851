"""Files that people download: the PDF of a submission."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from calls.models import Application, Snapshot
from calls.operations.printing import printout_of
from cooperation.web.files import file_at

LONGEST_NUMBER = 5  # digits of a submission's number


def numbered(application: Application, number: str | None) -> Snapshot | None:
    """A submission by its number, the newest without one. 404 for a number that there is not."""
    rows = application.snapshots.select_related("application__call__programme", "submitted_by")
    rows = rows.select_related("application__lead__city")
    if number is None:
        return rows.order_by("-number").first()
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        raise Http404
    return get_object_or_404(rows, number=int(number))


def submission_pdf(snapshot: Snapshot, at: datetime) -> HttpResponse:
    """The kept PDF of a submission. May raise NotKept."""
    printout = printout_of(snapshot, at=at)
    name = f"{snapshot.application.reference}-submission-{snapshot.number}.pdf"
    return pdf_response(file_at(printout.path).read_bytes(), name)


def pdf_response(made: bytes, name: str) -> HttpResponse:
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
