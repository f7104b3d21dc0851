"""All optima of a stage at once: the flows that a later stage may choose from.

Under the prices of an optimum, arcs of positive reduced cost are empty and those of negative reduced cost
full in every optimum; the rest is free. The flows that respect this are exactly the optima: the optimal face.
"""

from dataclasses import dataclass

import numpy as np

from partnerships.matching.certificate import check_size, prices
from partnerships.matching.network import SINK, SOURCE, Network
from partnerships.matching.solver import solve
from partnerships.matching.table import Integers, Mask


@dataclass(frozen=True)
class Face:
    """Flows of `value` units that are `fixed` on all arcs but those `free`, where `fixed` is 0."""

    network: Network
    value: int
    free: Mask
    fixed: Integers

    @classmethod
    def whole(cls, network: Network, value: int) -> "Face":
        """All flows of a value."""
        arcs = len(network.tails)
        return cls(network, value, np.ones(arcs, dtype=np.bool_), np.zeros(arcs, dtype=np.int64))

    def narrowed(self, costs: Integers, potentials: Integers) -> "Face":
        """Those flows of the face that cost least, given the prices that prove it."""
        reduced = costs + potentials[self.network.tails] - potentials[self.network.heads]
        full = self.free & (reduced < 0)
        fixed = np.where(full, self.network.capacities, self.fixed)
        return Face(self.network, self.value, self.free & (reduced == 0), fixed)

    def free_pairs(self) -> Integers:
        """Positions of the pairs that are free."""
        return np.flatnonzero(self.free[self.network.first_pair :])

    def cheapest(self, costs: Integers) -> Integers:
        """A flow of the face of least cost."""
        network, arcs = self.network, np.flatnonzero(self.free)
        flow = self.fixed.copy()
        flow[arcs] = solve(
            network.tails[arcs], network.heads[arcs], network.capacities[arcs], costs[arcs], self._supplies()
        )
        return flow

    def prices(self, costs: Integers, flow: Integers) -> Integers:
        """Potentials that prove a flow of the face to be of least cost on it."""
        return prices(self.network, costs, flow, among=self.free)

    def lower_bound(self, costs: Integers, potentials: Integers) -> int:
        """No flow of the face costs less; holds for any potentials whatever.

        Raises OverflowError for potentials so large that the sum would leave 64 bits.
        """
        network = self.network
        check_size(network, costs, potentials, self.value)
        reduced = costs + potentials[network.tails] - potentials[network.heads]
        slack = (network.capacities * np.minimum(reduced, 0))[self.free].sum()
        return int(slack + (costs * self.fixed).sum() - (potentials * self._supplies()).sum())

    def _supplies(self) -> Integers:
        """What the free arcs have to bring from each node."""
        supplies = np.zeros(self.network.nodes, dtype=np.int64)
        supplies[SOURCE], supplies[SINK] = self.value, -self.value
        np.subtract.at(supplies, self.network.tails, self.fixed)
        np.add.at(supplies, self.network.heads, self.fixed)
        return supplies
