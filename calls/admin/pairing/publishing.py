"""Publishing a recommended run to its cities: every letter is read first; a second person sets the day."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from calls.access import NotAllowed
from calls.admin.pages import person
from calls.admin.pairing.common import board_url, load_finished, load_pairing, pairing_page
from calls.forms.pairing import PublishForm
from calls.models import Call, PairingRun
from calls.operations.pairing_publication import Publication, previews, publication_of
from calls.operations.proposing import publish_run
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.pairing_settings import ANSWER_DAYS, SettingsUnreadableError, pairing_settings
from calls.queries.pairing_steps import why_not_publish

SHOWS = {"show", "page"}
CITIES_SHOWN = 20  # a page of letters; each is written in full


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What goes to the cities, and when they answer. `show` and `page` only show the letters."""
    call = load_pairing(request, pk)
    run = load_finished(call, number).run
    at, posted = database_now(), request.method == "POST"
    usual = _usual(call, at)
    form = PublishForm(request.POST if posted else None, call=call, answer_by=usual)
    read = posted and form.is_valid()
    refusal: NotPossible | NotAllowed | None = None
    if read and not SHOWS & request.POST.keys():
        try:
            publish_run(run=run, by=person(request), at=at, **_given(form))
        except (NotPossible, NotAllowed) as error:
            refusal = error
        else:
            messages.success(request, _("Published. Every city sees its proposal and can answer."))
            return redirect(board_url(call, run))
    context = {
        "title": _("Publish run %(number)s to the cities") % {"number": number},
        "form": form,
        "why_not_publish": why_not_publish(person(request), run),
        **_letters(request, run, form.cleaned_data["answer_by"] if read else usual),
    }
    return pairing_page(
        request,
        call,
        "pairing_publish.html",
        context,
        run=run,
        refusal=refusal,
        status=422 if posted and not read else 200,
    )


def _given(form: PublishForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("answer_by", "tell_others")}


def _letters(request: HttpRequest, run: PairingRun, answer_by: datetime) -> dict[str, Any]:
    """One page of the letters as they would be posted, and who gets none. A published run has none left."""
    if run.published_at:
        return {}
    coming = publication_of(run)
    page = _page(request, coming)
    return {
        "coming": coming,
        "page": page,
        "letters": list(previews(run, page.object_list, answer_by)),
    }


def _page(request: HttpRequest, coming: Publication) -> Page:
    addressees = coming.addressees("tell_others" in request.POST)
    return Paginator(addressees, CITIES_SHOWN).get_page(request.POST.get("page"))


def _usual(call: Call, at: datetime) -> datetime:
    """The last minute, on the call's clocks, of the day to which the call usually gives cities time."""
    day = (at + timedelta(days=_days(call))).astimezone(call.zone_info)
    return day.replace(hour=23, minute=59, second=0, microsecond=0)


def _days(call: Call) -> int:
    """How long the call usually gives; what cannot be read is said where a run is asked for."""
    try:
        return pairing_settings(call).answer_days
    except SettingsUnreadableError:
        return ANSWER_DAYS
