"""Who reviews what in a call: the matrix, a page at a time."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from calls.access import NotAllowed
from calls.admin.assigning_ticks import Ticks, save_ticks, ticks_in, word_saved
from calls.admin.pages import staff_page, status_of
from calls.admin.ranking import load_call
from calls.models import Application, Call
from calls.operations.status import NotPossible
from calls.queries.matrix import lines_of, reviewable, stamp_of
from calls.queries.panels import Seat, panel_of
from calls.workflow import UNDER_REVIEW

PAGE = "admin:calls_call_assignments"
A_PAGE = 60
CELLS = 1_200  # of the matrix on one page


@require_http_methods(["GET", "HEAD", "POST"])
def assignments(request: HttpRequest, pk: int) -> HttpResponse:
    """The matrix, a page at a time; `?reviewer=` shows one column with its reasons. One form, one save."""
    call = load_call(request, pk)
    seats = panel_of(call)
    rows = _shown(request, call)
    page = Paginator(rows, _at_once(request, seats)).get_page(request.GET.get("page", ""))
    applications = list(page.object_list)
    if request.method != "POST":
        return _matrix(request, call, seats, page, applications)
    listed = _listed(request, call, rows, page, applications)
    columns = [seat for seat in seats if str(seat.user.pk) == request.GET.get("reviewer")] or seats
    ticked = ticks_in(request, {row.pk for row in listed}, {seat.user.pk for seat in columns})
    try:
        made, gone = save_ticks(request, listed, columns, ticked)
    except (NotPossible, NotAllowed) as refusal:
        return _matrix(
            request, call, panel_of(call), page, listed, ticked, refusal, status=status_of(refusal)
        )
    messages.success(request, word_saved(made, gone))
    return redirect(f"{reverse(PAGE, args=[pk])}?{request.GET.urlencode()}")


def _shown(request: HttpRequest, call: Call) -> Any:
    return reviewable(
        call, lacking=request.GET.get("show") == "lacking", search=request.GET.get("q", "").strip()[:100]
    )


def _at_once(request: HttpRequest, seats: list[Seat]) -> int:
    """How many applications a page holds: fewer beside a large panel, unless one column is shown."""
    return A_PAGE if request.GET.get("reviewer") else max(10, min(A_PAGE, CELLS // max(1, len(seats))))


def _listed(
    request: HttpRequest, call: Call, rows: Any, page: Any, applications: list[Application]
) -> list[Application]:
    """The applications that the page showed when it was opened, which it names; else those it shows now."""
    named = [int(value) for value in request.POST.getlist("row") if value.isdecimal() and len(value) < 18]
    if not named:
        return applications
    return list(reviewable(call).filter(pk__in=named[:A_PAGE]))


def _matrix(
    request: HttpRequest,
    call: Call,
    seats: list[Seat],
    page: Any,
    applications: list[Application],
    typed: Ticks | None = None,
    refusal: Exception | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    chosen = next((seat for seat in seats if str(seat.user.pk) == request.GET.get("reviewer")), None)
    columns = [chosen] if chosen else seats
    lines = lines_of(call, applications, columns, typed=typed)
    under_review = Count("pk", filter=Q(status__in=UNDER_REVIEW))
    counts = reviewable(call).aggregate(all=Count("pk"), open=under_review)
    context = {
        "call": call,
        "title": _("Assignments: %(call)s") % {"call": call.title},
        "staff_place": "calls",
        "seats": columns,
        "everybody": seats,
        "chosen": chosen,
        "lines": lines,
        "page_obj": page,
        "stamp": stamp_of(applications),
        "total": counts["all"],
        "lacking": reviewable(call, lacking=True).count(),
        "closed": counts["all"] and not counts["open"],
        "writable": any(line.writable for line in lines),
        "show": request.GET.get("show", ""),
        "q": request.GET.get("q", ""),
        "reason": request.POST.get("reason", ""),
        "refusal": refusal,
        "may_assign": request.user.has_perm("calls.assign_application"),
        # the filters, for the form's own address: saving comes back to the same rows
        "kept_query": request.GET.urlencode(),
    }
    return staff_page(request, "admin/calls/call/assignments.html", context, status=status)
