"""All groups that may be proposed, as columns of a set partitioning problem.

Couples that belong together are one unit. Groups grow unit by unit in canonical order, and what no further
unit can mend (a country too many, no common theme, two cities kept apart) is left at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import comb

import numpy as np
import numpy.typing as npt

from partnerships.matching.choice import DECIDED
from partnerships.matching.pool import PoolInput
from partnerships.matching.profiles import FULL_SCORE
from partnerships.matching.scoring import score_pairs

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MOST_COLUMNS = 250_000
"""Trios of 110 cities, groups of four of 50. Beyond, each unit keeps its best partners only."""


@dataclass(frozen=True)
class Columns:
    """Groups, one a row. `members` are positions of cities, ascending, filled up with the number of cities.

    `weakest` is the mean of the links that were free to choose, rounded down; `worth` the mean of all links
    times the size, rounded down; `couples` counts the cities that came as a couple.
    """

    members: Integers
    sizes: Integers
    links: Integers
    weakest: Integers
    worth: Integers
    couples: Integers

    def __len__(self) -> int:
        return len(self.sizes)

    def only(self, kept: Mask | Integers) -> "Columns":
        """These columns and no others."""
        return Columns(*(getattr(self, item.name)[kept] for item in fields(self)))

    def cities(self, row: int) -> list[int]:
        """Positions of the cities of one group."""
        return [int(city) for city in self.members[row, : self.sizes[row]]]

    def find(self, group: Sequence[int]) -> int | None:
        """The row of the group of exactly these cities."""
        fits = self.sizes == len(group)
        for place, city in enumerate(sorted(group)[: self.members.shape[1]]):
            fits &= self.members[:, place] == city
        rows = np.flatnonzero(fits)
        return int(rows[0]) if len(rows) else None


@dataclass(frozen=True)
class Units:
    """Couples and single cities in canonical order, as arrays.

    `places` are the positions of a unit's cities, filled up with the number of cities; `countries` counts
    its cities by country; `themes` are packed bits; `friendly` says which two units may share a group.
    """

    places: Integers
    sizes: Integers
    countries: Integers
    themes: npt.NDArray[np.uint8]
    friendly: Mask


@dataclass(frozen=True)
class PoolGround:
    """A pool made ready: canonical rows, scores of both directions as one, and all groups that may be.

    `whole`: `columns` are all groups that the limits allow; otherwise the most promising.
    """

    pool: PoolInput
    scores: Integers
    units: Units
    columns: Columns
    whole: bool

    @property
    def ids(self) -> list[str]:
        return [profile.id for profile in self.pool.pool]


def lay_pool(pool: PoolInput) -> PoolGround:
    """Scores all links and lists all groups. The input must be free of faults."""
    pool = pool.ordered()
    scores = link_scores(pool)
    units = _units(pool)
    columns, whole = list_columns(pool, scores, units)
    return PoolGround(pool, scores, units, columns, whole)


def link_scores(pool: PoolInput) -> Integers:
    """What binds two cities in milli-points: the mean of both directions, rounded down; 0 with itself."""
    directed = score_pairs(pool.pool, pool.pool, pool.settings.weights, pool.settings.prefer).astype(np.int64)
    scores = (directed + directed.T) // 2
    np.fill_diagonal(scores, 0)
    return scores


def list_columns(pool: PoolInput, scores: Integers, units: Units) -> tuple[Columns, bool]:
    """All groups within the limits and whether none was left out for their number."""
    takes_part = np.flatnonzero(
        [all(pool.pool[city].capacity > 0 for city in row if city < len(pool.pool)) for row in units.places]
    )
    count = sum(comb(len(takes_part), size) for size in range(pool.smallest, pool.largest + 1))
    whole = count <= MOST_COLUMNS
    if whole:
        members = _grown(pool, units, [takes_part])
    else:
        members = _grown(pool, units, _neighbourhoods(pool, scores, units, takes_part))
    columns = measured(pool, scores, units, members)
    return columns.only(columns.weakest >= pool.settings.minimum_score), whole


def measured(pool: PoolInput, scores: Integers, units: Units, members: Integers) -> Columns:
    """What each group is worth."""
    cities = len(pool.pool)
    wide = np.zeros((cities + 1, cities + 1), dtype=np.int64)
    wide[:cities, :cities] = scores
    decided = np.zeros_like(wide)  # links within a couple were not chosen here
    coupled = np.zeros(cities + 1, dtype=np.int64)
    for row, size in zip(units.places, units.sizes, strict=True):
        decided[np.ix_(row[:size], row[:size])] = 1
        coupled[row[:size]] = size > 1
    np.fill_diagonal(decided, 0)
    sizes = (members < cities).sum(axis=1)
    links, free, given = (np.zeros(len(members), dtype=np.int64) for _ in range(3))
    for first in range(members.shape[1]):
        for second in range(first):
            place = members[:, first], members[:, second]
            links += wide[place]
            free += wide[place] * (1 - decided[place])
            given += decided[place]
    chosen = sizes * (sizes - 1) // 2 - given
    return Columns(
        members=members,
        sizes=sizes,
        links=links,
        weakest=np.where(chosen > 0, free // np.maximum(chosen, 1), DECIDED),
        worth=2 * links // (sizes - 1),
        couples=coupled[members].sum(axis=1),
    )


def _units(pool: PoolInput) -> Units:
    position = {profile.id: place for place, profile in enumerate(pool.pool)}
    couples = [sorted(position[city] for city in row.cities) for row in pool.together]
    paired = {city for row in couples for city in row}
    rows = sorted([*couples, *([city] for city in range(len(pool.pool)) if city not in paired)])
    places = np.full((len(rows), max(map(len, rows), default=1)), len(pool.pool), dtype=np.int64)
    for unit, row in enumerate(rows):
        places[unit, : len(row)] = row
    return Units(
        places=places,
        sizes=np.array([len(row) for row in rows], dtype=np.int64),
        countries=_country_counts(pool, rows),
        themes=_themes(pool, rows),
        friendly=_friendly(pool, rows),
    )


def _country_counts(pool: PoolInput, rows: list[list[int]]) -> Integers:
    names = sorted({profile.country for profile in pool.pool})
    counts = np.zeros((len(rows), len(names)), dtype=np.int64)
    for unit, row in enumerate(rows):
        for city in row:
            counts[unit, names.index(pool.pool[city].country)] += 1
    return counts


def _themes(pool: PoolInput, rows: list[list[int]]) -> npt.NDArray[np.uint8]:
    """What all cities of a unit name, one bit a theme; without `themed` one bit that all share."""
    if not pool.themed:
        return np.ones((len(rows), 1), dtype=np.uint8)
    named = [profile.themes | profile.challenges for profile in pool.pool]
    names = sorted(frozenset().union(*named))
    shared = [frozenset.intersection(*(named[city] for city in row)) for row in rows]
    bits = np.array([[name in row for name in names] for row in shared], dtype=np.bool_)
    return np.packbits(bits.reshape(len(rows), len(names)), axis=1)


def _friendly(pool: PoolInput, rows: list[list[int]]) -> Mask:
    unit_of = {pool.pool[city].id: unit for unit, row in enumerate(rows) for city in row}
    friendly = ~np.eye(len(rows), dtype=np.bool_)
    for pair in pool.apart:
        if pair.a in unit_of and pair.b in unit_of:
            friendly[unit_of[pair.a], unit_of[pair.b]] = friendly[unit_of[pair.b], unit_of[pair.a]] = False
    return friendly


def _neighbourhoods(pool: PoolInput, scores: Integers, units: Units, among: Integers) -> list[Integers]:
    """For each unit itself and its best partners, as many as keep the number of groups bearable."""
    width = pool.largest - 1
    while len(among) * comb(width + 1, pool.largest - 1) * 1.5 < MOST_COLUMNS and width < len(among) - 1:
        width += 1
    heads = units.places[among, 0]
    near = scores[np.ix_(heads, heads)]
    best = np.argsort(-near - np.eye(len(among), dtype=np.int64) * FULL_SCORE, axis=1, kind="stable")
    return [np.concatenate([among[row[:1]], np.sort(among[row[1 : width + 1]])]) for row in best]


def _grown(pool: PoolInput, units: Units, ranges: list[Integers]) -> Integers:
    """The members of all groups made of units of one range. With several ranges the first unit is in all."""
    found = []
    for candidates in ranges:
        anchors = candidates[:1] if len(ranges) > 1 else candidates
        starts = np.arange(len(anchors), dtype=np.int64)
        chosen = anchors[:, None]
        while len(chosen):
            found.append(_members(pool, units, chosen))
            chosen, starts = _extended(pool, units, candidates, chosen, starts)
    width = pool.largest
    every = np.concatenate([np.zeros((0, width), dtype=np.int64), *found])
    return np.unique(every, axis=0) if len(ranges) > 1 else every


def _extended(
    pool: PoolInput, units: Units, candidates: Integers, chosen: Integers, last: Integers
) -> tuple[Integers, Integers]:
    """Every partial group with every later candidate that it can still take, and where that one stands."""
    counts = len(candidates) - 1 - last
    rows = np.repeat(np.arange(len(chosen)), counts)
    first = np.cumsum(counts) - counts
    places = np.arange(len(rows)) - first[rows] + last[rows] + 1
    added = candidates[places]
    fits = units.sizes[chosen].sum(axis=1)[rows] + units.sizes[added] <= pool.largest
    for column in range(chosen.shape[1]):
        fits &= units.friendly[chosen[rows, column], added]
    rows, places, added = rows[fits], places[fits], added[fits]
    grown = np.column_stack([chosen[rows], added])
    allowed = _allowed(pool, units, grown)
    return grown[allowed], places[allowed]


def _allowed(pool: PoolInput, units: Units, chosen: Integers) -> Mask:
    themes = np.bitwise_and.reduce(units.themes[chosen], axis=1)
    allowed: Mask = themes.any(axis=1)
    if pool.most_per_country is not None:
        counts = sum(
            (units.countries[chosen[:, column]] for column in range(chosen.shape[1])),
            start=np.zeros((len(chosen), units.countries.shape[1]), dtype=np.int64),
        )
        allowed &= (counts <= pool.most_per_country).all(axis=1)
    return allowed


def _members(pool: PoolInput, units: Units, chosen: Integers) -> Integers:
    """Positions of the cities of those partial groups that are large enough to be groups."""
    sizes = units.sizes[chosen].sum(axis=1)
    whole = chosen[(sizes >= pool.smallest) & (sizes <= pool.largest)]
    width = chosen.shape[1] * units.places.shape[1]
    places = np.sort(units.places[whole].reshape(len(whole), width), axis=1)
    short = np.full((len(places), max(0, pool.largest - places.shape[1])), len(pool.pool), dtype=np.int64)
    return np.concatenate([places, short], axis=1)[:, : pool.largest]
