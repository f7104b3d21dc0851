"""The next round from the last one: every date shown before anything is created."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from calls.access import NotAllowed
from calls.admin.pages import person, status_of
from calls.admin.ranking import load_call
from calls.admin.setup.common import SETUP, require_setting_up, setup_page
from calls.eligibility import KINDS
from calls.forms.cloning import CloneForm
from calls.models import Call
from calls.operations.cloning import clone_call
from calls.operations.shifting import moved_dates, shift_to
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.eligibility import rules_of
from calls.queries.eligibility_terms import Vocabulary
from calls.queries.eligibility_wording import word_rule
from calls.queries.preflight.rules import days_named


@require_http_methods(["GET", "HEAD", "POST"])
def clone(request: HttpRequest, pk: int) -> HttpResponse:
    """GET previews the dates for the day asked for; POST creates the draft."""
    call, at = load_call(request, pk), database_now()
    posted = request.method == "POST"
    asked = request.POST if posted else request.GET if "opens_on" in request.GET else None
    form = CloneForm(asked, call=call, at=at)
    refusal: Exception | None = None
    if posted and form.is_valid():
        try:
            require_setting_up(request)
            new = clone_call(call=call, **form.cleaned_data, by=person(request), at=at)
        except (NotPossible, NotAllowed) as error:
            refusal = error
        else:
            sentence = _("The draft is there, with everything of the last round. Nobody else sees it yet.")
            messages.success(request, sentence)
            return redirect(SETUP, new.pk)
    context = {
        "title": _("Next round: %(call)s") % {"call": call.title},
        "form": form,
        "refusal": refusal,
        "stays": _stays(call),
    }
    if form.day:
        try:
            shift = shift_to(call, form.day)
            context |= {"shift": shift, "moved": moved_dates(call, shift)}
        except NotPossible as error:
            context["refusal"] = refusal = refusal or error
    status = status_of(refusal) if refusal else 422 if form.is_bound and form.errors else 200
    return setup_page(request, call, "admin/calls/call/clone.html", context, status=status)


def _stays(call: Call) -> list[str]:
    """Rules that name a day of the last round: they are copied word for word."""
    rows = [row for row in call.rules.all() if row.kind in KINDS and days_named(row)]
    names = Vocabulary.current()
    return [word_rule(rule, names) for rule in rules_of(call, rows)]
