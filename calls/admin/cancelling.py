"""Cancelling a published call: what happens, how many are told, and why, by one person or by two."""

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from calls.access import NotAllowed
from calls.admin.pages import person, staff_page, status_of
from calls.admin.ranking import load_call
from calls.admin.setup.common import SETUP, require_setting_up
from calls.forms.cancelling import CancellationForm
from calls.models import Call
from calls.operations.cancelling import ask_cancellation, asked_for, cancel_call, why_not_cancel
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.concerned import Part, concerned_by


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Where two persons cancel, the button says whether this one asks or carries out what was asked."""
    call = load_call(request, pk)
    mine = call.cancellation_asked_by_id == person(request).pk
    stands = call.cancellation_asked_for == asked_for(call, call.cancellation_reasons)
    second = (
        call.programme.two_person_publishing and bool(call.cancellation_asked_by_id) and stands and not mine
    )
    form = CancellationForm(request.POST or None, call=call, fixed=second)
    status, refusal = (422 if request.method == "POST" else 200), None
    if request.method == "POST" and form.is_valid():
        try:
            require_setting_up(request)
            _carry_out(request, call, form)
        except (NotPossible, NotAllowed) as error:
            status, refusal = status_of(error), error
        else:
            return redirect(SETUP, pk)
    context = {
        "call": call,
        "title": _("Cancel: %(call)s") % {"call": call.title},
        "staff_place": "calls",
        "form": form,
        "refusal": refusal,
        "why_not": why_not_cancel(call, database_now()),
        "people": _people(call),
        "two_persons": call.programme.two_person_publishing,
        "asked": call.cancellation_asked_by,
        "asked_by_me": mine,
        "stands": stands,
        "second": second,
    }
    return staff_page(request, "admin/calls/call/cancel.html", context, status=status)


def _carry_out(request: HttpRequest, call: Call, form: CancellationForm) -> None:
    by, at = person(request), database_now()
    if request.POST.get("step") == "ask":
        ask_cancellation(call=call, reasons=form.reasons, by=by, at=at)
        messages.success(request, _("Asked. Somebody else cancels the call, for exactly this reason."))
    else:
        cancel_call(call=call, reasons=form.reasons, by=by, at=at)
        messages.success(request, _("The call is cancelled. Everybody concerned is told."))


def _people(call: Call) -> list[str]:
    """Who is told, counted by what they have to do with the call."""
    count = Counter(one.part for one in concerned_by(call))
    words = {
        Part.APPLICANT: ngettext(
            "%(count)s person who writes or has submitted",
            "%(count)s people who write or have submitted",
            count[Part.APPLICANT],
        ),
        Part.REVIEWER: ngettext(
            "%(count)s reviewer with reviews left",
            "%(count)s reviewers with reviews left",
            count[Part.REVIEWER],
        ),
        Part.PARTNER: ngettext(
            "%(count)s address of a partner that was asked",
            "%(count)s addresses of partners that were asked",
            count[Part.PARTNER],
        ),
        Part.WATCHER: ngettext(
            "%(count)s address that waits for the opening",
            "%(count)s addresses that wait for the opening",
            count[Part.WATCHER],
        ),
    }
    return [words[part] % {"count": count[part]} for part in Part if count[part]]
