"""Who reviews what in a call: the matrix, one application, one assignment."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from calls.access import NotAllowed
from calls.admin.pages import person, staff_page, status_of
from calls.admin.ranking import load_call
from calls.forms.staff import NoteField
from calls.models import Application, Assignment, Call
from calls.operations.assigning import change_assignments, pin, unassign
from calls.operations.conflicts import lift_conflict, record_conflict
from calls.operations.status import NotPossible
from calls.queries.assignments import standing_in
from calls.queries.clock import database_now
from calls.queries.matrix import lines_of, reviewable, stamp_of
from calls.queries.panels import Seat, panel_of
from cooperation.web.languages import language_name

PAGE = "admin:calls_call_assignments"
ONE = "admin:calls_call_assign_one"
A_PAGE = 60
CELLS = 1_200  # of the matrix on one page
Ticks = set[tuple[int, int]]


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
    ticked = _ticks(request, {row.pk for row in listed}, {seat.user.pk for seat in columns})
    try:
        made, gone = _save(request, listed, columns, ticked)
    except (NotPossible, NotAllowed) as refusal:
        return _matrix(
            request, call, panel_of(call), page, listed, ticked, refusal, status=status_of(refusal)
        )
    messages.success(request, _outcome(made, gone))
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


def _ticks(request: HttpRequest, applications: set[int], people: set[int]) -> Ticks:
    found = set()
    for value in request.POST.getlist("cell"):
        left, _dash, right = value.partition("-")
        if left.isdecimal() and right.isdecimal() and len(value) < 36:
            pair = int(left), int(right)
            if pair[0] in applications and pair[1] in people:
                found.add(pair)
    return found


def _save(
    request: HttpRequest, listed: list[Application], columns: list[Seat], ticked: Ticks
) -> tuple[int, int]:
    """Only boxes that can be ticked count: what is finished, or has a conflict, has none."""
    people = {seat.user.pk: seat.user for seat in columns}
    ids = {row.pk: row for row in listed}
    standing = Assignment.objects.standing().filter(application__in=ids, user__in=people)
    held = set(standing.values_list("application_id", "user_id"))
    fixed = {
        (row.application_id, row.user_id)
        for row in standing_in(listed[0].call_id if listed else 0).filter(application__in=ids)
        if row.finished  # type: ignore[attr-defined]
    }
    return change_assignments(
        applications=listed,
        add=[(ids[row], people[user]) for row, user in sorted(ticked - held)],
        take=held - ticked - fixed,
        reason=_reason(request),
        stamp=request.POST.get("stamp", ""),
        by=person(request),
        at=database_now(),
    )


def _reason(request: HttpRequest) -> str:
    """Why; the operation asks for it where it is needed. Raises NotPossible for what cannot be kept."""
    try:
        return NoteField(required=False).clean(request.POST.get("reason", ""))
    except ValidationError as error:
        raise NotPossible(" ".join(error.messages)) from error


def _outcome(made: int, gone: int) -> str:
    said = []
    if made or not gone:
        said.append(ngettext("%(count)s assigned.", "%(count)s assigned.", made) % {"count": made})
    if gone:
        said.append(ngettext("%(count)s taken back.", "%(count)s taken back.", gone) % {"count": gone})
    return " ".join(said)


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
    everything = reviewable(call)
    lacking = reviewable(call, lacking=True).count()
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
        "total": everything.count(),
        "lacking": lacking,
        "show": request.GET.get("show", ""),
        "q": request.GET.get("q", ""),
        "reason": request.POST.get("reason", ""),
        "refusal": refusal,
        "may_assign": request.user.has_perm("calls.assign_application"),
        "kept_query": _query(request),
    }
    return staff_page(request, "admin/calls/call/assignments.html", context, status=status)


def _query(request: HttpRequest) -> str:
    """The filters, for the form's own address: saving comes back to the same rows."""
    return request.GET.urlencode()


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int, application_pk: int) -> HttpResponse:
    """One application: everybody who could review it, with the reasons. Ticks are saved at once."""
    call = load_call(request, pk)
    application = _application(call, application_pk)
    seats = panel_of(call)
    if request.method != "POST":
        return _one_page(request, call, application, seats)
    ticked = _ticks(request, {application.pk}, {seat.user.pk for seat in seats})
    try:
        made, gone = _save(request, [application], seats, ticked)
    except (NotPossible, NotAllowed) as refusal:
        return _one_page(request, call, application, panel_of(call), ticked, refusal, status_of(refusal))
    messages.success(request, _outcome(made, gone))
    return redirect(ONE, pk, application_pk)


def _application(call: Call, pk: int) -> Application:
    found = reviewable(call).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _one_page(
    request: HttpRequest,
    call: Call,
    application: Application,
    seats: list[Seat],
    typed: Ticks | None = None,
    refusal: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    ended = application.assignments.filter(ended_at__isnull=False).select_related("user", "ended_by")
    context = {
        "call": call,
        "application": application,
        "language": language_name(application.language),
        "title": _("Reviewers of %(reference)s") % {"reference": application.reference},
        "staff_place": "calls",
        "line": lines_of(call, [application], seats, typed=typed)[0],
        "stamp": stamp_of([application]),
        "ended": ended,
        "conflicts": application.conflicts.select_related("user", "by", "lifted_by"),
        "people": [seat.user for seat in seats],
        "reason": request.POST.get("reason", ""),
        "refusal": refusal,
        "may_assign": request.user.has_perm("calls.assign_application"),
    }
    return staff_page(request, "admin/calls/call/assign_one.html", context, status=status)


def _step(
    request: HttpRequest, call: Call, application: Application, act: Callable[[], object], done: str
) -> HttpResponse:
    """One operation on one application, then its page again."""
    try:
        act()
    except (NotPossible, NotAllowed) as refusal:
        return _one_page(request, call, application, panel_of(call), None, refusal, status_of(refusal))
    messages.success(request, done)
    return redirect(ONE, call.pk, application.pk)


@require_POST
def keep(request: HttpRequest, pk: int, assignment_pk: int) -> HttpResponse:
    """Pin an assignment, or let it go."""
    call = load_call(request, pk)
    row = _assignment(call, assignment_pk)
    pinned = request.POST.get("pinned") == "yes"
    done = _("Pinned: kept when assignments are made anew.") if pinned else _("No longer pinned.")
    return _step(
        request,
        call,
        row.application,
        lambda: pin(assignment=row, pinned=pinned, by=person(request), at=database_now()),
        done,
    )


@require_POST
def take(request: HttpRequest, pk: int, assignment_pk: int) -> HttpResponse:
    """Take one assignment back."""
    call = load_call(request, pk)
    row = _assignment(call, assignment_pk)
    return _step(
        request,
        call,
        row.application,
        lambda: unassign(assignment=row, reason=_reason(request), by=person(request), at=database_now()),
        _("Taken back from %(person)s.") % {"person": row.user},
    )


def _assignment(call: Call, pk: int) -> Assignment:
    rows = Assignment.objects.filter(application__call=call).select_related("application__call", "user")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@require_POST
def conflict(request: HttpRequest, pk: int, application_pk: int) -> HttpResponse:
    """Put a conflict on record."""
    call = load_call(request, pk)
    application = _application(call, application_pk)
    number = request.POST.get("user", "")
    user = next((seat.user for seat in panel_of(call) if str(seat.user.pk) == number), None)
    if user is None:
        refusal = NotPossible(_("Choose whom the conflict concerns."))
        return _one_page(request, call, application, panel_of(call), None, refusal, 422)
    return _step(
        request,
        call,
        application,
        lambda: record_conflict(
            application=application,
            reviewer=user,
            reason=_reason(request),
            by=person(request),
            at=database_now(),
        ),
        _("The conflict of %(person)s is on record.") % {"person": user},
    )


@require_POST
def lift(request: HttpRequest, pk: int, application_pk: int, conflict_pk: int) -> HttpResponse:
    """A declared conflict stands no more."""
    call = load_call(request, pk)
    application = _application(call, application_pk)
    row = application.conflicts.filter(pk=conflict_pk).first()
    if row is None:
        raise Http404
    return _step(
        request,
        call,
        application,
        lambda: lift_conflict(conflict=row, reason=_reason(request), by=person(request), at=database_now()),
        _("The conflict is lifted; the record stays."),
    )
