"""Assigning many at once: from a file, and automatically. Each shows first, and applies what it showed."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from calls.access import NotAllowed, require_assigner
from calls.admin.assigning import PAGE
from calls.admin.assigning_run import RUN
from calls.admin.assigning_ticks import word_made
from calls.admin.pages import person, staff_page, status_of
from calls.admin.ranking import load_call
from calls.models import Call
from calls.operations.assign_file import FilePreview, apply_file, decode, preview_file
from calls.operations.assigning import Moved
from calls.operations.assigning_job import is_large, request_assigning
from calls.operations.auto_assigning import Proposal, confirm_assignments, propose_assignments
from calls.operations.status import NotPossible
from calls.queries.assigning_input import loads_after, why_unfilled
from calls.queries.clock import database_now
from cooperation.jobs.models import UNFINISHED

FIRST_LINES = 300  # of a preview; the counts are of all
WORDS = {
    "new": "done",
    "there": "looked",
    "conflict": "declined",
    "full": "attention",
    "state": "closed",
    "person": "closed",
    "unknown": "unknown",
}


@require_http_methods(["GET", "HEAD", "POST"])
def from_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Paste or upload, read what each line does, confirm."""
    call = load_call(request, pk)
    if request.method != "POST":
        return _file_page(request, call, "")
    text = request.POST.get("text", "")
    try:
        require_assigner(person(request))
        if upload := request.FILES.get("file"):
            text = decode(upload.read())
        if "confirm" in request.POST:
            return _apply_file(request, call, text)
        preview = preview_file(call=call, text=text)
    except Moved as refusal:
        return _file_page(request, call, text, preview_file(call=call, text=text), refusal, 409)
    except NotAllowed as refusal:
        return _file_page(request, call, text, None, refusal, 403)
    except NotPossible as refusal:
        return _file_page(request, call, text, None, refusal, 409 if "confirm" in request.POST else 422)
    return _file_page(request, call, text, preview)


def _apply_file(request: HttpRequest, call: Call, text: str) -> HttpResponse:
    made = apply_file(
        call=call,
        text=text,
        stamp=request.POST.get("stamp", ""),
        by=person(request),
        at=database_now(),
    )
    messages.success(request, word_made(len(made)))
    return redirect(PAGE, call.pk)


def _file_page(
    request: HttpRequest,
    call: Call,
    text: str,
    preview: FilePreview | None = None,
    refusal: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    lines = preview.lines if preview else ()
    counts = Counter(str(line.outcome) for line in lines)
    context: dict[str, Any] = {
        "call": call,
        "title": _("Assign from a file: %(call)s") % {"call": call.title},
        "staff_place": "calls",
        "text": text,
        "preview": preview,
        "lines": [(line, WORDS[str(line.outcome)], _word(str(line.outcome))) for line in lines[:FIRST_LINES]],
        "hidden": max(0, len(lines) - FIRST_LINES),
        "counts": [(WORDS[key], _word(key), counts[key]) for key in WORDS if counts[key]],
        "refusal": refusal,
        "may_assign": request.user.has_perm("calls.assign_application"),
    }
    return staff_page(request, "admin/calls/call/assign_csv.html", context, status=status)


def _word(outcome: str) -> str:
    return {
        "new": _("New"),
        "there": _("There already"),
        "conflict": _("Conflict"),
        "full": _("Over the maximum"),
        "state": _("Not under review"),
        "person": _("Cannot review now"),
        "unknown": _("Unknown"),
    }[outcome]


@require_http_methods(["GET", "HEAD", "POST"])
def automatic(request: HttpRequest, pk: int) -> HttpResponse:
    """What the engine proposes for the call as it is now; confirming assigns exactly that."""
    call = load_call(request, pk)
    sent = request.POST if request.method == "POST" else request.GET
    anew = sent.get("mode") == "anew"
    if request.method != "POST":
        return _auto_page(request, call, anew)
    confirmed: dict[str, Any] = {
        "call": call,
        "anew": anew,
        "stamp": request.POST.get("stamp", ""),
        "by": person(request),
        "at": database_now(),
    }
    try:
        if "large" in request.POST:
            return redirect(RUN, pk, request_assigning(**confirmed).pk)
        made, gone = confirm_assignments(**confirmed)
    except (NotPossible, NotAllowed) as refusal:
        return _auto_page(request, call, anew, refusal, status_of(refusal))
    messages.success(request, word_made(made, gone))
    return redirect(PAGE, pk)


def _auto_page(
    request: HttpRequest, call: Call, anew: bool, refusal: Exception | None = None, status: int = 200
) -> HttpResponse:
    proposal = propose_assignments(call=call, anew=anew)
    context = {
        "call": call,
        "title": _("Assign automatically: %(call)s") % {"call": call.title},
        "staff_place": "calls",
        "anew": anew,
        "proposal": proposal,
        "large": is_large(proposal),
        "runs": call.assigning_runs.filter(state__in=UNFINISHED),
        "refusal": refusal,
        "may_assign": request.user.has_perm("calls.assign_application"),
        **_in_words(proposal),
    }
    return staff_page(request, "admin/calls/call/assign_auto.html", context, status=status)


def _in_words(proposal: Proposal) -> dict[str, Any]:
    situation, result = proposal.situation, proposal.result
    given: dict[str, list[tuple[str, float]]] = {}
    for row in result.assigned:
        given.setdefault(row.application, []).append(
            (str(situation.people[row.expert]), row.expertise / 1000)
        )
    rows = [(situation.applications[key], people) for key, people in sorted(given.items())]
    return {
        "rows": rows[:FIRST_LINES],
        "hidden": max(0, len(rows) - FIRST_LINES),
        "count": len(result.assigned),
        "applications": len(given),
        "floor": None if result.aims.floor is None else result.aims.floor / 1000,
        "worst": _worst(proposal),
        "loads": loads_after(situation, result),
        "unfilled": [
            (application, row.lacking, why_unfilled(row, application))
            for row in result.unfilled
            for application in [situation.applications[row.application]]
        ],
        "leaving": proposal.leaving,
        "waiting": [seat for seat in situation.seats.values() if seat.waits],
    }


def _worst(proposal: Proposal) -> tuple[str, str, int] | None:
    """The weakest pair: application, person, how many share that score."""
    weakest = [row for row in proposal.result.assigned if row.expertise == proposal.result.aims.floor]
    if not weakest:
        return None
    first = weakest[0]
    return first.application, str(proposal.situation.people[first.expert]), len(weakest)
