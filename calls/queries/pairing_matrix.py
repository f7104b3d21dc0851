"""All scores of a run as a table, home by abroad; of a large run, each city's best candidates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from calls.queries.pairing_runs import OpenRun
from calls.queries.pairing_wording import POINT
from partnerships.matching.pool import PoolInput
from partnerships.matching.profiles import Profile
from partnerships.matching.scoring import Scores, score_pairs

MOST = 40  # cities a side that are shown whole
BEST = 8  # candidates of a city in a large run
CLASSES = 5


@dataclass(frozen=True)
class Cell:
    """Two cities: points, the class of the shade (1 to 5), what is special. `name` is that of the column."""

    points: float | None
    shade: int
    chosen: bool = False
    pinned: bool = False
    vetoed: bool = False
    below: bool = False
    proposal: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Row:
    name: str
    reference: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Matrix:
    """`columns` are city names; empty in a large run, whose cells name the candidate.

    `classes` are the bounds of the shades in points, low to high. `start` and `count` page the rows.
    """

    columns: Sequence[str]
    rows: Sequence[Row]
    classes: Sequence[tuple[float, float]]
    start: int
    count: int


def matrix_of(opened: OpenRun, start: int = 0) -> Matrix:
    """The scores under the run's own weights. Two queries at most, for the proposals."""
    home, abroad = opened.at_home, opened.abroad
    shown = home[start : start + MOST]
    settings = opened.frozen.settings
    scores = score_pairs(shown, abroad, settings.weights, settings.prefer)
    signs = _Signs(opened)
    low, high = _ends(scores)
    shades = _shades(low, high)
    large = len(home) > MOST or len(abroad) > MOST
    rows = []
    for index, city in enumerate(shown):
        columns = _best(scores[index], city, abroad, signs) if large else range(len(abroad))
        cells = [signs.cell(city, abroad[column], int(scores[index, column]), shades) for column in columns]
        rows.append(Row(city.name, city.id, cells))
    names = [] if large else [row.name for row in abroad]
    return Matrix(names, rows, [(one / POINT, other / POINT) for one, other in shades], start, len(home))


def _best(scores: np.ndarray, city: Profile, abroad: Sequence[Profile], signs: "_Signs") -> list[int]:
    """The best candidates and whom the run gave the city."""
    order = np.argsort(-scores, kind="stable").tolist()
    kept = [column for column in order if abroad[column].id != city.id][:BEST]
    given = [column for column in order if signs.together(city.id, abroad[column].id) and column not in kept]
    return kept + given


def _ends(scores: Scores) -> tuple[int, int]:
    return (int(scores.min()), int(scores.max())) if scores.size else (0, 0)


def _shades(low: int, high: int) -> list[tuple[int, int]]:
    """Five ranges of equal width over what occurs, on whole points."""
    low, high = low // POINT * POINT, -(-high // POINT) * POINT
    step = max(-(-(high - low) // CLASSES // POINT) * POINT, POINT)
    return [(low + step * number, low + step * (number + 1)) for number in range(CLASSES)]


class _Signs:
    """What stands in a cell beside its score."""

    def __init__(self, opened: OpenRun) -> None:
        frozen = opened.frozen
        self.minimum, self.partners = frozen.settings.minimum_score, opened.partners
        if isinstance(frozen, PoolInput):
            self.apart = {frozenset((row.a, row.b)) for row in frozen.apart}
            self.fixed = {
                frozenset((a, b)) for row in frozen.together for a in row.cities for b in row.cities
            }
        else:
            self.apart = {frozenset((row.a, row.b)) for row in frozen.vetoes}
            self.fixed = {frozenset((row.a, row.b)) for row in frozen.pins}
        self.proposals = _proposals(opened)

    def together(self, a: str, b: str) -> bool:
        return b in self.partners.get(a, ())

    def cell(self, home: Profile, abroad: Profile, score: int, shades: Sequence[tuple[int, int]]) -> Cell:
        if home.id == abroad.id:
            return Cell(None, 0)
        key = frozenset((home.id, abroad.id))
        return Cell(
            points=score / POINT,
            shade=next((number for number, (_, top) in enumerate(shades, 1) if score < top), CLASSES),
            chosen=self.together(home.id, abroad.id),
            pinned=key in self.fixed,
            vetoed=key in self.apart,
            below=score < self.minimum,
            proposal=self.proposals.get(key),
            name=abroad.name,
        )


def _proposals(opened: OpenRun) -> Mapping[frozenset[str], int]:
    """Two cities -> the proposal that joins them."""
    places = opened.run.proposals.values_list("pk", "places__application__reference")
    by_proposal: dict[int, list[str]] = {}
    for proposal, reference in places:
        by_proposal.setdefault(proposal, []).append(reference)
    return {
        frozenset((a, b)): proposal
        for proposal, cities in by_proposal.items()
        for a in cities
        for b in cities
    }
