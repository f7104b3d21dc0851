"""The stages of the optimum, one after the other, each solved exactly.

1. Most pairs, and among these the most places of minimum quotas.
2. The highest floor: the largest score that the weakest pair can have at that breadth (`floor`).
3. The best total above the floor, a bonus for pairs of the run before included.
4. Among equal optima the one that keeps the most pairs of the run before.
5. Among what is still equal the one that a BLAKE2 hash of the published salt and the pair's ids prefers, so
   that neither the order of rows nor the solver decides.

The solver is trusted for nothing: `certificate` proves stages 1 to 4 from its flows. Where the network holds
only the best candidates of large sides, `pricing` names the pairs that have to join until the prices hold for
all pairs.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from partnerships.matching.certificate import breadth_prices, prices
from partnerships.matching.face import Face
from partnerships.matching.floor import highest_floor, value_of
from partnerships.matching.ground import Ground
from partnerships.matching.network import Network
from partnerships.matching.outcome import Proof
from partnerships.matching.pricing import left_out
from partnerships.matching.solver import least_cost_flow, widest_flow
from partnerships.matching.table import Integers, Mask, Tell, say_nothing

Pairs = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Optimum:
    """The chosen free pairs as (row of A, row of B), the proof, and how many pairs were tied."""

    pairs: tuple[tuple[int, int], ...]
    proof: Proof
    tied: int


@dataclass(frozen=True)
class TieBreak:
    """What settles equal optima: the pairs to `stay` with, then the published salt and the pairs' ids."""

    salt: str
    ids_a: Sequence[str]
    ids_b: Sequence[str]
    stay: Pairs = frozenset()


@dataclass(frozen=True)
class Height:
    """The optimum before ties are settled: how many pairs, above which floor, the prices that prove it."""

    value: int
    floor: int
    breadth: Integers
    raised: Integers
    total: Integers

    @property
    def proof(self) -> Proof:
        breadth, raised, total = (tuple(part.tolist()) for part in (self.breadth, self.raised, self.total))
        return Proof(breadth, raised, total)


def optimise(ground: Ground, *, tell: Tell = say_nothing, stay: Pairs = frozenset()) -> Optimum:
    """Solves all stages for a pairing. Raises SolverError when the solver fails on a network."""
    settings = ground.pairing.settings
    ties = TieBreak(settings.salt, ground.ids_a, ground.ids_b, stay)
    floor = 0
    while True:
        height = climb(ground.network, raise_floor=settings.raise_floor, at_least=floor, tell=tell)
        missed = left_out(ground, height.proof, height.floor)
        if not missed.better.any():
            break
        floor = height.floor  # with more pairs it can only rise
        missed = missed.only(missed.better)
        ground = ground.joined_by(missed.rows, missed.columns, missed.scores)
    if len(missed.rows):  # as good as what is there: they take part in what follows
        ground = ground.joined_by(missed.rows, missed.columns, missed.scores)
    tell("closeness", 800)
    return settled(ground.network, height, ties)


def optimise_network(network: Network, ties: TieBreak, *, raise_floor: bool) -> Optimum:
    """Solves all stages on any network of pairs. Raises SolverError when the solver fails on it."""
    return settled(network, climb(network, raise_floor=raise_floor), ties)


def climb(network: Network, *, raise_floor: bool, at_least: int = 0, tell: Tell = say_nothing) -> Height:
    """The first three stages. `at_least`: a floor that is known to hold."""
    tell("breadth", 300)
    first = widest_flow(network)
    value, proven = value_of(network, first), breadth_prices(network, first)
    floor, raised = 0, np.zeros(0, dtype=np.int64)
    if raise_floor and value:
        tell("floor", 400)
        floor, raised = highest_floor(network, first, at_least, tell)
    tell("total", 650)
    above = network.above(floor)
    costs = above.score_costs()
    flow = least_cost_flow(above, costs, value)
    return Height(value, floor, proven, raised, prices(above, costs, flow))


def settled(network: Network, height: Height, ties: TieBreak) -> Optimum:
    """One of the optima: the closest to the run before, then the closest to `stay`, then the salt's."""
    above = network.above(height.floor)
    closeness: tuple[int, ...] = ()
    face = Face.whole(above, height.value).narrowed(above.score_costs(), height.total)
    if above.pair_kept.any():
        costs = above.kept_costs()
        potentials = face.prices(costs, face.cheapest(costs))
        face, closeness = face.narrowed(costs, potentials), tuple(potentials.tolist())
    if ties.stay:
        costs = _costs(above, -_among(above, ties.stay).astype(np.int64))
        face = face.narrowed(costs, face.prices(costs, face.cheapest(costs)))
    free = face.free_pairs()
    hashes = np.zeros(len(above.pair_a), dtype=np.int64)
    hashes[free] = _hashes(ties, above, free)
    chosen = face.cheapest(_costs(above, hashes))[above.first_pair :] > 0
    return Optimum(
        pairs=tuple(zip(above.pair_a[chosen].tolist(), above.pair_b[chosen].tolist(), strict=True)),
        proof=replace(height.proof, closeness=closeness),
        tied=0 if chosen[free].all() else len(free),
    )


def _costs(network: Network, of_pairs: Integers) -> Integers:
    """Costs of all arcs, where only pairs have any."""
    return np.concatenate([np.zeros(network.first_pair, dtype=np.int64), of_pairs])


def _among(network: Network, pairs: Pairs) -> Mask:
    width = int(network.pair_b.max(initial=0)) + 1
    codes = [a * width + b for a, b in pairs if b < width]
    return np.isin(network.pair_a * width + network.pair_b, codes)


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
