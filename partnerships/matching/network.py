"""The flow network of a run: source -> quotas -> cities of A -> cities of B -> quotas -> sink.

Nodes in canonical order: source, sink, quotas of A, quotas of B, cities of A, cities of B. Pins have taken
their places before the network is built. An arc into a quota is split in two: the part up to the minimum,
which counts as covered, and the rest.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from partnerships.matching.outcome import Shortfall
from partnerships.matching.profiles import PairingInput, Quota, Side
from partnerships.matching.scoring import Scores, score_pairs

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

SOURCE, SINK = 0, 1


class Block(IntEnum):
    """Why a pair is not open to choice."""

    OPEN = 0
    VETOED = 1
    BELOW_MINIMUM = 2
    PINNED = 3


@dataclass(frozen=True)
class Network:
    """Arcs with capacities. `covered` marks the arcs that fill a minimum; the last arcs are the pairs.

    `pair_a`, `pair_b` and `pair_score` describe the pair arcs, which begin at `first_pair`.
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
        )

    @property
    def widest(self) -> int:
        """No flow can be larger than this."""
        leaving = int(self.capacities[self.tails == SOURCE].sum())
        return min(leaving, int(self.capacities[self.heads == SINK].sum()))

    def breadth_costs(self) -> Integers:
        """Costs whose minimum covers the most minimum quotas, pairs being counted by the flow's value."""
        return -self.covered.astype(np.int64)

    def score_costs(self) -> Integers:
        """Costs whose minimum covers the most minimum quotas first and then has the best total score."""
        costs = np.where(self.covered, -self.coverage_bonus(), 0)
        costs[self.first_pair :] = -self.pair_score
        return costs

    def coverage_bonus(self) -> int:
        """What one place of a minimum quota is worth: more than any total score."""
        return self.widest * int(self.pair_score.max(initial=0)) + 1


@dataclass(frozen=True)
class Ground:
    """An input made ready: canonical rows, all scores, what is blocked, and the network of free places."""

    pairing: PairingInput
    scores: Scores
    blocks: npt.NDArray[np.int8]
    network: Network

    @property
    def ids_a(self) -> list[str]:
        return [profile.id for profile in self.pairing.a.profiles]

    @property
    def ids_b(self) -> list[str]:
        return [profile.id for profile in self.pairing.b.profiles]


def lay_ground(pairing: PairingInput) -> Ground:
    """Scores all pairs and builds the network. The input must be free of faults."""
    pairing = pairing.ordered()
    settings = pairing.settings
    scores = score_pairs(pairing.a.profiles, pairing.b.profiles, settings.weights, settings.prefer)
    blocks = _blocks(pairing, scores)
    return Ground(pairing, scores, blocks, _network(pairing, scores, blocks))


def _blocks(pairing: PairingInput, scores: Scores) -> npt.NDArray[np.int8]:
    blocks = np.where(scores < pairing.settings.minimum_score, Block.BELOW_MINIMUM, Block.OPEN).astype(
        np.int8
    )
    rows = {profile.id: index for index, profile in enumerate(pairing.a.profiles)}
    columns = {profile.id: index for index, profile in enumerate(pairing.b.profiles)}
    for veto in pairing.vetoes:
        if veto.a in rows and veto.b in columns:
            blocks[rows[veto.a], columns[veto.b]] = Block.VETOED
    for pin in pairing.pins:
        blocks[rows[pin.a], columns[pin.b]] = Block.PINNED
    return blocks


def _network(pairing: PairingInput, scores: Scores, blocks: npt.NDArray[np.int8]) -> Network:
    quotas_a, quotas_b = len(pairing.a.quotas), len(pairing.b.quotas)
    first_a = 2 + quotas_a + quotas_b
    first_b = first_a + len(pairing.a.profiles)
    arcs_a = _side_arcs(pairing.a, [pin.a for pin in pairing.pins], SOURCE, 2, first_a)
    arcs_b = _side_arcs(pairing.b, [pin.b for pin in pairing.pins], SINK, 2 + quotas_a, first_b)
    side = np.array(
        [*arcs_a, *((child, parent, places, covered) for parent, child, places, covered in arcs_b)],
        dtype=np.int64,
    ).reshape(-1, 4)
    pair_a, pair_b = np.nonzero(blocks == Block.OPEN)
    return Network(
        nodes=first_b + len(pairing.b.profiles),
        tails=np.concatenate([side[:, 0], pair_a + first_a]),
        heads=np.concatenate([side[:, 1], pair_b + first_b]),
        capacities=np.concatenate([side[:, 2], np.ones(len(pair_a), dtype=np.int64)]),
        covered=np.concatenate([side[:, 3] == 1, np.zeros(len(pair_a), dtype=np.bool_)]),
        first_pair=len(side),
        pair_a=pair_a,
        pair_b=pair_b,
        pair_score=scores[pair_a, pair_b].astype(np.int64),
    )


def _side_arcs(
    side: Side, pinned: list[str], root: int, first_quota: int, first_city: int
) -> list[tuple[int, int, int, int]]:
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
