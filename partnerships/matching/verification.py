"""Checks a result against its input without any solver."""

from collections.abc import Callable, Sequence

import numpy as np

from partnerships.matching.certificate import breadth, breadth_bound, lower_bound
from partnerships.matching.document import digest
from partnerships.matching.network import Block, Ground, Integers, Network, lay_ground, shortfalls
from partnerships.matching.outcome import Message, Objective, PairingResult, Status
from partnerships.matching.profiles import PairingInput, Side
from partnerships.matching.validation import input_faults, pin_faults


def verify(pairing: PairingInput, result: PairingResult) -> tuple[Message, ...]:
    """Checks a result against its input, from scratch; an empty tuple means that it is proven optimal.

    Scores are computed anew, every limit is checked, and the objective must reach the bounds that the
    result's proof gives. A result without pairs because of its input must name the same faults.
    """
    if result.input_digest != digest(pairing):
        return (Message("other_input", {}),)
    faults = input_faults(pairing) or pin_faults(pairing)
    if faults:
        status = Status.INVALID_INPUT if input_faults(pairing) else Status.INFEASIBLE_PINS
        honest = result.status == status and result.messages == faults and not result.pairs
        return () if honest else (Message("faults_differ", {}),)
    ground = lay_ground(pairing)
    return (*_limit_faults(ground, result), *_score_faults(ground, result)) or _optimum_faults(ground, result)


def _limit_faults(ground: Ground, result: PairingResult) -> tuple[Message, ...]:
    """Every pair allowed and proposed once, every pin kept, no city or quota over its places."""
    faults = []
    rows = {city: index for index, city in enumerate(ground.ids_a)}
    columns = {city: index for index, city in enumerate(ground.ids_b)}
    pins = {(pin.a, pin.b) for pin in ground.pairing.pins}
    proposed = [(pair.a, pair.b) for pair in result.pairs]
    if len(set(proposed)) != len(proposed) or not pins <= set(proposed):
        faults.append(Message("pairs_repeated_or_pins_missing", {}))
    for pair in result.pairs:
        key = {"a": pair.a, "b": pair.b}
        if pair.a not in rows or pair.b not in columns:
            return (*faults, Message("unknown_pair", key))
        allowed = Block.PINNED if pair.pinned else Block.OPEN
        if ground.blocks[rows[pair.a], columns[pair.b]] != allowed:
            faults.append(Message("pair_not_allowed", key))
    faults += _place_faults("a", ground.pairing.a, [a for a, _ in proposed])
    faults += _place_faults("b", ground.pairing.b, [b for _, b in proposed])
    return tuple(faults)


def _place_faults(label: str, side: Side, proposed: Sequence[str]) -> list[Message]:
    used = dict.fromkeys((profile.id for profile in side.profiles), 0)
    for city in proposed:
        used[city] += 1
    faults = [
        Message("capacity_broken", {"side": label, "city": profile.id})
        for profile in side.profiles
        if used[profile.id] > profile.capacity
    ]
    for quota in side.quotas:
        count = sum(used[row.id] for row in side.profiles if row.country in quota.countries)
        if quota.maximum is not None and count > quota.maximum:
            faults.append(Message("quota_broken", {"side": label, "quota": quota.label}))
    return faults


def _score_faults(ground: Ground, result: PairingResult) -> tuple[Message, ...]:
    rows = {city: index for index, city in enumerate(ground.ids_a)}
    columns = {city: index for index, city in enumerate(ground.ids_b)}
    return tuple(
        Message("score_differs", {"a": pair.a, "b": pair.b})
        for pair in result.pairs
        if pair.a in rows
        and pair.b in columns
        and not (
            pair.score == ground.scores[rows[pair.a], columns[pair.b]]
            and pair.score == sum(part.points for part in pair.criteria)
        )
    )


def _optimum_faults(ground: Ground, result: PairingResult) -> tuple[Message, ...]:
    """The claimed objective is what the pairs give, and each stage reaches the bound of its prices."""
    faults: list[Message] = []
    free = [pair.score for pair in result.pairs if not pair.pinned]
    found = shortfalls(ground.pairing, [(pair.a, pair.b) for pair in result.pairs])
    short = sum(row.minimum - row.reached for row in found)
    total = sum(pair.score for pair in result.pairs)
    objective = Objective(len(result.pairs), short, min(free, default=None), total)
    status = Status.OPTIMAL_WITH_SHORTFALLS if short else Status.OPTIMAL
    if (result.objective, result.status, result.shortfalls) != (objective, status, found):
        return (Message("objective_differs", {}),)
    network, raised = ground.network, ground.pairing.settings.raise_floor
    covered = int(network.capacities[network.covered].sum()) - short
    reached = breadth(network, len(free), covered)
    if not proves(lambda prices: breadth_bound(network, prices) <= reached, network, result.proof.breadth):
        faults.append(Message("more_pairs_possible", {}))
    if raised and free:
        higher, network = network.above(min(free) + 1), network.above(min(free))
        if not proves(lambda prices: breadth_bound(higher, prices) < reached, higher, result.proof.floor):
            faults.append(Message("higher_floor_possible", {}))
    costs = network.score_costs()
    cost = covered * network.coverage_bonus() * -1 - sum(free)
    if not proves(
        lambda prices: lower_bound(network, costs, prices, len(free)) >= cost, network, result.proof.total
    ):
        faults.append(Message("better_total_possible", {}))
    return tuple(faults)


def proves(holds: Callable[[Integers], bool], network: Network, potentials: tuple[int, ...]) -> bool:
    """Whether potentials of the right number prove what `holds` asks of them."""
    if len(potentials) != network.nodes:
        return False
    try:
        return holds(np.array(potentials, dtype=np.int64))
    except OverflowError:
        return False
