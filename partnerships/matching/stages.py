"""The four stages of the optimum, one after the other, each solved exactly.

1. Most pairs, and among these the most places of minimum quotas.
2. The highest floor: the largest score that the weakest pair can have at that breadth (binary search).
3. The best total score above the floor.
4. Among equal optima the one that a BLAKE2 hash of the published salt and the pair's ids prefers, so that
   neither the order of rows nor the solver decides.

The solver is trusted for nothing: `certificate` proves stages 1 to 3 from its flows.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from partnerships.matching.certificate import breadth, breadth_prices, prices
from partnerships.matching.network import SINK, SOURCE, Ground, Integers, Network
from partnerships.matching.outcome import Proof


class SolverError(Exception):
    """The solver refused a network that is solvable by construction."""


@dataclass(frozen=True)
class Optimum:
    """The chosen free pairs as (row of A, row of B), the proof, and how many pairs were tied."""

    pairs: tuple[tuple[int, int], ...]
    proof: Proof
    tied: int


@dataclass(frozen=True)
class TieBreak:
    """What settles equal optima: the published salt and the ids of the rows and columns of the pairs."""

    salt: str
    ids_a: Sequence[str]
    ids_b: Sequence[str]


def optimise(ground: Ground) -> Optimum:
    """Solves all stages for a pairing. Raises SolverError when the solver fails on a network."""
    settings = ground.pairing.settings
    ties = TieBreak(settings.salt, ground.ids_a, ground.ids_b)
    return optimise_network(ground.network, ties, raise_floor=settings.raise_floor)


def optimise_network(network: Network, ties: TieBreak, *, raise_floor: bool) -> Optimum:
    """Solves all stages on any network of pairs. Raises SolverError when the solver fails on it."""
    first = widest_flow(network)
    proof_breadth = breadth_prices(network, first)
    proof_floor: Integers = np.zeros(0, dtype=np.int64)
    kept = network
    if raise_floor and _value(network, first):
        floor, proof_floor = _highest_floor(network, _reached(network, first))
        kept = network.above(floor)
    costs = kept.score_costs()
    flow = least_cost_flow(kept, costs, _value(network, first))
    potentials = prices(kept, costs, flow)
    flow, tied = _settle_ties(ties, kept, costs, potentials, flow)
    chosen = flow[kept.first_pair :] > 0
    return Optimum(
        pairs=tuple(zip(kept.pair_a[chosen].tolist(), kept.pair_b[chosen].tolist(), strict=True)),
        proof=Proof(*(tuple(part.tolist()) for part in (proof_breadth, proof_floor, potentials))),
        tied=tied,
    )


def widest_flow(network: Network) -> Integers:
    """A flow of the most pairs that covers the most places of minimum quotas."""
    if network.covered.any() and network.capacities[network.covered].any():
        return least_cost_flow(network, network.breadth_costs(), network.widest)
    solver = SimpleMaxFlow()
    arcs = solver.add_arcs_with_capacity(network.tails, network.heads, network.capacities)
    if solver.solve(SOURCE, SINK) != solver.OPTIMAL:
        raise SolverError("maximum flow")
    return solver.flows(arcs).astype(np.int64)


def least_cost_flow(network: Network, costs: Integers, value: int) -> Integers:
    """A flow of least cost among those of the largest value up to `value`."""
    supplies = np.zeros(network.nodes, dtype=np.int64)
    supplies[SOURCE], supplies[SINK] = value, -value
    return _solve(network.tails, network.heads, network.capacities, costs, supplies)


def _solve(
    tails: Integers, heads: Integers, capacities: Integers, costs: Integers, supplies: Integers
) -> Integers:
    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tails, heads, capacities, costs)
    solver.set_nodes_supplies(np.arange(len(supplies)), supplies)
    status = solver.solve_max_flow_with_min_cost()
    if status != solver.OPTIMAL:
        raise SolverError(str(status))
    return solver.flows(arcs).astype(np.int64)


def _highest_floor(network: Network, goal: int) -> tuple[int, Integers]:
    """The largest floor that keeps the breadth `goal`, and the proof that one more loses it."""
    floors = np.unique(network.pair_score)
    low, high = 0, len(floors) - 1
    known = network  # what is below a floor that holds is not looked at again
    while low < high:
        middle = (low + high + 1) // 2
        narrowed = known.above(int(floors[middle]))
        if _reached(narrowed, widest_flow(narrowed)) == goal:
            low, known = middle, narrowed
        else:
            high = middle - 1
    floor = int(floors[low])
    above = known.above(floor + 1)
    return floor, breadth_prices(above, widest_flow(above))


def _value(network: Network, flow: Integers) -> int:
    return int(flow[network.tails == SOURCE].sum())


def _reached(network: Network, flow: Integers) -> int:
    return breadth(network, _value(network, flow), int(flow[network.covered].sum()))


def _settle_ties(
    ties: TieBreak, network: Network, costs: Integers, potentials: Integers, flow: Integers
) -> tuple[Integers, int]:
    """The optimal flow that the salt prefers, and how many pairs could be exchanged at no loss.

    Arcs of positive reduced cost are empty and those of negative reduced cost full in every optimum; the
    rest is solved anew with hashes as costs.
    """
    reduced = costs + potentials[network.tails] - potentials[network.heads]
    open_arcs = reduced == 0
    open_pairs = np.flatnonzero(open_arcs[network.first_pair :])
    if (flow[network.first_pair + open_pairs] > 0).all():
        return flow, 0
    full = np.where(reduced < 0, network.capacities, 0)
    supplies = np.zeros(network.nodes, dtype=np.int64)
    supplies[SOURCE], supplies[SINK] = _value(network, flow), -_value(network, flow)
    np.subtract.at(supplies, network.tails, full)
    np.add.at(supplies, network.heads, full)
    hashes = np.zeros(len(costs), dtype=np.int64)
    hashes[network.first_pair + open_pairs] = _hashes(ties, network, open_pairs)
    arcs = np.flatnonzero(open_arcs)
    settled = full.copy()
    settled[arcs] = _solve(
        network.tails[arcs], network.heads[arcs], network.capacities[arcs], hashes[arcs], supplies
    )
    return settled, len(open_pairs)


def _hashes(ties: TieBreak, network: Network, pairs: Integers) -> Integers:
    key = hashlib.blake2b(ties.salt.encode(), digest_size=32).digest()
    ids_a, ids_b = ties.ids_a, ties.ids_b
    hashes = [
        int.from_bytes(
            hashlib.blake2b(f"{len(ids_a[a])}:{ids_a[a]}{ids_b[b]}".encode(), digest_size=5, key=key).digest()
        )
        for a, b in zip(network.pair_a[pairs].tolist(), network.pair_b[pairs].tolist(), strict=True)
    ]
    return np.array(hashes, dtype=np.int64)
