"""Another solver (LEMON's network simplex) finds the same least cost."""

import numpy as np
from hypothesis import given
from pylmcf import Graph

from partnerships.matching.ground import lay_ground
from partnerships.matching.network import SINK, SOURCE, Network
from partnerships.matching.solver import least_cost_flow, widest_flow
from partnerships.matching.table import Integers
from partnerships.matching.validation import input_faults, pin_faults
from tests.partnerships.matching.instances import inputs, quick


@quick
@given(inputs(most=8))
def test_least_cost_agrees(pairing):
    if input_faults(pairing) or pin_faults(pairing):
        return
    network = lay_ground(pairing).network
    value = int(widest_flow(network)[network.tails == SOURCE].sum())
    if not value:
        return
    costs = network.score_costs()
    ours = int((least_cost_flow(network, costs, value) * costs).sum())
    assert least_cost_elsewhere(network, costs, value) == ours


def least_cost_elsewhere(network: Network, costs: Integers, value: int) -> int:
    """The other solver takes no negative cost: such arcs start full and may give back."""
    negative = costs < 0
    tails = np.where(negative, network.heads, network.tails)
    heads = np.where(negative, network.tails, network.heads)
    full = np.where(negative, network.capacities, 0)
    supplies = np.zeros(network.nodes, dtype=np.int64)
    supplies[SOURCE], supplies[SINK] = value, -value
    np.subtract.at(supplies, network.tails, full)
    np.add.at(supplies, network.heads, full)
    order = np.lexsort((heads, tails))
    other = Graph(network.nodes, tails[order], heads[order])
    other.set_edge_capacities(network.capacities[order])
    other.set_edge_costs(np.abs(costs)[order])
    other.set_node_supply(supplies)
    other.solve()
    return int(other.total_cost()) + int((full * costs).sum())
