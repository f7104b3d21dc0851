"""The proposals of a run on a map: an arc between any two cities of a proposal."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

from calls.models import Proposal
from partnerships.queries.cartography import Crop, place_labels
from partnerships.queries.map import Drawing, Link, Map, draw_map


def map_of(proposals: Iterable[Proposal], chosen: Proposal | None = None) -> Map | None:
    """The proposals with their places prefetched; the others pale where one is chosen."""
    links = [
        Link(one, other, back=chosen is not None and proposal.pk != chosen.pk)
        for proposal in proposals
        for one, other in combinations([row.lead.city for row in proposal.cities if row.lead.city], 2)
    ]
    return draw_map(links)


def small_map(proposals: Iterable[Proposal], chosen: Proposal) -> tuple[Drawing, str] | None:
    """The drawing for a narrow column, only the chosen cities named, and the map in words."""
    found = map_of(proposals, chosen)
    if found is None:
        return None
    drawing = next(row for row in found.drawings if row.kind == "phone")
    names = {row.lead.city.name for row in chosen.cities if row.lead.city}
    mine = [((dot.x, dot.y), dot.name, True) for dot in drawing.dots if dot.name in names]
    others = [(dot.x, dot.y) for dot in drawing.dots]
    labels = place_labels(mine, others, Crop(0, 0, 1, drawing.width, drawing.height), len(mine))
    dots = [replace(dot, here=dot.name in names) for dot in drawing.dots]
    return replace(drawing, labels=labels, dots=dots), found.words
