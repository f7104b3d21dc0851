"""Extending the deadline of one application. A draft is found by its reference; nobody reads what it says."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from calls.access import NotAllowed, require_call_staff
from calls.admin.pages import person, staff_page, status_of
from calls.forms.extending import ExtensionForm, FindApplication
from calls.models import Application
from calls.operations.extending import extend
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.deadlines import word_instant

PAGE = "admin:calls_application_extend"


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """From a reference to its page. Only staff who set up calls may ask: a hit tells that a draft exists."""
    form = FindApplication(request.GET if "reference" in request.GET else None)
    try:
        require_call_staff(person(request))
    except NotAllowed as refusal:
        return _page(request, "find", {"form": None, "refusal": refusal}, status=403)
    if form.is_valid() and form.found is not None:
        return redirect(PAGE, form.found.pk)
    return _page(request, "find", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def extend_one(request: HttpRequest, pk: int) -> HttpResponse:
    """The new deadline of one application, with its reason."""
    at = database_now()
    try:
        require_call_staff(person(request))
    except NotAllowed as refusal:
        return _page(request, "find", {"form": None, "refusal": refusal}, status=403)
    application = _load(pk)
    form = ExtensionForm(request.POST or None, application=application, at=at)
    status, refused = (422 if request.method == "POST" else 200), None
    if request.method == "POST" and form.is_valid():
        try:
            _extend(request, application, form, at)
        except (NotPossible, NotAllowed) as error:
            status, refused = status_of(error), error
        else:
            return redirect(PAGE, pk)
    context = {
        "application": application,
        "form": form,
        "refusal": refused,
        "extensions": application.extensions.select_related("by"),
        "readable": Application.objects.for_staff(request.user).filter(pk=pk).exists(),
    }
    return _page(request, "extend", context, status=status)


def _extend(request: HttpRequest, application: Application, form: ExtensionForm, at: datetime) -> None:
    extension = extend(
        application=application,
        closes_to=form.cleaned_data["closes"],
        reason=form.cleaned_data["reason"],
        by=person(request),
        at=at,
    )
    until = word_instant(extension.closes_to, application.call.zone)
    sentence = _("%(reference)s can be submitted until %(until)s. The city is told.")
    messages.success(request, sentence % {"reference": application.reference, "until": until})


def _load(pk: int) -> Application:
    rows = Application.objects.select_related("call__programme", "lead__city").prefetch_related("call__texts")
    found = rows.defer("answers").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, name: str, context: dict[str, object], *, status: int) -> HttpResponse:
    titles = {
        "find": _("Extend one application’s deadline"),
        "extend": _("Extend this application’s deadline"),
    }
    context = {"title": titles[name], "staff_place": "applications", **context}
    return staff_page(request, f"admin/calls/application/{name}.html", context, status=status)
