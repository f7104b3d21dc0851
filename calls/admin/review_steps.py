"""What a reviewer does besides scoring: declare, stand aside, reopen, fetch a file."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from calls.access import NotAllowed
from calls.admin.pages import status_of
from calls.admin.review_desk import page_of
from calls.admin.reviewing_person import DESK, LIST, Place, assigned
from calls.exports import numbered, submission_pdf
from calls.forms.score_sheet import ReasonForm
from calls.models.reading import What
from calls.operations import declaring, reviewing
from calls.operations.reading import record_reading
from calls.operations.status import NotPossible
from calls.queries.sealed_documents import sealed_documents
from cooperation.jobs.scanned import OPEN
from cooperation.web.files import NotKept, file_at, sealed_file

Act = Callable[..., Any]


@require_POST
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    """No conflict of interest: the sheet opens."""
    place = assigned(request, pk)
    try:
        declaring.declare_no_conflict(application=place.application, by=place.user, at=place.at)
    except (NotPossible, NotAllowed) as refusal:
        return page_of(request, assigned(request, pk), status=status_of(refusal), refusal=refusal)
    return redirect(f"{reverse(DESK, args=[pk])}#your-sheet")


@require_POST
def declare_conflict(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, "conflict", declaring.declare_conflict, _aside(pk))


@require_POST
def abstain(request: HttpRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, "abstain", declaring.abstain, _aside(pk))


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    def done(request: HttpRequest, place: Place) -> HttpResponse:
        messages.success(request, _("Your review is open again."))
        return redirect(DESK, pk)

    return _with_reason(request, pk, "reopen", reviewing.reopen_review, done)


def _aside(pk: int) -> Callable[[HttpRequest, Place], HttpResponse]:
    def done(request: HttpRequest, place: Place) -> HttpResponse:
        about = {"reference": place.application.reference}
        done = _("You review %(reference)s no longer. Staff are told.") % about
        messages.success(request, done, extra_tags=place.kept)
        return redirect(LIST)

    return done


def _with_reason(
    request: HttpRequest, pk: int, step: str, act: Act, done: Callable[[HttpRequest, Place], HttpResponse]
) -> HttpResponse:
    """One operation with the reason that was typed; a refusal keeps it."""
    place, form = assigned(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return page_of(request, place, status=422, reasons=form, step=step)
    try:
        act(application=place.application, reason=form.cleaned_data["reason"], by=place.user, at=place.at)
    except (NotPossible, NotAllowed) as refusal:
        again = assigned(request, pk)
        return page_of(request, again, status=status_of(refusal), refusal=refusal, reasons=form, step=step)
    return done(request, place)


@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF of the newest submission, the bytes that the city has."""
    place = assigned(request, pk)
    snapshot = numbered(place.application, None)
    if snapshot is None:
        raise Http404
    record_reading(application=place.application, by=place.user, at=place.at, what=What.PDF)
    try:
        return submission_pdf(snapshot, place.at)
    except NotKept as refusal:
        messages.error(request, str(refusal))
        return redirect(DESK, pk)


@require_safe
def document(request: HttpRequest, pk: int, document: uuid.UUID) -> HttpResponseBase:
    """A document that the newest submission names; nothing that came later or was left out."""
    place = assigned(request, pk)
    found = sealed_documents(place.application).filter(OPEN, pk=document).first()
    if found is None:
        raise Http404
    try:
        file = file_at(found.path).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    record_reading(application=place.application, by=place.user, at=place.at, what=What.DOCUMENT)
    return sealed_file(file, found)
