"""Publishing a recommended run to its cities: a second person sets the day until which they answer."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from calls.access import NotAllowed
from calls.admin.pages import person
from calls.admin.pairing.common import board_url, load_finished, load_pairing, pairing_page
from calls.forms.pairing import PublishForm
from calls.models import Call
from calls.operations.proposing import publish_run
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.pairing_board import board_of
from calls.queries.pairing_directives import in_force
from calls.queries.pairing_settings import ANSWER_DAYS, SettingsUnreadableError, pairing_settings
from calls.queries.pairing_steps import why_not_publish


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What goes to the cities, and when they answer."""
    call = load_pairing(request, pk)
    opened = load_finished(call, number)
    run, at, posted = opened.run, database_now(), request.method == "POST"
    answer_by = at + timedelta(days=_days(call))
    form = PublishForm(request.POST if posted else None, call=call, answer_by=answer_by)
    refusal: NotPossible | NotAllowed | None = None
    if posted and form.is_valid():
        try:
            publish_run(run=run, answer_by=form.cleaned_data["answer_by"], by=person(request), at=at)
        except (NotPossible, NotAllowed) as error:
            refusal = error
        else:
            messages.success(request, _("Published. Every city sees its proposal and can answer."))
            return redirect(board_url(call, run))
    context: dict[str, Any] = {
        "title": _("Publish run %(number)s to the cities") % {"number": number},
        "form": form,
        "board": board_of(opened, in_force(call)),
        "why_not_publish": why_not_publish(person(request), run),
    }
    return pairing_page(
        request,
        call,
        "pairing_publish.html",
        context,
        run=run,
        refusal=refusal,
        status=422 if posted else 200,
    )


def _days(call: Call) -> int:
    """How long the call usually gives; what cannot be read is said where a run is asked for."""
    try:
        return pairing_settings(call).answer_days
    except SettingsUnreadableError:
        return ANSWER_DAYS
