"""Who reviews one application, with the reasons; pins; conflicts put on record and lifted."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from calls.access import NotAllowed
from calls.admin.assigning_ticks import Ticks, reason_in, save_ticks, ticks_in, word_saved
from calls.admin.pages import person, staff_page, status_of
from calls.admin.ranking import load_call
from calls.models import Application, Assignment, Call
from calls.operations.assigning import pin, unassign
from calls.operations.conflicts import lift_conflict, record_conflict
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.matrix import lines_of, reviewable, stamp_of
from calls.queries.panels import Seat, panel_of
from cooperation.web.languages import language_name

ONE = "admin:calls_call_assign_one"


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int, application_pk: int) -> HttpResponse:
    """One application: everybody who could review it, with the reasons. Ticks are saved at once."""
    call = load_call(request, pk)
    application = _application(call, application_pk)
    seats = panel_of(call)
    if request.method != "POST":
        return _one_page(request, call, application, seats)
    ticked = ticks_in(request, {application.pk}, {seat.user.pk for seat in seats})
    try:
        made, gone = save_ticks(request, [application], seats, ticked)
    except (NotPossible, NotAllowed) as refusal:
        return _one_page(
            request, call, application, panel_of(call), ticked, refusal, status_of(refusal), form="ticks"
        )
    messages.success(request, word_saved(made, gone))
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
    *,
    form: str = "",
) -> HttpResponse:
    """`form` is which of the page's forms was refused: it keeps what was typed."""
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
        "form": form,
        "reason": request.POST.get("reason", ""),
        "chosen": request.POST.get("user", ""),
        "refusal": refusal,
        "may_assign": request.user.has_perm("calls.assign_application"),
    }
    return staff_page(request, "admin/calls/call/assign_one.html", context, status=status)


def _step(
    request: HttpRequest,
    call: Call,
    application: Application,
    act: Callable[[], object],
    done: str,
    *,
    form: str = "",
) -> HttpResponse:
    """One operation on one application, then its page again."""
    try:
        act()
    except (NotPossible, NotAllowed) as refusal:
        return _one_page(
            request, call, application, panel_of(call), None, refusal, status_of(refusal), form=form
        )
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
        lambda: unassign(assignment=row, reason=reason_in(request), by=person(request), at=database_now()),
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
        return _one_page(request, call, application, panel_of(call), None, refusal, 422, form="conflict")
    return _step(
        request,
        call,
        application,
        lambda: record_conflict(
            application=application,
            reviewer=user,
            reason=reason_in(request),
            by=person(request),
            at=database_now(),
        ),
        _("The conflict of %(person)s is on record.") % {"person": user},
        form="conflict",
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
        lambda: lift_conflict(conflict=row, reason=reason_in(request), by=person(request), at=database_now()),
        _("The conflict is lifted; the record stays."),
        form=f"lift-{row.pk}",
    )
