"""The highest floor: the largest score that the weakest pair can have while the breadth stays."""

import numpy as np

from partnerships.matching.certificate import breadth, breadth_prices
from partnerships.matching.network import SINK, SOURCE, Network
from partnerships.matching.solver import widest_flow
from partnerships.matching.table import Integers, Mask, Tell

FAILURES = 2
"""After so many failures in a row the next floor is sought half way down."""


def highest_floor(network: Network, flow: Integers, at_least: int, tell: Tell) -> tuple[int, Integers]:
    """The largest floor that keeps the breadth of a widest flow, and the proof that one more loses it.

    `at_least`: a floor that is known to keep it. Every trial tells more than yes or no: a flow that keeps the
    breadth has a weakest pair, and where it is lost, a cut of the network tells which pairs would be needed.
    """
    goal = reached(network, flow)
    scores = np.unique(network.pair_score)
    low, high = max(at_least, _weakest(network, flow)), _ceiling(network, value_of(network, flow))
    known = network  # what is below a floor that holds is not looked at again
    failures = 0
    while low < high:
        tell("floor", 400)
        trial = high if failures < FAILURES else _between(scores, low, high)
        narrowed = known.above(trial)
        found = widest_flow(narrowed)
        if reached(narrowed, found) == goal:
            low, known, failures = _weakest(narrowed, found), narrowed, 0
        else:
            below = int(scores[scores.searchsorted(trial) - 1])
            lacking = value_of(network, flow) - value_of(narrowed, found)
            high = min(below, _bridge(known, trial, found, lacking))
            failures = failures + 1 if failures < FAILURES else 0
    above = known.above(low + 1)
    return low, breadth_prices(above, widest_flow(above))


def value_of(network: Network, flow: Integers) -> int:
    """How many pairs a flow has."""
    return int(flow[network.tails == SOURCE].sum())


def reached(network: Network, flow: Integers) -> int:
    """The breadth of a flow."""
    return breadth(network, value_of(network, flow), int(flow[network.covered].sum()))


def _weakest(network: Network, flow: Integers) -> int:
    return int(network.pair_score[flow[network.first_pair :] > 0].min())


def _between(scores: Integers, low: int, high: int) -> int:
    first, last = scores.searchsorted([low, high]).tolist()
    return int(scores[(first + last + 1) // 2])


def _ceiling(network: Network, value: int) -> int:
    """No floor is higher: all but the spare cities have a pair, and none is better than the city's best."""
    first = network.first_pair
    ceiling = int(network.pair_score.max())
    for ends, children, root in (
        (network.tails[first:], network.heads[:first], SOURCE),
        (network.heads[first:], network.tails[:first], SINK),
    ):
        best, places = np.zeros(network.nodes, dtype=np.int64), np.zeros(network.nodes, dtype=np.int64)
        np.maximum.at(best, ends, network.pair_score)
        np.add.at(places, children, network.capacities[:first])
        takers = np.unique(ends[ends != root])
        takers = takers[places[takers] > 0]
        spare = int(places[takers].sum()) - value
        if spare < len(takers):
            ceiling = min(ceiling, int(np.sort(best[takers])[spare]))
    return ceiling


def _bridge(network: Network, trial: int, flow: Integers, lacking: int) -> int:
    """The score that as many of the pairs below a trial reach as its flow is lacking.

    They would have to lead over the cut that keeps the flow from being larger.
    """
    if not lacking:  # only places of minimum quotas are
        return trial
    narrowed, first = network.above(trial), network.first_pair
    near = _near(narrowed, flow)
    over = near[network.tails[first:]] & ~near[network.heads[first:]] & (network.pair_score < trial)
    return int(np.sort(network.pair_score[over])[-lacking])


def _near(network: Network, flow: Integers) -> Mask:
    """The nodes that could still be reached from the source."""
    forth, back = flow < network.capacities, flow > 0
    tails = np.concatenate([network.tails[forth], network.heads[back]])
    heads = np.concatenate([network.heads[forth], network.tails[back]])
    near = np.zeros(network.nodes, dtype=np.bool_)
    near[SOURCE] = True
    count = 0
    while count < near.sum():
        count = int(near.sum())
        near[heads[near[tails]]] = True
    return near
