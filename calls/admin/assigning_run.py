"""Automatic assignment of a large round, watched while a worker carries it out."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from calls.access import NotAllowed
from calls.admin.assigning_ticks import word_made
from calls.admin.pages import Refusal, person, staff_page, status_of
from calls.admin.ranking import load_call
from calls.models import AssigningRun
from calls.operations.assigning_job import cancel_assigning
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from cooperation.jobs.models import JobState

RUN = "admin:calls_call_assigning_run"


@require_safe
def page(request: HttpRequest, pk: int, run_pk: int) -> HttpResponse:
    """How far it is. The bar asks again by itself; without scripts a link does."""
    return _page(request, _run(request, pk, run_pk))


@require_POST
def cancel(request: HttpRequest, pk: int, run_pk: int) -> HttpResponse:
    """Stop it before anything is assigned."""
    run = _run(request, pk, run_pk)
    try:
        cancel_assigning(run=run, by=person(request), at=database_now())
    except (NotPossible, NotAllowed) as refusal:
        return _page(request, _run(request, pk, run_pk), refusal)
    return redirect(RUN, pk, run_pk)


def _run(request: HttpRequest, pk: int, run_pk: int) -> AssigningRun:
    run = load_call(request, pk).assigning_runs.select_related("owner", "call").filter(pk=run_pk).first()
    if run is None:
        raise Http404
    return run


def _page(request: HttpRequest, run: AssigningRun, refusal: Refusal | None = None) -> HttpResponse:
    done = run.state == JobState.DONE
    context = {
        "call": run.call,
        "title": _("Automatic assignment: %(call)s") % {"call": run.call.title},
        "staff_place": "calls",
        "run": run,
        "unfinished": run.is_unfinished,
        "done": done,
        "outcome": word_made(run.made, run.gone) if done else "",
        "refusal": refusal,
        "may_assign": request.user.has_perm("calls.assign_application"),
    }
    status = status_of(refusal) if refusal else 200
    return staff_page(request, "admin/calls/call/assigning_run.html", context, status=status)
