"""Amending a published call: a numbered, dated correction, or a deadline moved for everybody."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from calls.access import NotAllowed, require
from calls.admin.pages import person, sets_up_calls, staff_page, status_of
from calls.admin.ranking import load_call
from calls.forms.amending import AmendmentForm
from calls.operations.amending import amend_call
from calls.operations.status import NotPossible
from calls.queries.clock import database_now


@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    at = database_now()
    call = load_call(request, pk)
    form = AmendmentForm(request.POST or None, call=call, at=at)
    status, refusal = (422 if request.method == "POST" else 200), None
    if request.method == "POST" and form.is_valid():
        try:
            require(sets_up_calls(request), _("Only staff who set up calls can amend them."))
            amendment = amend_call(
                call=call,
                reasons=form.reasons,
                closes_to=form.cleaned_data["closes"],
                questions_to=form.cleaned_data["questions"],
                seen=form.cleaned_data["seen"],
                by=person(request),
                at=at,
            )
        except (NotPossible, NotAllowed) as error:
            status, refusal = status_of(error), error
        else:
            sentence = _("Amendment %(number)s is published. Everybody who is writing is told.")
            messages.success(request, sentence % {"number": amendment.number})
            return redirect("admin:calls_call_change", pk)
    context = {
        "call": call,
        "title": _("Amend: %(call)s") % {"call": call.title},
        "staff_place": "calls",
        "form": form,
        "refusal": refusal,
        "amendments": call.amendments.all(),
    }
    return staff_page(request, "admin/calls/call/amend.html", context, status=status)
