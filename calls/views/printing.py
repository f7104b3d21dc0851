"""PDFs for the people of an application, and the empty form of a call for everybody."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views import View

from calls.exports import numbered, pdf_response, submission_pdf
from calls.models import Call
from calls.operations.printing import empty_form, preview
from calls.views.application_page import ApplicationPage
from cooperation.web.files import NotKept


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
