"""PDFs for the people of an application, and the empty form of a call for everybody."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views import View

from calls.models import Application, Call, Snapshot
from calls.operations.document_files import NotKept
from calls.operations.printing import empty_form, preview, printout_of
from calls.queries.documents import file_at
from calls.views.application_page import ApplicationPage

LONGEST_NUMBER = 5  # digits of a submission's number


class ApplicationPdf(ApplicationPage):
    """The newest submission, `?submission=1` an earlier one, `?preview` what is written now."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        if "preview" in request.GET:
            made = preview(self.application, at=self.at)
            return pdf_response(made, f"{reference}-draft-{self.application.version}.pdf")
        found = numbered(self.application, request.GET.get("submission"))
        if found is None:
            messages.info(request, _("There is no PDF yet: this application was not submitted."))
            return redirect(self.application)
        try:
            return submission_pdf(found, self.at)
        except NotKept as refusal:
            messages.error(request, str(refusal))
            return redirect("calls:receipt", reference)


class QuestionsPdf(View):
    """Every question of a call, with room to write, in the reader's language."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        calls = Call.objects.visible_to(request.user).select_related("programme")
        call = get_object_or_404(calls.prefetch_related("texts"), slug=slug)
        return pdf_response(empty_form(call), f"{call.slug}-questions.pdf")


def numbered(application: Application, number: str | None) -> Snapshot | None:
    """A submission by its number, the newest without one. 404 for a number that there is not."""
    rows = application.snapshots.select_related("application__call__programme", "submitted_by")
    rows = rows.select_related("application__lead__city")
    if number is None:
        return rows.order_by("-number").first()
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        raise Http404
    return get_object_or_404(rows, number=int(number))


def submission_pdf(snapshot: Snapshot, at: Any) -> HttpResponse:
    """The kept PDF of a submission. May raise NotKept."""
    printout = printout_of(snapshot, at=at)
    name = f"{snapshot.application.reference}-submission-{snapshot.number}.pdf"
    return pdf_response(file_at(printout.path).read_bytes(), name)


def pdf_response(made: bytes, name: str) -> HttpResponse:
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
