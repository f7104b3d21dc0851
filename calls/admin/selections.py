"""The lists of one call: computed, read, compared, moved about, exported. None is ever changed."""

import io
import json
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from calls.access import NotAllowed, require, require_reader
from calls.admin.pages import Refusal, person, staff_page, status_of
from calls.admin.ranking import axis_of, load_call, table, word_hidden
from calls.admin.ranking import page as ranking_page
from calls.forms.selection import RunForm, WhatIfForm
from calls.models import SelectionRun
from calls.operations.selecting import run_selection, run_what_if
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.ranking_parts import line_after_last
from calls.queries.scores_hidden import hidden_from
from calls.queries.selection_input import CENTS, settings_of
from calls.queries.selection_state import why_outdated
from calls.queries.selection_wording import places_of, word_proof, word_run
from calls.queries.selections import (
    lines_of,
    names_of_quotas,
    seats_of_run,
)
from calls.selection.profile import SelectionInput
from calls.spreadsheets import write_xlsx
from partnerships.matching.document import from_json

PAGE = "admin:calls_call_selection"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_POST
def create(request: HttpRequest, pk: int) -> HttpResponse:
    """Select from the reviews as they are now."""
    call = load_call(request, pk)
    form = RunForm(request.POST, now=settings_of(call), currency=call.currency)
    if not form.is_valid():
        return ranking_page(request, call, form, status=422)
    try:
        run = run_selection(
            call=call,
            settings=form.settings,
            pins=form.cleaned_data["pins"],
            by=person(request),
            at=database_now(),
        )
    except (NotAllowed, NotPossible) as refusal:
        return ranking_page(request, call, form, refusal, status_of(refusal))
    messages.success(request, _("List %(number)d is computed and kept.") % {"number": run.number})
    return redirect(PAGE, pk, run.number)


@require_safe
def selection(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    run = load_run(request, pk, number)
    return _page(request, run, what_if_form(None, run))


@require_POST
def what_if(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The same frozen scores under other limits, as a list of its own."""
    run = load_run(request, pk, number)
    form = what_if_form(request.POST, run)
    if not form.is_valid():
        return _page(request, run, form, status=422)
    try:
        child = run_what_if(
            parent=run, settings=form.settings, quotas=form.quotas, by=person(request), at=database_now()
        )
    except (NotAllowed, NotPossible) as refusal:
        return _page(request, run, form, refusal, status_of(refusal))
    return redirect("admin:calls_call_selection_compare", pk, run.number, child.number)


@require_safe
def export(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The whole list as a workbook."""
    run = load_run(request, pk, number)
    try:
        require_reader(person(request))
        hidden = word_hidden(hidden_from(person(request), run.call))
        require(not hidden, hidden)
    except NotAllowed as refusal:
        return _page(request, run, None, refusal, 403)
    head = [_("Place"), _("Reference"), _("Applicant"), _("City"), _("Country"), _("Score")]
    head += [_("Reviewers’ scores"), _("Quota"), _("Outcome"), _("Note")]
    file = io.BytesIO()
    write_xlsx(file, head, [_cells(run)], cut="…")
    response = HttpResponse(file.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{run.call.slug}-list-{run.number}.xlsx"'
    return response


def _cells(run: SelectionRun) -> Iterable[list[Any]]:
    rows = run.result["rows"]
    for row, line in zip(rows, lines_of(run, rows), strict=True):
        lead: Any = line.application.lead
        score = float(line.score) if line.score else None
        sheets = " / ".join(f"{score:.1f}" for score in line.sheets)
        named = [row["application"], lead.name, lead.city.name if lead.city else "", str(lead.country.name)]
        yield [line.place, *named, score, sheets, row["quota"] or "", line.outcome, "; ".join(line.notes)]


def load_run(request: HttpRequest, pk: int, number: int) -> SelectionRun:
    """A list of a call that this person may see; otherwise 404."""
    call = load_call(request, pk)
    run = call.selection_runs.select_related("parent", "by").filter(number=number).first()
    if run is None:
        raise Http404
    run.call = call
    return run


def what_if_form(data: Any, run: SelectionRun) -> WhatIfForm:
    frozen = from_json(SelectionInput, run.input)
    return WhatIfForm(
        data,
        now=frozen.settings,
        quotas=frozen.quotas,
        names=names_of_quotas(run.call),
        currency=run.call.currency,
    )


def _page(
    request: HttpRequest,
    run: SelectionRun,
    form: WhatIfForm | None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    call, hidden = run.call, word_hidden(hidden_from(person(request), run.call))
    context: dict[str, Any] = {
        "call": call,
        "run": run,
        "title": _("List %(number)d: %(call)s") % {"number": run.number, "call": call.title},
        "staff_place": "calls",
        "hidden": hidden,
        "refusal": refusal,
        "form": form,
    }
    if not hidden:
        context |= _contents(request, run)
    return staff_page(request, "admin/calls/call/selection.html", context, status=status)


def _contents(request: HttpRequest, run: SelectionRun) -> dict[str, Any]:
    frozen, rows = json.loads(run.input), run.result["rows"]
    scores = (score / frozen["unit"] for one in frozen["candidates"] for score in one["sheets"])
    others = run.call.selection_runs.exclude(pk=run.pk).filter(Q(number__lt=run.number) | Q(parent=run))
    return {
        "sentence": word_run(frozen, run.result, names_of_quotas(run.call)),
        "proof": word_proof(run.result, frozen["unit"]),
        "seats": seats_of_run(run),
        "places": places_of(frozen),
        "axis": axis_of(scores),
        "settings": frozen["settings"],
        "amount": run.result["objective"]["amount"] / CENTS,
        "budget": None if frozen["settings"]["budget"] is None else frozen["settings"]["budget"] / CENTS,
        "pins": [pin for pin in frozen["pins"] if not pin["published"]],
        "not_ready": frozen["not_ready"],
        "others": list(others.order_by("-number").values_list("number", flat=True)[:5]),
        "outdated": why_outdated(run),
        "waiting": sum(row["outcome"] == "reserve" for row in rows),
        **table(request, rows, line_after_last(rows), lambda some: lines_of(run, some)),
    }
