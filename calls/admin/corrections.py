"""Asking a city for a correction: reasons that make the message, its preview, and taking it back."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from calls.access import NotAllowed, require_screener
from calls.admin.application_page import PAGE, fresh, load, page_of
from calls.admin.pages import Refusal, person, staff_page, status_of
from calls.forms.correction import CorrectionForm
from calls.forms.staff import StepForm
from calls.models import Application
from calls.operations.correcting_submissions import close_correction, request_correction, why_not_ask
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.correction_reasons import sentences
from calls.queries.deadlines import word_instant
from cooperation.web.languages import language_name


@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; "Preview" shows the message, "Send" asks the city."""
    at, application = database_now(), load(request, pk)
    try:
        require_screener(person(request))
    except NotAllowed as refusal:
        return _page(request, application, None, refusal=refusal)
    if request.method != "POST":
        why_not = why_not_ask(application, at)
        form = None if why_not else CorrectionForm(application=application, at=at)
        return _page(request, application, form, why_not=why_not)
    form = CorrectionForm(request.POST, application=application, at=at)
    if not form.is_valid() or "preview" in request.POST:
        return _page(request, application, form)
    return _ask(request, application, form, at)


def _ask(request: HttpRequest, application: Application, form: CorrectionForm, at: datetime) -> HttpResponse:
    data = form.cleaned_data
    try:
        row = request_correction(
            application=application,
            reasons=data["reasons"],
            note=data["note"],
            due_at=data["due"],
            version=data["version"],
            by=person(request),
            at=at,
        )
    except (NotPossible, NotAllowed) as refusal:
        now = load(request, application.pk)
        data = {**_lists(request), "version": now.version}
        again = CorrectionForm(data, application=now, at=at)
        return _page(request, now, again, refusal=refusal)
    until = word_instant(row.due_at, application.call.zone)
    sentence = _("Asked. %(lead)s is told, and can submit again until %(until)s.")
    messages.success(request, sentence % {"lead": application.lead, "until": until})
    return redirect(PAGE, application.pk)


def _lists(request: HttpRequest) -> dict[str, Any]:
    """What was typed, reasons as a list."""
    return {**request.POST.dict(), "reasons": request.POST.getlist("reasons")}


def _page(
    request: HttpRequest,
    application: Application,
    form: CorrectionForm | None,
    *,
    refusal: Refusal | None = None,
    why_not: str = "",
) -> HttpResponse:
    """The page; a preview where the form can be read, in the language the application is written in."""
    status = status_of(refusal) if refusal else 200
    if form is not None and form.is_bound and not form.is_valid():
        status = 422
    context = {
        "title": _("Ask for a correction"),
        "staff_place": "applications",
        "application": application,
        "form": form,
        "refusal": refusal,
        "why_not": why_not,
        "preview": form and form.is_bound and form.is_valid() and _preview(application, form.cleaned_data),
    }
    return staff_page(request, "admin/calls/application/correction.html", context, status=status)


def _preview(application: Application, data: dict[str, Any]) -> dict[str, Any]:
    language = application.language
    with override(language):
        said = sentences(data["reasons"])
    return {
        "language": language_name(language),
        "code": language,
        "sentences": said,
        "note": data["note"].strip(),
        "until": word_instant(data["due"], application.call.zone),
    }


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the request: settled, or taken back before it was answered."""
    application, form = load(request, pk), StepForm(request.POST)
    if not form.is_valid():
        return page_of(request, application, bound=form)
    version = form.cleaned_data["version"]
    try:
        close_correction(application=application, version=version, by=person(request), at=database_now())
    except (NotPossible, NotAllowed) as refusal:
        now = load(request, pk)
        return page_of(request, now, refusal=refusal, bound=fresh(form, now))
    messages.success(request, _("The request is closed."))
    return redirect(PAGE, pk)
