"""Publishing the results of a round: asked once more, with what goes out and to whom, then done at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from calls.access import NotAllowed
from calls.admin.decisions import PAGE, load, shared
from calls.admin.pages import Refusal, person, staff_page, status_of
from calls.forms.decisions import PublishForm
from calls.models import Application, Call, Decision
from calls.models.decision import Outcome
from calls.operations.decision_letters import addressed, waiting_decisions
from calls.operations.results import publish_results
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.decision_page import Round, round_of
from cooperation.accounts.models import User

TEMPLATE = "admin/calls/call/publish_results.html"


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more, naming how many letters go out and what waits; then publishes."""
    call, at = load(pk), database_now()
    if request.method != "POST":
        return _publish_page(request, call)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _publish_page(request, call, status=422)
    typed = form.cleaned_data
    try:
        published = publish_results(
            call=call,
            by=person(request),
            at=at,
            seen=typed["seen"],
            partly=typed["partly"],
        )
    except (NotPossible, NotAllowed) as refusal:
        return _publish_page(request, load(pk), refusal=refusal, status=status_of(refusal))
    messages.success(
        request,
        ngettext(
            "%(count)d outcome is published, and its letter is on its way.",
            "%(count)d outcomes are published, and their letters are on their way.",
            len(published),
        )
        % {"count": len(published)},
    )
    return redirect(PAGE, pk)


def _publish_page(
    request: HttpRequest, call: Call, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    at = database_now()
    found: Round = round_of(call, person(request), at)
    letters = addressed(waiting_decisions(call))
    context = {
        **shared(request, call),
        "round": found,
        "letters": len(letters),
        "languages": sorted({reader.language for _decision, reader in letters}),
        "without_reader": _without_reader(found, letters),
        "named": [
            row.decision.application.lead.name
            for row in found.approved
            if row.decision.outcome == Outcome.SELECTED
        ],
        "refusal": refusal,
        "unread": status == 422,
    }
    return staff_page(request, TEMPLATE, context, status=status)


def _without_reader(found: Round, letters: list[tuple[Decision, User]]) -> list[Application]:
    """Cities of whom nobody gets a letter: no officer, no approver, no team."""
    told = {decision.application_id for decision, _reader in letters}
    rows = [row.decision.application for row in found.approved]
    return [row for row in rows if row.pk not in told]
