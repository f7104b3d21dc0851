"""The page where the people of two sides vote, each side without the other's vote; what both say goes on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from calls.access import NotAllowed
from calls.admin.decisions import load, shared
from calls.admin.pages import person, staff_page, status_of
from calls.forms.decisions import SeenForm, VoteForm
from calls.models import Application, Call
from calls.models.call import Process
from calls.models.decision import Outcome
from calls.operations.deciding_sides import recommend_votes
from calls.operations.joint_selection import vote_for_side
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.joint_words import sentence_of_votes, word_places
from calls.queries.ranking import Ranked, rank, ranked_applications
from calls.queries.scores import sheets_of
from calls.queries.scores_hidden import Hidden, hidden_from
from calls.queries.sides import (
    agreed,
    fingerprint_of_votes,
    joint_rows,
    side_of,
    sides_of,
    tally_of,
    votes_of,
)

PAGE = "admin:calls_call_sides"
DECISIONS = "admin:calls_call_decisions"


@require_safe
def sides(request: HttpRequest, pk: int) -> HttpResponse:
    """404 for a call that no two sides decide."""
    return _page(request, _load(pk))


@require_POST
def vote(request: HttpRequest, pk: int, application_pk: int) -> HttpResponse:
    call = _load(pk)
    application = Application.objects.received().filter(call=call, pk=application_pk).first()
    if application is None:
        raise Http404
    side, form = side_of(person(request), sides_of(call)), VoteForm(request.POST)
    if side is None:
        return _page(request, call, refusal=NotAllowed(_("You are on neither side of this call.")))
    if not form.is_valid():
        return _page(request, call, bound=form, about=application.pk)
    try:
        vote_for_side(
            side=side,
            application=application,
            outcome=Outcome(form.cleaned_data["outcome"]),
            reason=form.cleaned_data["reason"],
            by=person(request),
            at=database_now(),
            seen=form.cleaned_data["seen"],
        )
    except (NotPossible, NotAllowed) as refusal:
        return _page(request, call, refusal=refusal, bound=form, about=application.pk)
    messages.success(
        request,
        _("%(side)s voted on %(reference)s.") % {"side": side, "reference": application.reference},
    )
    return redirect(PAGE, pk)


@require_POST
def recommend_both(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that both sides have voted on becomes a recommendation of whoever presses."""
    call, form = _load(pk), SeenForm(request.POST)
    if not form.is_valid():
        return _page(request, call, bound=form)
    try:
        made = recommend_votes(
            call=call, seen=form.cleaned_data["seen"], by=person(request), at=database_now()
        )
    except (NotPossible, NotAllowed) as refusal:
        return _page(request, call, refusal=refusal)
    text = ngettext(
        "%(count)d outcome is recommended. A second person approves it.",
        "%(count)d outcomes are recommended. A second person approves them.",
        len(made),
    )
    messages.success(request, text % {"count": len(made)})
    return redirect(DECISIONS, pk)


def _load(pk: int) -> Call:
    call = load(pk)
    if call.process != Process.TWO_SIDES:
        raise Http404
    return call


def _page(
    request: HttpRequest,
    call: Call,
    *,
    refusal: NotPossible | NotAllowed | None = None,
    bound: VoteForm | SeenForm | None = None,
    about: int = 0,
) -> HttpResponse:
    found, reader = sides_of(call), person(request)
    own, open_to = side_of(reader, found), hidden_from(reader, call) == Hidden()
    rows = joint_rows(call, found, reader, _ranked(call) if open_to else ())
    complete = [row for row in votes_of(call) if agreed(row)] if open_to else []
    tally = tally_of(rows)
    context: dict[str, Any] = {
        **shared(request, call),
        "title": _("Votes of the two sides"),
        "sides": found,
        "own": own,
        "rows": rows,
        "sentence": sentence_of_votes(rows, tally, own),
        "places": word_places(call, tally),
        "complete": len(complete),
        "seen": fingerprint_of_votes(complete),
        "first": next((row.application.pk for row in rows if own and row.to_vote), 0),
        "outcomes": Outcome.choices,
        "refusal": refusal,
        "bound": bound,
        "about": about,
    }
    status = status_of(refusal) if refusal else 422 if bound else 200
    return staff_page(request, "admin/calls/call/sides.html", context, status=status)


def _ranked(call: Call) -> list[Ranked]:
    return rank(ranked_applications(call), sheets_of(call))
