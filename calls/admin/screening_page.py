"""The screening step of an application's page, and on to the next one of the queue."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from calls.access import NotAllowed
from calls.admin.application_page import PAGE, fresh, load, page_of, queue_of
from calls.admin.pages import person
from calls.forms.staff import ScreeningForm
from calls.operations.screening import screen
from calls.operations.status import NotPossible
from calls.queries import staff
from calls.queries.clock import database_now

LIST = "admin:calls_application_changelist"


@require_POST
def screen_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Screen it; then the same page, or the next application of the queue where the reader asked for it."""
    application, form = load(request, pk), ScreeningForm(request.POST)
    if not form.is_valid():
        return page_of(request, application, bound=form)
    data, at = form.cleaned_data, database_now()
    after = queue_of(request, application)
    try:
        screen(
            application=application,
            eligible=data["eligible"] == "yes",
            note=data["note"],
            version=data["version"],
            by=person(request),
            at=at,
        )
    except (NotPossible, NotAllowed) as refusal:
        now = load(request, pk)
        return page_of(request, now, refusal=refusal, bound=fresh(form, now))
    done = _("%(reference)s is screened. The history says who and when.")
    messages.success(request, done % {"reference": application.reference})
    return _onwards(request, pk, data["todo"], after)


def _onwards(request: HttpRequest, pk: int, todo: str, after: staff.Place | None) -> HttpResponse:
    if todo not in staff.QUEUES:
        return redirect(PAGE, pk)
    query = f"?{urlencode({'todo': todo})}"
    if "next" not in request.POST or after is None:
        return redirect(reverse(PAGE, args=[pk]) + query)
    onwards = after.next or after.previous
    return redirect((reverse(PAGE, args=[onwards]) if onwards else reverse(LIST)) + query)
