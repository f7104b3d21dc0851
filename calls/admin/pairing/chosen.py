"""The chosen proposal of the board: in words, with the question "why not", its pins, notes and answers."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from calls.admin.pairing.common import Choice
from calls.forms.pairing import AnswerDateForm, DirectiveForm, NoteForm
from calls.models import PairingRun, Proposal
from calls.queries.pairing_board import Line
from calls.queries.pairing_directives import InForce, notes_on
from calls.queries.pairing_pair import Pair, pair_of
from calls.queries.pairing_runs import OpenRun
from calls.queries.pairing_why_not import answer_of, rival
from partnerships.matching.profiles import Profile


def chosen_context(
    request: HttpRequest, opened: OpenRun, line: Line | None, directives: InForce, more: dict[str, Any]
) -> dict[str, Any]:
    """What the left half of the board shows; `more` holds forms that were filled in."""
    home, abroad = choices(opened.at_home), choices(opened.abroad)
    context: dict[str, Any] = {"home": home, "abroad": abroad, **_asked(request, opened, line, directives)}
    if line is None:
        return context
    pair = pair_of(opened, line.proposal)
    about = [(city.reference, city.name) for city in pair.cities]
    return {
        **context,
        "pair": pair,
        "line": line,
        "fixed": directives.of(pair.references) if len(pair.references) == 2 else None,
        "answers": _answers(line.proposal, opened) if opened.run.published_at else [],
        "notes": notes_on(opened.run.call, pair.references),
        "note_form": NoteForm(about=note_about(pair), prefix="note"),
        "pin_form": DirectiveForm(first=about, second=about, prefix="pin"),
        "veto_form": DirectiveForm(first=about, second=about, prefix="veto"),
        **_while_answering(request, opened.run, line.proposal.answered),
        **more,
    }


def _while_answering(request: HttpRequest, run: PairingRun, proposal: Proposal) -> dict[str, Any]:
    """What staff can do while the cities of a published run answer."""
    if not run.published_at or not run.answer_by:
        return {}
    asked = any(place.introduction_asked_at for place in proposal.places.all())
    done = proposal.introduced_at or proposal.partnership_id or proposal.lapsed_at
    form = AnswerDateForm(call=run.call, answer_by=run.answer_by, prefix="move")
    return {
        "to_introduce": asked and not done,
        "move_form": form if request.user.has_perm("calls.decide_application") else None,
    }


def _asked(request: HttpRequest, opened: OpenRun, line: Line | None, directives: InForce) -> dict[str, Any]:
    """The question "why not these two", with its answer; the page itself asks for the nearest rival."""
    a = request.GET.get("a", "") or (line.cities[0] if line else "")
    b = request.GET.get("b", "") or (rival(opened, a) if line else "")
    asked = bool(b) and opened.solved
    answer = answer_of(opened, a, b) if asked else None
    return {
        "asked_a": a,
        "asked_b": b,
        "answer": answer,
        "not_known": asked and answer is None,
        "barred": directives.of((a, b)) if answer and answer.blocked else None,
    }


def _answers(proposal: Proposal, opened: OpenRun) -> list[dict[str, Any]]:
    kinds = {"waiting": "not-started", "accepted": "agreed", "declined": "declined"}
    return [
        {"place": place, "city": opened.words.city(place.application.reference), "kind": kinds[place.answer]}
        for place in proposal.answered.places.all()
    ]


def choices(profiles: Sequence[Profile]) -> list[Choice]:
    """Cities to choose from, by name."""
    return [(row.id, row.name) for row in profiles]


def note_about(pair: Pair) -> list[Choice]:
    """What a note can be about: two cities together, or one of them."""
    together = _("%(cities)s together") % {"cities": pair.title}
    both = [(" ".join(pair.references), together)] if len(pair.references) == 2 else []
    return [*both, *((city.reference, city.name) for city in pair.cities)]
