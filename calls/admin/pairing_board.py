"""The pairing board of a call: start a run, read its result pair by pair, recommend and approve pairs."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from calls.access import NotAllowed
from calls.admin.pages import person, staff_page, status_of
from calls.admin.ranking import load_call
from calls.models import Call, PairingRun
from calls.models.call import CallKind
from calls.models.pairing import UNFINISHED, RunState
from calls.operations import pairing, proposing
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.pairing import pairable
from calls.queries.pairing_board import Board, board_of, pair_of, runs_of
from cooperation.accounts.models import User

TEMPLATE = "admin/calls/call/pairing.html"


@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest run, or the one that `?run=` names; `?pair=` chooses the pair on the left."""
    page = page_of(request, _load(request, pk), request.GET.get("run"), request.GET.get("pair"))
    if "HX-Request" in request.headers and not (page.context_data or {})["unfinished"]:
        page["HX-Refresh"] = "true"  # the run that the open page waits for has ended: read it anew
    return page


def _load(request: HttpRequest, pk: int) -> Call:
    call = load_call(request, pk)
    if call.kind != CallKind.PAIRING:
        raise Http404
    return call


def page_of(
    request: HttpRequest,
    call: Call,
    number: str | None = None,
    pair: str | None = None,
    refusal: Exception | None = None,
) -> TemplateResponse:
    runs = runs_of(call)
    chosen = _chosen(runs, number)
    context: dict[str, Any] = {
        "call": call,
        "title": _("Pairing board: %(call)s") % {"call": call.title},
        "staff_place": "runs",
        "runs": runs,
        "run": chosen,
        "unfinished": chosen is not None and chosen.state in UNFINISHED,
        "under_way": any(run.state in UNFINISHED for run in runs),
        "refusal": refusal,
    }
    if chosen is None:
        context["waiting"] = len(pairable(call))
    elif chosen.state == RunState.DONE:
        context |= _result(board_of(PairingRun.objects.get(pk=chosen.pk)), pair, request.user)
    return staff_page(request, TEMPLATE, context, status=status_of(refusal) if refusal else 200)


def _chosen(runs: list[PairingRun], number: str | None) -> PairingRun | None:
    if number is None:
        return runs[0] if runs else None
    found = next((run for run in runs if str(run.number) == number), None)
    if found is None:
        raise Http404
    return found


def _result(found: Board, pair: str | None, user: Any) -> dict[str, Any]:
    proposals = found.proposals
    chosen = next((row for row in proposals if str(row.pk) == pair), None)
    if pair is not None and chosen is None:
        raise Http404
    chosen = chosen or (proposals[0] if proposals else None)
    return {
        "board": found,
        "pair": chosen and pair_of(found, chosen),
        "why_not_publish": why_not_publish(user, found.run),
    }


def why_not_publish(user: User, run: PairingRun) -> str:
    """Why this person cannot publish a recommended run, as a sentence; empty when they can."""
    if run.recommended_by_id == user.pk:
        return _("You recommended this run. A second person publishes it.")
    if not user.has_perm("calls.decide_application"):
        return _("Only staff who approve decisions can do this.")
    return ""


@require_POST
def start_run(request: HttpRequest, pk: int) -> HttpResponse:
    at = database_now()
    call = _load(request, pk)
    try:
        pairing.request_run(call=call, by=person(request), at=at)
    except (NotPossible, NotAllowed) as refusal:
        return page_of(request, call, refusal=refusal)
    return redirect("admin:calls_call_pairing", pk)


def _decide(
    request: HttpRequest, pk: int, number: int, act: Callable[[PairingRun], Any], done: str
) -> HttpResponse:
    call = _load(request, pk)
    run = PairingRun.objects.filter(call=call, number=number).first()
    if run is None:
        raise Http404
    try:
        act(run)
    except (NotPossible, NotAllowed) as refusal:
        return page_of(request, call, str(number), refusal=refusal)
    messages.success(request, done)
    return redirect(f"{reverse('admin:calls_call_pairing', args=[pk])}?run={number}")


@require_POST
def recommend_run(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    at = database_now()

    def act(run: PairingRun) -> None:
        proposing.recommend_run(run=run, by=person(request), at=at)

    return _decide(request, pk, number, act, _("Recommended. A second person publishes the run."))
