"""The solver: minimum cost flow and maximum flow of OR-Tools. `certificate` proves what it finds."""

import numpy as np

from partnerships.matching.network import SINK, SOURCE, Network
from partnerships.matching.table import Integers


class SolverError(Exception):
    """The solver refused a network that is solvable by construction."""


def widest_flow(network: Network) -> Integers:
    """A flow of the most pairs that covers the most places of minimum quotas."""
    if network.covered.any() and network.capacities[network.covered].any():
        return least_cost_flow(network, network.breadth_costs(), network.widest)
    from ortools.graph.python.max_flow import SimpleMaxFlow

    solver = SimpleMaxFlow()
    arcs = solver.add_arcs_with_capacity(network.tails, network.heads, network.capacities)
    if solver.solve(SOURCE, SINK) != solver.OPTIMAL:
        raise SolverError("maximum flow")
    return solver.flows(arcs).astype(np.int64)


def least_cost_flow(network: Network, costs: Integers, value: int) -> Integers:
    """A flow of least cost among those of the largest value up to `value`."""
    supplies = np.zeros(network.nodes, dtype=np.int64)
    supplies[SOURCE], supplies[SINK] = value, -value
    return solve(network.tails, network.heads, network.capacities, costs, supplies)


def solve(
    tails: Integers, heads: Integers, capacities: Integers, costs: Integers, supplies: Integers
) -> Integers:
    """A flow of least cost among those that bring the most of the supplies to where they are missing."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tails, heads, capacities, costs)
    solver.set_nodes_supplies(np.arange(len(supplies)), supplies)
    status = solver.solve_max_flow_with_min_cost()
    if status != solver.OPTIMAL:
        raise SolverError(str(status))
    return solver.flows(arcs).astype(np.int64)
