"""Exports of the list of applications: asked for, watched, fetched, cancelled. Each is its owner's alone."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from calls.access import NotAllowed
from calls.admin.application_bulk import rows_named
from calls.admin.pages import Refusal, person, staff_page, status_of
from calls.forms.application_list import ApplicationList
from calls.models import Call, Export
from calls.operations.exporting import (
    AT_ONCE,
    KEPT_FOR,
    Wanted,
    cancel_export,
    export_at_once,
    request_export,
)
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.kept_exports import why_withheld
from cooperation.jobs.models import JobState
from cooperation.web.admin_input import is_id
from cooperation.web.files import file_at

TEMPLATE = "admin/calls/application/export.html"
PAGE = "admin:calls_application_export_page"
MOST_NAMED = 200  # ticked rows that one page names
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """The list that the page showed, or chosen rows of it: a short one at once, a long one by a worker."""
    user, at, format = person(request), database_now(), request.POST.get("format", "")
    asked = ApplicationList.of_address(request.POST.get("query", ""), user)
    if format not in TYPES or not asked.is_valid():
        refusal = _("This list cannot be exported as it is. Go back to it and set the filters again.")
        return _refused(request, refusal, 422)
    ids = asked.ids()
    if "chosen" in request.POST:
        only = {int(pk) for pk in request.POST.getlist("chosen") if is_id(pk)}
        ids = [pk for pk in ids if pk in only]
    if not ids:
        return _refused(request, _("There is nothing to export in this list."), 422)
    columns = [] if request.POST.get("columns") == "all" else [column.key for column in asked.columns]
    wanted = Wanted(ids, columns, asked.filters.chosen_call, user, get_language() or "en")
    try:
        if len(ids) <= AT_ONCE:
            pieces = export_at_once(wanted=wanted, format=format, at=at)
            return _file(StreamingHttpResponse(pieces, content_type=TYPES[format]), wanted.call, format, at)
        export = request_export(wanted=wanted, format=format, query=asked.address(), at=at)
    except (NotAllowed, NotPossible) as refusal_:
        return _refused(request, str(refusal_), status_of(refusal_))
    return redirect(PAGE, export.pk)


@require_safe
def chosen(request: HttpRequest) -> HttpResponse:
    """Names the ticked rows, or all of the list, and asks which file; nothing is noted yet."""
    user = person(request)
    asked = ApplicationList(request.GET, user)
    back = asked.address(leaving_out=("action", "chosen", "scope"))
    everything = request.GET.get("scope") == "all"
    ids, refusal = [int(pk) for pk in request.GET.getlist("chosen") if is_id(pk)], ""
    if everything and not asked.is_valid():
        ids, refusal = [], _("This list cannot be understood. Go back to it and set the filters again.")
    elif everything:
        ids = asked.ids(MOST_NAMED + 1)
    rows = rows_named(user, ids[: MOST_NAMED + 1])
    if not rows and not refusal:
        refusal = _("Choose at least one application in the list.")
    elif len(rows) > MOST_NAMED:
        refusal = _("To export more than %(most)d, use “Export” above the list: it takes all of it.")
        refusal, rows = refusal % {"most": MOST_NAMED}, []
    context = {
        "title": _("Export these applications"),
        "staff_place": "applications",
        "rows": rows,
        "back": back,
        "refusal": refusal,
    }
    template = "admin/calls/application/export_chosen.html"
    return staff_page(request, template, context, status=422 if refusal else 200)


def _file(response: Any, call: Call | None, format: str, at: Any) -> Any:
    """Named after the call and the day."""
    name = slugify(call.slug if call else _("applications")) or "applications"
    response["Content-Disposition"] = f'attachment; filename="{name}-{at:%Y-%m-%d}.{format}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _own(request: HttpRequest, pk: int) -> Export:
    """Somebody's own export while they may read applications; otherwise the same 404 as for none."""
    user = person(request)
    found = Export.objects.filter(pk=pk, owner=user).select_related("call").defer("chosen").first()
    if found is None or not user.has_perm("calls.view_application"):
        raise Http404
    return found


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is. The bar asks again by itself; without scripts a link does."""
    return _page(request, _own(request, pk))


def _page(request: HttpRequest, export: Export, refusal: Refusal | None = None) -> HttpResponse:
    done = export.state == JobState.DONE
    context = {
        "title": _("Export of applications"),
        "staff_place": "applications",
        "export": export,
        "unfinished": export.is_unfinished,
        "done": done,
        "failed": export.state == JobState.FAILED,
        "withheld": why_withheld(export, person(request)) if done else "",
        "until": export.requested_at + KEPT_FOR,
        "refusal": refusal,
    }
    return staff_page(request, TEMPLATE, context, status=status_of(refusal) if refusal else 200)


@require_safe
def fetch(request: HttpRequest, pk: int) -> HttpResponse:
    export = _own(request, pk)
    if export.state != JobState.DONE or not file_at(export.path).is_file():
        raise Http404
    if why_not := why_withheld(export, person(request)):
        return _page(request, export, NotPossible(why_not))
    kept = file_at(export.path).open("rb")
    response = FileResponse(kept, content_type=TYPES[export.format])
    return _file(response, export.call, export.format, export.requested_at)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    export = _own(request, pk)
    try:
        cancel_export(export=export, by=person(request), at=database_now())
    except NotPossible as refusal:
        export.refresh_from_db(fields=["state"])
        return _page(request, export, refusal)
    return redirect(PAGE, pk)


def _refused(request: HttpRequest, refusal: str, status: int) -> HttpResponse:
    context = {"title": _("Export of applications"), "staff_place": "applications", "refusal": refusal}
    return staff_page(request, TEMPLATE, context, status=status)
