"""The proposals of a run on a map: an arc between any two cities of a proposal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from calls.models import Proposal
from calls.models.pairing import PairingSide
from partnerships.queries.cartography import Crop, place_labels
from partnerships.queries.map import Dot, Drawing, Link, Map, draw_map


def map_of(proposals: Iterable[Proposal], chosen: Proposal | None = None) -> Map | None:
    """The proposals with their places prefetched; the others pale where one is chosen."""
    links = [
        Link(one, other, back=chosen is not None and proposal.pk != chosen.pk)
        for proposal in proposals
        for one, other in combinations([row.lead.city for row in proposal.cities if row.lead.city], 2)
    ]
    return draw_map(links)


@dataclass(frozen=True)
class SmallMap:
    """A drawing for a narrow column with the chosen cities named, in words too; dots with their classes."""

    drawing: Drawing
    words: str
    dots: Sequence[tuple[Dot, str]]


def small_map(proposals: Sequence[Proposal], chosen: Proposal) -> SmallMap | None:
    """The chosen proposal strong, the others pale; home cities in one colour, those abroad in another."""
    found = map_of(proposals, chosen)
    if found is None:
        return None
    drawing = next(row for row in found.drawings if row.kind == "phone")
    names = _names([chosen])
    mine = [((dot.x, dot.y), dot.name, True) for dot in drawing.dots if dot.name in names]
    others = [(dot.x, dot.y) for dot in drawing.dots]
    labels = place_labels(mine, others, Crop(0, 0, 1, drawing.width, drawing.height), len(mine))
    away = {
        place.application.lead.city.name
        for row in proposals
        for place in row.places.all()
        if place.side == PairingSide.ABROAD and place.application.lead.city
    }
    dots = [(dot, _classes(dot.name, names, away)) for dot in drawing.dots]
    return SmallMap(replace(drawing, labels=labels), found.words, dots)


def _names(proposals: Iterable[Proposal]) -> set[str]:
    return {row.lead.city.name for proposal in proposals for row in proposal.cities if row.lead.city}


def _classes(name: str, chosen: set[str], away: set[str]) -> str:
    return "city" + (" city--chosen" if name in chosen else "") + (" city--away" if name in away else "")
