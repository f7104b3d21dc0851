"""What-ifs and comparisons: a child run under other settings, two runs side by side."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from calls.access import NotAllowed
from calls.admin.pages import person
from calls.admin.pairing.common import load_finished, load_pairing, load_run, pairing_page
from calls.forms.pairing_what_if import WhatIfForm
from calls.models import Call, PairingRun
from calls.models.pairing import UNFINISHED, RunCause, RunState
from calls.operations.pairing import ask_what_if
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.pairing_diff import compare
from calls.queries.pairing_failure import why_failed
from calls.queries.pairing_kept import input_of, profiles_in
from calls.queries.pairing_progress import progress_of
from calls.queries.pairing_runs import runs_of
from calls.queries.pairing_variation import variation, what_moves

PAGE = "admin:calls_call_pairing_compare"


@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The frozen input of a run under other settings, as a run of its own that nobody publishes."""
    call = load_pairing(request, pk)
    opened, posted = load_finished(call, number), request.method == "POST"
    form = WhatIfForm(request.POST if posted else None, frozen=opened.frozen)
    refusal: NotPossible | NotAllowed | None = None
    if posted and form.is_valid():
        if not form.changes:
            form.add_error(None, _("Change something first: this would be the same run."))
        else:
            try:
                child = ask_what_if(
                    run=opened.run, changes=form.changes, by=person(request), at=database_now()
                )
            except (NotPossible, NotAllowed) as error:
                refusal = error
            else:
                return redirect(compare_url(call, number, child.number))
    context = {"title": _("What if: run %(number)s") % {"number": number}, "form": form}
    return pairing_page(
        request,
        call,
        "pairing_what_if.html",
        context,
        run=opened.run,
        refusal=refusal,
        status=422 if posted else 200,
    )


def compare_url(call: Call, before: int, after: int) -> str:
    return f"{reverse(PAGE, args=[call.pk])}?before={before}&after={after}"


@require_safe
def compare_runs(request: HttpRequest, pk: int) -> HttpResponse:
    """All runs; of the two that are named, who moves, who loses a partner, who gains one."""
    call = load_pairing(request, pk)
    context: dict[str, Any] = {"title": _("Runs: %(call)s") % {"call": call.title}, "runs": runs_of(call)}
    context["finished"] = [row for row in context["runs"] if row.state == RunState.DONE]
    run = None
    if "before" in request.GET and "after" in request.GET:
        before, run = (load_run(call, request.GET[name]) for name in ("before", "after"))
        context |= _compared(call, before, run)
    page = pairing_page(request, call, "pairing_compare.html", context, run=run, place="compare")
    if "HX-Request" in request.headers and run and run.state not in UNFINISHED:
        page["HX-Refresh"] = "true"
    return page


def _compared(call: Call, before: PairingRun, after: PairingRun) -> dict[str, Any]:
    if before.state != RunState.DONE:
        raise Http404
    names = {"before": before.number, "after": after.number}
    context: dict[str, Any] = {
        "title": _("From run %(before)s to run %(after)s") % names,
        "before": before,
        "after": after,
        "what_if": after.cause == RunCause.WHAT_IF and after.parent_id == before.pk,
    }
    if context["what_if"]:
        frozen = input_of(before)
        cities = {key: row.name for key, row in profiles_in(frozen).items()}
        context["changes"] = variation(after, frozen.settings.weights, cities)
    if after.state in UNFINISHED:
        context["progress"] = progress_of(after)
    elif after.state == RunState.FAILED:
        context["why_failed"] = why_failed(after)
    elif after.state == RunState.DONE:
        context["diff"] = compare(before, after)
        context["moves"] = what_moves(context["diff"])
    return context
