"""Exact proof that a result is optimal, in integers and without trusting the solver.

The proof rests on linear duality. Give each node of the network a price (a potential). For any flow that
sends `value` units from the source to the sink,

    cost >= value * (price[sink] - price[source]) + sum over arcs of capacity * min(0, reduced cost)

where the reduced cost of an arc is its cost + price[tail] - price[head]. When a result reaches this bound,
nothing better exists. The prices come from Bellman-Ford distances over the residual network of an optimal
flow (`prices`); checking them (`lower_bound`) takes additions only.
Source: Ahuja, Magnanti, Orlin, Network Flows (1993), chapter 9.
"""

from dataclasses import replace

import numpy as np

from partnerships.matching.network import SINK, SOURCE, Network
from partnerships.matching.table import Integers, Mask


class NotOptimalError(Exception):
    """The flow can be improved: its residual network has a cycle of negative cost."""


def prices(network: Network, costs: Integers, flow: Integers, among: Mask | None = None) -> Integers:
    """Potentials under which every arc that could carry more or less flow has the right sign.

    With `among` only these arcs may change their flow. Raises NotOptimalError when the flow is not of least
    cost among the flows of its value.
    """
    forth, back = flow < network.capacities, flow > 0
    if among is not None:
        forth, back = forth & among, back & among
    tails = np.concatenate([network.tails[forth], network.heads[back]])
    heads = np.concatenate([network.heads[forth], network.tails[back]])
    lengths = np.concatenate([costs[forth], -costs[back]])
    order = np.argsort(tails, kind="stable")
    tails, lengths, heads = tails[order], lengths[order], heads[order]
    starts = tails.searchsorted(np.arange(network.nodes + 1))
    distances, nearer = np.zeros(network.nodes, dtype=np.int64), np.arange(network.nodes)
    for _ in range(network.nodes + 1):
        leaving = _ranges(starts[nearer], starts[nearer + 1])
        reach, ends = distances[tails[leaving]] + lengths[leaving], heads[leaving]
        shorter = reach < distances[ends]
        if not shorter.any():
            return distances
        np.minimum.at(distances, ends[shorter], reach[shorter])
        nearer = np.unique(ends[shorter])  # only from there can others come nearer
    raise NotOptimalError


def _ranges(firsts: Integers, ends: Integers) -> Integers:
    """All numbers of some ranges, one after the other."""
    counts = ends - firsts
    return np.arange(counts.sum()) + np.repeat(firsts - counts.cumsum() + counts, counts)


def breadth_prices(network: Network, flow: Integers) -> Integers:
    """Potentials that prove a flow to be the largest, and among the largest to cover the most minimums."""
    circulation, costs = _with_return(network)
    sent = flow[network.tails == SOURCE].sum()
    return prices(circulation, costs, np.append(flow, sent))


def lower_bound(network: Network, costs: Integers, potentials: Integers, value: int) -> int:
    """No flow of this value costs less; holds for any potentials whatever.

    Raises OverflowError for potentials so large that the sum would leave 64 bits.
    """
    check_size(network, costs, potentials, value)
    reduced = costs + potentials[network.tails] - potentials[network.heads]
    slack = int((network.capacities * np.minimum(reduced, 0)).sum())
    return value * int(potentials[SINK] - potentials[SOURCE]) + slack


def check_size(network: Network, costs: Integers, potentials: Integers, value: int) -> None:
    """Raises OverflowError where a bound might leave 64 bits."""
    largest = int(np.abs(potentials).max(initial=0)) * 2 + int(np.abs(costs).max(initial=0))
    if largest * int(network.capacities.sum() + value + 1) >= 2**62:
        raise OverflowError


def breadth_bound(network: Network, potentials: Integers) -> int:
    """No flow is worth more breadth (see `breadth`) than this."""
    circulation, costs = _with_return(network)
    return -lower_bound(circulation, costs, potentials, 0)


def breadth(network: Network, value: int, covered: int) -> int:
    """Pairs first, covered minimums second, as one number."""
    return _unit(network) * value + covered


def _with_return(network: Network) -> tuple[Network, Integers]:
    """The network closed by an arc from sink to source whose every unit is worth more than all coverage."""
    closed = replace(
        network,
        tails=np.append(network.tails, SINK),
        heads=np.append(network.heads, SOURCE),
        capacities=np.append(network.capacities, network.widest),
        covered=np.append(network.covered, False),
    )
    return closed, np.append(network.breadth_costs(), -_unit(network))


def _unit(network: Network) -> int:
    return int(network.capacities[network.covered].sum()) + 1
