"""The flow network of a run: source -> quotas -> cities of A -> cities of B -> quotas -> sink.

Nodes in canonical order: source, sink, quotas of A, quotas of B, cities of A, cities of B, groups of A,
groups of B. A group is a city with the partners of one country, where the city takes more partners than its
side allows from one country: all pairs of the group pass through it. Pins have taken their places before
the network is built. An arc into a quota is split in two: the part up to the minimum, which counts as
covered, and the rest.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from partnerships.matching.candidates import Candidates
from partnerships.matching.outcome import Shortfall
from partnerships.matching.profiles import PairingInput, Quota, Side
from partnerships.matching.table import Integers, Mask, Table

SOURCE, SINK = 0, 1
Arc = tuple[int, int, int, int]


@dataclass(frozen=True, kw_only=True)
class Network:
    """Arcs with capacities. `covered` marks the arcs that fill a minimum; the last arcs are the pairs.

    `pair_a`, `pair_b`, `pair_score` and `pair_kept` (a pair of the run before) describe the pair arcs, which
    begin at `first_pair`. `keep_bonus` is what a kept pair is worth beyond its score.
    """

    nodes: int
    tails: Integers
    heads: Integers
    capacities: Integers
    covered: Mask
    first_pair: int
    pair_a: Integers
    pair_b: Integers
    pair_score: Integers
    pair_kept: Mask
    keep_bonus: int = 0

    def above(self, floor: int) -> "Network":
        """The same network without the pairs that score less than `floor`."""
        kept = self.pair_score >= floor
        if kept.all():
            return self
        arcs = np.concatenate([np.ones(self.first_pair, dtype=np.bool_), kept])
        return replace(
            self,
            tails=self.tails[arcs],
            heads=self.heads[arcs],
            capacities=self.capacities[arcs],
            covered=self.covered[arcs],
            pair_a=self.pair_a[kept],
            pair_b=self.pair_b[kept],
            pair_score=self.pair_score[kept],
            pair_kept=self.pair_kept[kept],
        )

    @property
    def widest(self) -> int:
        """No flow can be larger than this."""
        leaving = int(self.capacities[self.tails == SOURCE].sum())
        return min(leaving, int(self.capacities[self.heads == SINK].sum()))

    def breadth_costs(self) -> Integers:
        """Costs whose minimum covers the most minimum quotas, pairs being counted by the flow's value."""
        return -self.covered.astype(np.int64)

    @property
    def pair_worth(self) -> Integers:
        """What each pair adds to the total that is maximised."""
        return self.pair_score + self.keep_bonus * self.pair_kept

    def score_costs(self) -> Integers:
        """Costs whose minimum covers the most minimum quotas first and then has the best total worth."""
        costs = np.where(self.covered, -self.coverage_bonus(), 0)
        costs[self.first_pair :] = -self.pair_worth
        return costs

    def coverage_bonus(self) -> int:
        """What one place of a minimum quota is worth: more than any total."""
        return self.widest * (int(self.pair_score.max(initial=0)) + self.keep_bonus) + 1

    def kept_costs(self) -> Integers:
        """Costs whose minimum keeps the most pairs of the run before."""
        costs = np.zeros(len(self.tails), dtype=np.int64)
        costs[self.first_pair :] = -self.pair_kept.astype(np.int64)
        return costs


@dataclass(frozen=True)
class Layout:
    """Where the nodes of a run stand, and where the arc of any pair begins and ends.

    `leaves` holds the node from which a city of A (row) reaches partners of a country (column), `enters` the
    same for cities of B; `country_a`, `country_b` say which column a city's country is.
    """

    nodes: int
    first_a: int
    first_b: int
    leaves: Integers
    enters: Integers
    country_a: Integers
    country_b: Integers

    def gates(self, row: int, column: int) -> tuple[int, int]:
        """Where the arc of a pair begins and ends."""
        tail, head = self.leaves[row, self.country_b[column]], self.enters[column, self.country_a[row]]
        return int(tail), int(head)

    def tails(self, rows: Integers, columns: Integers) -> Integers:
        return self.leaves[rows, self.country_b[columns]]

    def heads(self, rows: Integers, columns: Integers) -> Integers:
        return self.enters[columns, self.country_a[rows]]


def layout_of(table: Table) -> Layout:
    """The nodes of a run in canonical order."""
    pairing = table.pairing
    countries_a, country_a = _countries(pairing.a)
    countries_b, country_b = _countries(pairing.b)
    first_a = 2 + len(pairing.a.quotas) + len(pairing.b.quotas)
    first_b = first_a + table.shape[0]
    first_group = first_b + table.shape[1]
    leaves, after = _gates(pairing.a, country_b, len(countries_b), first_a, first_group)
    enters, nodes = _gates(pairing.b, country_a, len(countries_a), first_b, after)
    return Layout(nodes, first_a, first_b, leaves, enters, country_a, country_b)


def _countries(side: Side) -> tuple[list[str], Integers]:
    names = sorted({profile.country for profile in side.profiles})
    numbers = {name: index for index, name in enumerate(names)}
    return names, np.array([numbers[profile.country] for profile in side.profiles], dtype=np.int64)


def _gates(
    side: Side, partners: Integers, countries: int, first_city: int, first_group: int
) -> tuple[Integers, int]:
    """The node between each city and the partners of each country, and the number after the last group."""
    cities = np.arange(first_city, first_city + len(side.profiles), dtype=np.int64)
    gates = np.repeat(cities[:, None], max(countries, 1), axis=1)
    if side.most_per_country is None or not countries:
        return gates, first_group
    capacities = np.array([profile.capacity for profile in side.profiles], dtype=np.int64)
    crowded = np.bincount(partners, minlength=countries) > side.most_per_country
    grouped = (capacities > side.most_per_country)[:, None] & crowded[None, :]
    count = int(grouped.sum())
    gates[grouped] = np.arange(first_group, first_group + count)
    return gates, first_group + count


def network_of(table: Table, layout: Layout, candidates: Candidates) -> Network:
    """The network of the places that pins leave free, with these pairs."""
    pairing = table.pairing
    quotas_a = len(pairing.a.quotas)
    pins_a, pins_b = table.pinned[:, 0], table.pinned[:, 1]
    arcs_a = _side_arcs(pairing.a, [pin.a for pin in pairing.pins], SOURCE, 2, layout.first_a)
    arcs_b = _side_arcs(pairing.b, [pin.b for pin in pairing.pins], SINK, 2 + quotas_a, layout.first_b)
    arcs_a += _group_arcs(pairing.a, layout.leaves, layout.first_a, pins_a, layout.country_b[pins_b])
    arcs_b += _group_arcs(pairing.b, layout.enters, layout.first_b, pins_b, layout.country_a[pins_a])
    side = np.array(
        [*arcs_a, *((child, parent, places, covered) for parent, child, places, covered in arcs_b)],
        dtype=np.int64,
    ).reshape(-1, 4)
    rows, columns = candidates.rows, candidates.columns
    before = table.previous[:, 0] * table.shape[1] + table.previous[:, 1]
    return Network(
        nodes=layout.nodes,
        tails=np.concatenate([side[:, 0], layout.tails(rows, columns)]),
        heads=np.concatenate([side[:, 1], layout.heads(rows, columns)]),
        capacities=np.concatenate([side[:, 2], np.ones(len(rows), dtype=np.int64)]),
        covered=np.concatenate([side[:, 3] == 1, np.zeros(len(rows), dtype=np.bool_)]),
        first_pair=len(side),
        pair_a=rows,
        pair_b=columns,
        pair_score=candidates.scores,
        pair_kept=_among(candidates.codes, before),
        keep_bonus=pairing.settings.keep_bonus,
    )


def _among(codes: Integers, few: Integers) -> Mask:
    """Which of some ascending numbers are among a few others."""
    found = np.zeros(len(codes), dtype=np.bool_)
    places = codes.searchsorted(few)
    inside = places < len(codes)
    places, few = places[inside], few[inside]
    found[places[codes[places] == few]] = True
    return found


def _side_arcs(side: Side, pinned: list[str], root: int, first_quota: int, first_city: int) -> list[Arc]:
    """Arcs (parent, child, places, covered) from the root down to the cities of one side."""
    taken = Counter(pinned)
    countries = {profile.id: profile.country for profile in side.profiles}
    everything = sum(profile.capacity for profile in side.profiles)
    arcs = []
    for index, quota in enumerate(side.quotas):
        used = sum(count for city, count in taken.items() if countries[city] in quota.countries)
        maximum = max(everything, quota.minimum) if quota.maximum is None else quota.maximum
        places, reserved = maximum - used, max(quota.minimum - used, 0)
        node, parent = first_quota + index, _parent(side.quotas, index)
        above = root if parent is None else first_quota + parent
        arcs += [(above, node, reserved, 1), (above, node, places - reserved, 0)]
    for index, profile in enumerate(side.profiles):
        inner = innermost_quota(side.quotas, profile.country)
        above = root if inner is None else first_quota + inner
        arcs.append((above, first_city + index, profile.capacity - taken[profile.id], 0))
    return arcs


def _group_arcs(
    side: Side, gates: Integers, first_city: int, pinned: Integers, countries: Integers
) -> list[Arc]:
    """Arcs from cities to their groups, less what pins of the city with the country have taken."""
    cities, columns = np.nonzero(gates >= first_city + len(side.profiles))
    taken = Counter(zip(pinned.tolist(), countries.tolist(), strict=True))
    most = side.most_per_country or 0
    return [
        (first_city + city, int(gates[city, column]), most - taken[city, column], 0)
        for city, column in zip(cities.tolist(), columns.tolist(), strict=True)
    ]


def innermost_quota(quotas: tuple[Quota, ...], country: str) -> int | None:
    """Position of the smallest quota that holds the country."""
    holding = [index for index, quota in enumerate(quotas) if country in quota.countries]
    return max(holding, key=lambda index: _depth(quotas, index), default=None)


def enclosing_quotas(quotas: tuple[Quota, ...], country: str) -> list[int]:
    """Positions of all quotas that hold the country, the smallest first."""
    holding = [index for index, quota in enumerate(quotas) if country in quota.countries]
    return sorted(holding, key=lambda index: _depth(quotas, index), reverse=True)


def _parent(quotas: tuple[Quota, ...], child: int) -> int | None:
    chain = enclosing_quotas(quotas, min(quotas[child].countries))
    place = chain.index(child) + 1
    return chain[place] if place < len(chain) else None


def _depth(quotas: tuple[Quota, ...], index: int) -> tuple[int, int]:
    """Nested quotas in order, the outermost lowest; equal sets nest by their position."""
    return (-len(quotas[index].countries), index)


def shortfalls(pairing: PairingInput, pairs: Sequence[tuple[str, str]]) -> tuple[Shortfall, ...]:
    """The minimum quotas that these pairs do not reach, in canonical order."""
    found = []
    sides = (("a", pairing.a, [a for a, _ in pairs]), ("b", pairing.b, [b for _, b in pairs]))
    for label, side, cities in sides:
        countries = {profile.id: profile.country for profile in side.profiles}
        for quota in side.quotas:
            reached = sum(countries[city] in quota.countries for city in cities)
            if reached < quota.minimum:
                found.append(Shortfall(label, quota.label, quota.minimum, reached))
    return tuple(found)
