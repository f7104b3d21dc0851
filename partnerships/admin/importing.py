"""Staff bring in population figures from a file: uploaded, looked at, confirmed, watched."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation.accounts.access import NotAllowed
from cooperation.documents.cells import csv_file
from cooperation.jobs.models import JobState
from cooperation.web.clock import database_now
from partnerships.access import require_verifier
from partnerships.admin.pages import person, staff_page
from partnerships.models import PopulationImport
from partnerships.operations.importing_figures import (
    MOST_LINES,
    cancel_import,
    confirm_import,
    read_import,
)
from partnerships.operations.reading_figures import HEADINGS
from partnerships.operations.refusals import NotPossible
from partnerships.queries.importing import FIRST, first_changes, recent_imports, refused_lines

PAGE = "admin:partnerships_city_import_page"


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """The form, and the newest imports. What is uploaded is read and shown; nothing is written yet."""
    try:
        require_verifier(person(request))
        if request.method != "POST":
            return _form(request)
        file = request.FILES.get("file")
        if file is None:
            return _form(request, _("Choose a file."), 422)
        found = read_import(name=file.name or "", data=file.read(), by=person(request), at=database_now())
    except NotAllowed as refusal:
        return _form(request, str(refusal), 403)
    except NotPossible as refusal:
        return _form(request, str(refusal), 422)
    return redirect(PAGE, found.pk)


def _form(request: HttpRequest, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {
        "title": _("Import population figures"),
        "staff_place": "cities",
        "refusal": refusal,
        "open": status != 403,
        "rows": [] if status == 403 else list(recent_imports()),
        "most_lines": MOST_LINES,
        "most_megabytes": settings.UPLOAD_MAX_BYTES // 1024**2,
        "columns": list(HEADINGS),
    }
    return staff_page(request, "admin/partnerships/import.html", context, status=status)


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would change, then how far it is, then what came of it."""
    return _page(request, _load(request, pk))


def _page(
    request: HttpRequest, found: PopulationImport, refusal: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": found.name,
        "staff_place": "cities",
        "found": found,
        "draft": found.state == JobState.DRAFT,
        "done": found.state == JobState.DONE,
        "changes": first_changes(found) if found.state == JobState.DRAFT else [],
        "refused": refused_lines(found, FIRST),
        "refused_count": len(found.refused),
        "more_refused": max(len(found.refused) - FIRST, 0),
        "more_lines": max(found.rows_total - FIRST, 0),
        "refusal": refusal,
    }
    return staff_page(request, "admin/partnerships/import_page.html", context, status=status)


def _load(request: HttpRequest, pk: int) -> PopulationImport:
    """An import, for those who keep the register; the same 404 for all others as for none."""
    try:
        require_verifier(person(request))
    except NotAllowed as refusal:
        raise Http404 from refusal
    found = PopulationImport.objects.select_related("by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, confirm_import)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, cancel_import)


def _step(request: HttpRequest, pk: int, step: Callable[..., object]) -> HttpResponse:
    try:
        step(found=_load(request, pk), by=person(request), at=database_now())
    except NotPossible as refusal:
        return _page(request, _load(request, pk), str(refusal), 409)
    return redirect(PAGE, pk)


@require_safe
def refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines that were not written, as they stood in the file, each with its reason: to be mended."""
    found = _load(request, pk)
    rows = [[str(row.line), *row.written, row.why] for row in refused_lines(found)]
    file = csv_file([["line", *HEADINGS, "reason"], *rows])
    name = f'attachment; filename="not-written-{found.pk}.csv"'
    headers = {"Content-Disposition": name, "Cache-Control": "private, no-store"}
    return HttpResponse(file, content_type="text/csv; charset=utf-8", headers=headers)
