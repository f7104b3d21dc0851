"""The pairing board of a call: a run proposal by proposal; runs asked for, cancelled, recommended."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from calls.access import NotAllowed
from calls.admin.pages import person
from calls.admin.pairing.chosen import chosen_context
from calls.admin.pairing.common import board_url, load_pairing, load_run, pairing_page
from calls.models import Call, PairingRun
from calls.models.pairing import UNFINISHED, RunState
from calls.operations import pairing, proposing
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.pairing import pairable
from calls.queries.pairing_board import board_of
from calls.queries.pairing_diff import compare
from calls.queries.pairing_directives import InForce, changed_since, in_force
from calls.queries.pairing_failure import why_failed
from calls.queries.pairing_map import small_map
from calls.queries.pairing_progress import progress_of
from calls.queries.pairing_runs import OpenRun, open_run, run_before, runs_of
from calls.queries.pairing_steps import why_not_publish, why_not_recommend
from calls.queries.pairing_variation import what_moves


@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest run, or the one that `?run=` names; `?pair=` chooses the proposal on the left."""
    page = page_of(request, load_pairing(request, pk), request.GET.get("run"), request.GET.get("pair"))
    if "HX-Request" in request.headers and not (page.context_data or {})["unfinished"]:
        page["HX-Refresh"] = "true"  # the run that the open page waits for has ended: read it anew
    return page


def page_of(
    request: HttpRequest,
    call: Call,
    number: str | None = None,
    proposal: str | None = None,
    *,
    refusal: Exception | None = None,
    status: int = 200,
    **more: Any,
) -> TemplateResponse:
    """The board; `more` are forms that were filled in and are shown again."""
    runs = runs_of(call)
    run = _chosen(call, runs, number)
    directives = in_force(call)
    context: dict[str, Any] = {
        "title": _("Pairing board: %(call)s") % {"call": call.title},
        "runs": runs,
        "under_way": any(row.state in UNFINISHED for row in runs),
        "stale": changed_since(call, run) if run else 0,
        "has_errors": status == 422,
    }
    if run is None:
        context["waiting"] = len(pairable(call))
    elif run.state in UNFINISHED:
        context["progress"] = progress_of(run)
    elif run.state == RunState.FAILED:
        context["why_failed"] = why_failed(run)
    elif run.state == RunState.DONE:
        context |= _result(request, open_run(run), directives, proposal, more)
    return pairing_page(
        request, call, "pairing.html", context, run=run, place="board", refusal=refusal, status=status
    )


def _chosen(call: Call, runs: list[PairingRun], number: str | None) -> PairingRun | None:
    if number is None:
        return load_run(call, runs[0].number) if runs else None
    return load_run(call, number)


def _result(
    request: HttpRequest, opened: OpenRun, directives: InForce, proposal: str | None, more: dict[str, Any]
) -> dict[str, Any]:
    found = board_of(opened, directives)
    lines = found.lines
    chosen = next((row for row in lines if str(row.proposal.pk) == proposal), None)
    if proposal is not None and chosen is None:
        raise Http404
    chosen = chosen or (lines[0] if lines else None)
    user = person(request)
    return {
        "board": found,
        "map": small_map([row.proposal for row in lines], chosen.proposal) if chosen else None,
        **(_against(opened.run) if opened.solved else {}),
        "why_not_recommend": why_not_recommend(user, opened.run),
        "why_not_publish": why_not_publish(user, opened.run),
        **chosen_context(request, opened, chosen, directives, more),
    }


def _against(run: PairingRun) -> dict[str, Any]:
    """What changed from the run before, or from the one that a what-if varies."""
    before = run_before(run)
    if before is None or before.state != RunState.DONE:
        return {}
    return {"before": before, "moves": what_moves(compare(before, run))}


@require_POST
def start_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the input as it is now and queue a run."""
    call = load_pairing(request, pk)
    try:
        run = pairing.request_run(call=call, by=person(request), at=database_now())
    except (NotPossible, NotAllowed) as refusal:
        return page_of(request, call, refusal=refusal)
    return redirect(board_url(call, run))


@require_POST
def cancel_run(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Stop a run that is waiting or running."""

    def act(run: PairingRun) -> None:
        pairing.cancel_run(run=run, by=person(request), at=database_now())

    return _decide(request, pk, number, act, _("The run is being stopped. Nothing of it is kept."))


@require_POST
def recommend_run(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Put a finished run forward; another person publishes it."""

    def act(run: PairingRun) -> None:
        proposing.recommend_run(run=run, by=person(request), at=database_now())

    return _decide(request, pk, number, act, _("Recommended. A second person publishes the run."))


def _decide(
    request: HttpRequest, pk: int, number: int, act: Callable[[PairingRun], Any], done: str
) -> HttpResponse:
    call = load_pairing(request, pk)
    run = load_run(call, number)
    try:
        act(run)
    except (NotPossible, NotAllowed) as refusal:
        return page_of(request, call, str(number), refusal=refusal)
    messages.success(request, done)
    return redirect(board_url(call, run))
