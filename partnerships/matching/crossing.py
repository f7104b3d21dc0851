"""A run whose limits cross, such as a cap on pairs of two countries or quotas that overlap, as a choice.

One column a pair, then one for each place of a minimum quota, which only pairs of that quota fill. One row a
city, a quota with a maximum, a cap, and a city with the partners of one country where that is limited.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from partnerships.matching.choice import DECIDED, Choice
from partnerships.matching.ground import Ground
from partnerships.matching.profiles import PairingInput, Quota, Side
from partnerships.matching.program import Integers, Mask, Program

MOST_PAIRS = 200_000
"""More open pairs than that, and only the best of each city are looked at."""
BEST = 60


def crosses(pairing: PairingInput) -> bool:
    """Whether the limits are no network, so that the run needs integer programming."""
    return bool(pairing.caps) or any(
        _overlap(first, second)
        for side in (pairing.a, pairing.b)
        for place, first in enumerate(side.quotas)
        for second in side.quotas[place + 1 :]
    )


def _overlap(first: Quota, second: Quota) -> bool:
    shared = first.countries & second.countries
    return bool(shared) and shared not in (first.countries, second.countries)


@dataclass(frozen=True)
class Minimum:
    """A minimum quota: how many places pins have left to fill, and which pairs fill them."""

    places: int
    pairs: Mask


@dataclass(frozen=True)
class Crossing:
    """The choice of a ground. `rows` and `columns` say which pair each of its first columns is.

    `whole`: no open pair was left out.
    """

    choice: Choice
    rows: Integers
    columns: Integers
    minimums: tuple[Minimum, ...]
    whole: bool

    def taken(self, pairs: Iterable[tuple[int, int]]) -> Mask:
        """The columns of these pairs and of the places of minimum quotas that they fill."""
        wanted = set(pairs)
        couples = zip(self.rows.tolist(), self.columns.tolist(), strict=True)
        chosen = np.array([couple in wanted for couple in couples], dtype=np.bool_)
        filled = [np.arange(row.places) < (row.pairs & chosen).sum() for row in self.minimums]
        return np.concatenate([chosen, *filled])


class _Rows:
    """Collects the rows of a program."""

    def __init__(self) -> None:
        self.rows: list[Integers] = []
        self.columns: list[Integers] = []
        self.uses: list[Integers] = []
        self.limits: list[int] = []

    def add(self, columns: Integers, limit: int, uses: int | Integers = 1) -> None:
        """One row: what these columns use of a limit."""
        self.rows.append(np.full(len(columns), len(self.limits), dtype=np.int64))
        self.columns.append(columns)
        self.uses.append(np.broadcast_to(np.asarray(uses, dtype=np.int64), columns.shape))
        self.limits.append(limit)

    def program(self, count: int) -> Program:
        columns = np.concatenate([np.zeros(0, dtype=np.int64), *self.columns])
        order = np.argsort(columns, kind="stable")
        return Program(
            starts=np.searchsorted(columns[order], np.arange(count)),
            rows=np.concatenate([np.zeros(0, dtype=np.int64), *self.rows])[order],
            uses=np.concatenate([np.zeros(0, dtype=np.int64), *self.uses])[order],
            limits=np.array(self.limits, dtype=np.int64),
        )


def lay_crossing(ground: Ground) -> Crossing:
    """All open pairs as a choice. The input must be free of faults."""
    pairing, table = ground.pairing, ground.table
    rows, columns, scores, whole = _pairs(ground)
    found, minimums = _Rows(), list[Minimum]()
    pins = table.pinned
    sides = ((pairing.a, pairing.b, rows, columns), (pairing.b, pairing.a, columns, rows))
    for place, (side, other, own, others) in enumerate(sides):
        _limit_cities(found, side, own, pins[:, place].tolist())
        _limit_countries(found, side, other, (own, others), pins[:, [place, 1 - place]].tolist())
        minimums += _limit_quotas(found, side, own, pins[:, place].tolist())
    _limit_caps(found, pairing, rows, columns, pins.tolist())
    count = len(rows)
    for minimum in minimums:
        filling = np.flatnonzero(minimum.pairs)
        places = np.arange(count, count + minimum.places)
        uses = np.concatenate([np.full(len(filling), -1), np.ones(len(places), dtype=np.int64)])
        found.add(np.concatenate([filling, places]), 0, uses)
        count += minimum.places
    choice = _choice(ground, found.program(count), (rows, columns, scores))
    return Crossing(choice, rows, columns, tuple(minimums), whole)


def _choice(ground: Ground, program: Program, pairs: tuple[Integers, Integers, Integers]) -> Choice:
    """A pair outweighs all places of minimum quotas; these take no part in the floor and the total."""
    rows, columns, scores = pairs
    settings, ids_a, ids_b = ground.pairing.settings, ground.ids_a, ground.ids_b
    before = {(row, column) for row, column in ground.table.previous.tolist()}
    couples = list(zip(rows.tolist(), columns.tolist(), strict=True))
    kept = np.array([couple in before for couple in couples], dtype=np.int64)
    places = np.zeros(len(program) - len(rows), dtype=np.int64)

    def name(column: int) -> str:
        if column >= len(couples):
            return ""
        a, b = ids_a[couples[column][0]], ids_b[couples[column][1]]
        return f"{len(a)}:{a}{b}"

    return Choice(
        program=program,
        rows=np.arange(len(program)),
        placing=np.concatenate([np.full(len(rows), len(places) + 1), places + 1]),
        weakest=np.concatenate([scores, places + DECIDED]),
        worth=np.concatenate([scores + settings.keep_bonus * kept, places]),
        kept=np.concatenate([kept, places]),
        name=name,
    )


def _pairs(ground: Ground) -> tuple[Integers, Integers, Integers, bool]:
    """Open pairs as rows and columns with their scores, and whether these are all."""
    pairs = ground.candidates
    rows, columns, scores = pairs.rows, pairs.columns, pairs.scores.astype(np.int64)
    if len(rows) <= MOST_PAIRS:
        return rows, columns, scores, pairs.complete
    near = (_rank(rows, columns, scores) < BEST) | (_rank(columns, rows, scores) < BEST)
    return rows[near], columns[near], scores[near], False


def _rank(own: Integers, others: Integers, scores: Integers) -> Integers:
    """The place of each pair among those of its city, the best first; equal ones apart by the other city."""
    order = np.lexsort(((others + own) % 9973, -scores, own))
    rank = np.empty(len(own), dtype=np.int64)
    rank[order] = np.arange(len(own)) - np.searchsorted(own[order], own[order])
    return rank


def _limit_cities(found: _Rows, side: Side, own: Integers, pinned: list[int]) -> None:
    taken = Counter(pinned)
    order = np.argsort(own, kind="stable")
    parts = np.split(order, np.searchsorted(own[order], np.arange(1, len(side.profiles))))
    for city, (profile, pairs) in enumerate(zip(side.profiles, parts, strict=False)):
        found.add(pairs, profile.capacity - taken[city])


def _limit_countries(
    found: _Rows, side: Side, other: Side, places: tuple[Integers, Integers], pins: list[list[int]]
) -> None:
    """At most so many partners from one country, where a city could have more."""
    if side.most_per_country is None:
        return
    names = sorted({profile.country for profile in other.profiles})
    country = np.array([names.index(profile.country) for profile in other.profiles], dtype=np.int64)
    taken = Counter((city, int(country[partner])) for city, partner in pins)
    codes = places[0] * len(names) + country[places[1]]
    order = np.argsort(codes, kind="stable")
    groups, first = np.unique(codes[order], return_index=True)
    for code, pairs in zip(groups.tolist(), np.split(order, first[1:]), strict=False):  # none: one empty part
        city, place = divmod(code, len(names))
        limit = side.most_per_country - taken[city, place]
        if len(pairs) > limit and side.profiles[city].capacity > limit:
            found.add(pairs, limit)


def _limit_quotas(found: _Rows, side: Side, own: Integers, pinned: list[int]) -> list[Minimum]:
    """Rows of the maximums; the minimums are given back."""
    minimums = []
    for quota in side.quotas:
        holds = np.array([profile.country in quota.countries for profile in side.profiles], dtype=np.bool_)
        used = int(holds[pinned].sum()) if pinned else 0
        inside = holds[own]
        if quota.maximum is not None:
            found.add(np.flatnonzero(inside), quota.maximum - used)
        if quota.minimum > used:
            minimums.append(Minimum(quota.minimum - used, inside))
    return minimums


def _limit_caps(
    found: _Rows, pairing: PairingInput, rows: Integers, columns: Integers, pins: list[list[int]]
) -> None:
    for cap in pairing.caps:
        a = np.array([profile.country in cap.a for profile in pairing.a.profiles], dtype=np.bool_)
        b = np.array([profile.country in cap.b for profile in pairing.b.profiles], dtype=np.bool_)
        used = sum(bool(a[row] and b[column]) for row, column in pins)
        found.add(np.flatnonzero(a[rows] & b[columns]), cap.maximum - used)
