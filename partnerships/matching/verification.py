"""Checks a result against its input without any solver."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from partnerships.matching.certificate import breadth, breadth_bound, lower_bound
from partnerships.matching.crossing import crosses
from partnerships.matching.crossing_verification import cap_faults, crossing_faults
from partnerships.matching.document import digest
from partnerships.matching.face import Face
from partnerships.matching.ground import Ground, lay_ground
from partnerships.matching.network import Network, shortfalls
from partnerships.matching.objective import Chosen, objective_of
from partnerships.matching.outcome import Message, PairingResult, Proof, Status
from partnerships.matching.pricing import left_out
from partnerships.matching.profiles import PairingInput, Side
from partnerships.matching.programming import crossing_status
from partnerships.matching.table import Block, Integers
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
    ground = lay_ground(pairing, everything=crosses(pairing))
    return (*_limit_faults(ground, result), *_score_faults(ground, result)) or _optimum_faults(ground, result)


def _limit_faults(ground: Ground, result: PairingResult) -> tuple[Message, ...]:
    """Every pair allowed and proposed once, every pin kept, no city or quota over its places."""
    faults = []
    rows, columns = ground.table.ids_a, ground.table.ids_b
    pins = {(pin.a, pin.b) for pin in ground.pairing.pins}
    proposed = [(pair.a, pair.b) for pair in result.pairs]
    if len(set(proposed)) != len(proposed) or not pins <= set(proposed):
        faults.append(Message("pairs_repeated_or_pins_missing", {}))
    for pair in result.pairs:
        key = {"a": pair.a, "b": pair.b}
        if pair.a not in rows or pair.b not in columns:
            return (*faults, Message("unknown_pair", key))
        allowed = Block.PINNED if pair.pinned else Block.OPEN
        if ground.block(rows[pair.a], columns[pair.b]) != allowed:
            faults.append(Message("pair_not_allowed", key))
    a, b = ground.pairing.a, ground.pairing.b
    for label, side, other, turned in (("a", a, b, proposed), ("b", b, a, [(b, a) for a, b in proposed])):
        faults += _place_faults(label, side, [city for city, _ in turned])
        faults += _country_faults(label, side, other, turned)
    return (*faults, *cap_faults(ground, result))


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


def _country_faults(
    label: str, side: Side, other: Side, proposed: Sequence[tuple[str, str]]
) -> list[Message]:
    """Cities with more partners from one country than their side allows."""
    countries = {profile.id: profile.country for profile in other.profiles}
    counts = Counter((city, countries[partner]) for city, partner in proposed)
    most = side.most_per_country
    return [
        Message("country_cap_broken", {"side": label, "city": city, "country": country})
        for (city, country), count in sorted(counts.items())
        if most is not None and count > most
    ]


def _score_faults(ground: Ground, result: PairingResult) -> tuple[Message, ...]:
    rows, columns = ground.table.ids_a, ground.table.ids_b
    return tuple(
        Message("score_differs", {"a": pair.a, "b": pair.b})
        for pair in result.pairs
        if pair.a in rows
        and pair.b in columns
        and not (
            pair.score == ground.score(rows[pair.a], columns[pair.b])
            and pair.score == sum(part.points for part in pair.criteria)
        )
    )


def _optimum_faults(ground: Ground, result: PairingResult) -> tuple[Message, ...]:
    """The claimed objective is what the pairs give, and each stage reaches the bound of its prices."""
    pairing, proof = ground.pairing, result.proof
    found = shortfalls(pairing, [(pair.a, pair.b) for pair in result.pairs])
    objective = objective_of(
        pairing, [Chosen(pair.a, pair.b, pair.score, pair.pinned) for pair in result.pairs]
    )
    status = Status.OPTIMAL_WITH_SHORTFALLS if found else Status.OPTIMAL
    status = crossing_status(ground, proof, status)
    if (result.objective, result.status, result.shortfalls) != (objective, status, found):
        return (Message("objective_differs", {}),)
    if crosses(pairing):
        return crossing_faults(ground, result)
    network, floor = ground.network, None
    if pairing.settings.raise_floor and objective.floor is not None:
        floor = objective.floor
    try:
        missed = left_out(ground, proof, floor or 0)
    except OverflowError:
        return (Message("proof_unreadable", {}),)
    if len(missed.rows):
        network = ground.joined_by(missed.rows, missed.columns, missed.scores).network
    return _stage_faults(network, _reached(ground, result), proof, floor)


@dataclass(frozen=True)
class Reached:
    """What the free pairs of a result are worth to each stage."""

    pairs: int
    covered: int
    worth: int
    kept: int


def _reached(ground: Ground, result: PairingResult) -> Reached:
    free = [pair for pair in result.pairs if not pair.pinned]
    before = {(pair.a, pair.b) for pair in ground.pairing.previous}
    kept = sum((pair.a, pair.b) in before for pair in free)
    network = ground.network
    return Reached(
        pairs=len(free),
        covered=int(network.capacities[network.covered].sum()) - result.objective.shortfall,
        worth=sum(pair.score for pair in free) + network.keep_bonus * kept,
        kept=kept,
    )


def _stage_faults(network: Network, reached: Reached, proof: Proof, floor: int | None) -> tuple[Message, ...]:
    faults: list[Message] = []
    wide = breadth(network, reached.pairs, reached.covered)
    if not proves(lambda prices: breadth_bound(network, prices) <= wide, network, proof.breadth):
        faults.append(Message("more_pairs_possible", {}))
    above = network
    if floor is not None:
        higher, above = network.above(floor + 1), network.above(floor)
        if not proves(lambda prices: breadth_bound(higher, prices) < wide, higher, proof.floor):
            faults.append(Message("higher_floor_possible", {}))
    costs, count = above.score_costs(), reached.pairs
    cost = -reached.covered * above.coverage_bonus() - reached.worth
    if not proves(lambda prices: lower_bound(above, costs, prices, count) >= cost, above, proof.total):
        faults.append(Message("better_total_possible", {}))
    if not faults and above.pair_kept.any():
        face = Face.whole(above, count).narrowed(costs, np.array(proof.total, dtype=np.int64))
        close = above.kept_costs()
        if not proves(
            lambda prices: face.lower_bound(close, prices) >= -reached.kept, above, proof.closeness
        ):
            faults.append(Message("closer_result_possible", {}))
    return tuple(faults)


def proves(holds: Callable[[Integers], bool], network: Network, potentials: tuple[int, ...]) -> bool:
    """Whether potentials of the right number prove what `holds` asks of them."""
    if len(potentials) != network.nodes:
        return False
    try:
        return holds(np.array(potentials, dtype=np.int64))
    except OverflowError:
        return False
