"""A pairing run as the board lists it: every proposal with its state, the sums, what the run warns of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from calls.models import Proposal
from calls.models.pairing import ProposalAnswer
from calls.queries import pairing_causes as causes
from calls.queries import pairing_wording as wording
from calls.queries.eligibility_terms import listed
from calls.queries.pairing_directives import Directed, InForce
from calls.queries.pairing_runs import OpenRun


@dataclass(frozen=True)
class Line:
    """A proposal in the list: its cities, its points, how far it is as a dot and a word."""

    proposal: Proposal
    first: str
    others: str
    points: float
    kind: str
    word: str
    cities: tuple[str, ...]


@dataclass(frozen=True)
class Warned:
    """What a run says of its input, with the pins and vetoes that it is about."""

    sentence: str
    about: Sequence[Directed]


@dataclass(frozen=True)
class Board:
    """A finished run. `total` and `floor` in points; `floor` is None without a free pair."""

    opened: OpenRun
    status: str
    proven: bool
    lines: list[Line]
    total: float
    floor: float | None
    unmatched: int
    shortfalls: list[Mapping[str, Any]]
    warnings: list[Warned]


def board_of(opened: OpenRun, directives: InForce) -> Board:
    """Everything about a finished run that its list needs, in a constant number of queries."""
    result = opened.result
    objective = result["objective"]
    floor = objective["floor"]
    proposals = list(
        opened.run.proposals.select_related(
            "partnership", "introduced_by", "repeats__partnership", "repeats__introduced_by"
        ).prefetch_related(
            "places__application__lead__city",
            "places__answered_by",
            "repeats__places__application",
            "repeats__places__answered_by",
        )
    )
    lowest = min((row.score for row in proposals), default=0) if len(proposals) > 1 else -1
    return Board(
        opened=opened,
        status=wording.status(result["status"]),
        proven=result["status"].startswith("optimal"),
        lines=[_line(row, opened, directives, lowest) for row in proposals],
        total=objective["total"] / wording.POINT,
        floor=None if floor is None else floor / wording.POINT,
        unmatched=len(result["ungrouped" if opened.grouped else "unmatched"]),
        shortfalls=result.get("shortfalls", []),
        warnings=[_warned(row, opened, directives) for row in result["messages"]],
    )


def _line(proposal: Proposal, opened: OpenRun, directives: InForce, lowest: int) -> Line:
    references = tuple(place.application.reference for place in proposal.places.all())
    names = [opened.words.city(reference) for reference in references]
    kind, word = _state(proposal, references, opened, directives, lowest)
    return Line(proposal, names[0], listed(names[1:]), proposal.points, kind, word, references)


def _state(
    proposal: Proposal, references: Sequence[str], opened: OpenRun, directives: InForce, lowest: int
) -> tuple[str, str]:
    """What staff should see first of a proposal: the kind of its dot, and the word beside it."""
    told = proposal.answered
    if told.partnership_id:
        return "done", _("Partners")
    if told.lapsed_at or opened.run.published_at:
        return _answered(told, opened)
    if proposal.explanation.get("pinned"):
        return "done", directives.word_of_pin(references)
    if proposal.score == lowest:
        return "looked", _("Lowest of all")
    return "proposed", ""


def _answered(proposal: Proposal, opened: OpenRun) -> tuple[str, str]:
    by_answer: dict[str, list[str]] = {}
    for place in proposal.places.all():
        by_answer.setdefault(place.answer, []).append(opened.words.city(place.application.reference))
    waiting = by_answer.get(ProposalAnswer.WAITING, [])
    if declined := by_answer.get(ProposalAnswer.DECLINED):
        return "declined", _("%(cities)s declined") % {"cities": listed(declined)}
    if proposal.lapsed_at:
        return "closed", _("No longer")
    if not waiting:
        return "done", _("All accepted")
    if ProposalAnswer.ACCEPTED in by_answer:
        return "progress", _("%(cities)s to answer") % {"cities": listed(waiting)}
    return "asked", _("No answer yet")


def _warned(row: Mapping[str, Any], opened: OpenRun, directives: InForce) -> Warned:
    return Warned(causes.message(row, opened.words), directives.about(causes.cities_of(row)))
