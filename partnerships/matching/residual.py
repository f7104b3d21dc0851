"""The residual network of a result: how its pairs could be exchanged, and what that would cost.

Lengths are reduced costs, which the proof of the result makes 0 or more, so that shortest paths are found by
Dijkstra's algorithm. They count the worth of pairs first and kept pairs of the run before second.
Source: Ahuja, Magnanti, Orlin, Network Flows (1993), chapters 4 and 9.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush

import numpy as np

from partnerships.matching.ground import Ground
from partnerships.matching.network import Network
from partnerships.matching.outcome import Proof
from partnerships.matching.table import Integers

UNREACHED = 2**62


@dataclass(frozen=True)
class Arcs:
    """Arcs sorted by where they begin: those of node v are `starts[v]` to `starts[v + 1]`."""

    starts: Integers
    heads: Integers
    lengths: Integers
    numbers: Integers

    @classmethod
    def sorted(cls, nodes: int, tails: Integers, heads: Integers, lengths: Integers) -> "Arcs":
        order = np.argsort(tails, kind="stable")
        starts = np.searchsorted(tails[order], np.arange(nodes + 1))
        return cls(starts, heads[order], lengths[order], order)

    def distances(self, origin: int, target: int | None = None) -> tuple[Integers, Integers]:
        """Lengths of shortest paths from a node, as far as the target, and the arc that each ends with."""
        reach = np.full(len(self.starts) - 1, UNREACHED, dtype=np.int64)
        last = np.full(len(reach), -1, dtype=np.int64)
        reach[origin] = 0
        heap = [(0, origin)]
        while heap:
            length, node = heappop(heap)
            if node == target:
                break
            if length > reach[node]:
                continue
            part = slice(self.starts[node], self.starts[node + 1])
            heads, lengths = self.heads[part], length + self.lengths[part]
            for place in np.flatnonzero(lengths < reach[heads]).tolist():
                head, sum_ = int(heads[place]), int(lengths[place])
                if sum_ < reach[head]:  # two arcs may lead to the same node
                    reach[head], last[head] = sum_, self.numbers[part][place]
                    heappush(heap, (sum_, head))
        return reach, last


@dataclass(frozen=True)
class Residual:
    """What can change about the pairs of a result, given as arcs of its network above its floor.

    `arcs` are positions in the network; `tails`, `heads` and `lengths` as they are walked, which for what a
    result holds is against the arc's direction. `prices` and `weight` make reduced costs: see `fall`.
    """

    network: Network
    arcs: Integers
    tails: Integers
    heads: Integers
    lengths: Integers
    prices: Integers
    weight: int

    def fall(self, tail: int, head: int, worth: int, kept: bool) -> int:
        """The reduced cost of a pair that may be missing from the network."""
        return -worth * self.weight - kept + int(self.prices[tail] - self.prices[head])

    @cached_property
    def away(self) -> Arcs:
        """Arcs by where they begin."""
        return Arcs.sorted(self.network.nodes, self.tails, self.heads, self.lengths)

    @cached_property
    def towards(self) -> Arcs:
        """Arcs by where they end."""
        return Arcs.sorted(self.network.nodes, self.heads, self.tails, self.lengths)

    def path(self, origin: int, target: int) -> list[int] | None:
        """Positions in the network of the arcs of a shortest path; None where there is none."""
        reach, last = self.away.distances(origin, target)
        return None if reach[target] == UNREACHED else self.walked(last, target, origin)

    def walked(self, last: Integers, node: int, end: int) -> list[int]:
        """The arcs between two nodes of a search from `end`, from the arc that each node was reached by."""
        found = []
        while node != end:
            step = int(last[node])
            found.append(int(self.arcs[step]))
            node = int(self.tails[step] if self.heads[step] == node else self.heads[step])
        return found


def residual_of(ground: Ground, proof: Proof, floor: int, pairs: Collection[tuple[int, int]]) -> Residual:
    """The residual network of the free pairs of a result, as rows and columns, that its proof proves best."""
    network = ground.network.above(floor)
    flow = flow_of(ground, network, pairs)
    prices = np.array(proof.total, dtype=np.int64)
    closeness = np.array(proof.closeness or (0,) * network.nodes, dtype=np.int64)
    # so heavy that no sum along a path of what is kept outweighs one milli-point
    weight = 1 + (2 * int(np.abs(closeness).max(initial=0)) + 1) * 2 * network.nodes if proof.closeness else 1
    prices = prices * weight + closeness
    costs = network.score_costs() * weight + network.kept_costs() * bool(proof.closeness)
    reduced = costs + prices[network.tails] - prices[network.heads]
    forth, back = np.flatnonzero(flow < network.capacities), np.flatnonzero(flow > 0)
    return Residual(
        network=network,
        arcs=np.concatenate([forth, back]),
        tails=np.concatenate([network.tails[forth], network.heads[back]]),
        heads=np.concatenate([network.heads[forth], network.tails[back]]),
        lengths=np.concatenate([reduced[forth], -reduced[back]]),
        prices=prices,
        weight=weight,
    )


def flow_of(ground: Ground, network: Network, pairs: Collection[tuple[int, int]]) -> Integers:
    """The flow that these free pairs make, minimum quotas filled first."""
    width = ground.table.shape[1]
    chosen = np.isin(network.pair_a * width + network.pair_b, [row * width + column for row, column in pairs])
    flow = np.zeros(len(network.tails), dtype=np.int64)
    flow[network.first_pair :] = chosen
    through = np.zeros(network.nodes, dtype=np.int64)
    np.add.at(through, np.concatenate([network.tails, network.heads]), np.concatenate([flow, flow]))
    for child, parent, arcs in _from_the_cities(ground, network):
        left = int(through[child])
        for arc in arcs:  # of two arcs into a quota the one that fills its minimum stands first
            flow[arc] = min(left, int(network.capacities[arc]))
            left -= int(flow[arc])
        through[parent] += through[child]
    return flow


def _from_the_cities(ground: Ground, network: Network) -> list[tuple[int, int, list[int]]]:
    """Every node beside the root with its parent and the arcs between them; children before parents."""
    pairing, layout = ground.pairing, ground.layout
    quotas = (*pairing.a.quotas, *pairing.b.quotas)
    last_of_a = 2 + len(pairing.a.quotas), layout.first_b, int(layout.leaves.max(initial=0)) + 1
    first_of_a = 2, layout.first_a, layout.first_b + len(pairing.b.profiles)
    between = defaultdict[tuple[int, int], list[int]](list)
    for arc in range(network.first_pair):
        tail, head = int(network.tails[arc]), int(network.heads[arc])
        of_a = any(first <= head < last for first, last in zip(first_of_a, last_of_a, strict=True))
        between[(head, tail) if of_a else (tail, head)].append(arc)

    def height(place: tuple[int, int]) -> tuple[int, int]:
        quota = place[0] - 2
        # groups, then cities, then quotas from the smallest outwards
        return (len(quotas[quota].countries), -quota) if quota < len(quotas) else (-1, -place[0])

    return [(*place, between[place]) for place in sorted(between, key=height)]
