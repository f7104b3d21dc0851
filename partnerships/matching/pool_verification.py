"""Checks a grouping against its input without any solver."""

from dataclasses import replace

import numpy as np

from partnerships.matching.columns import DECIDED, PoolGround, lay_pool
from partnerships.matching.document import digest
from partnerships.matching.exhaustion import TooManyError, better_exists
from partnerships.matching.group_report import objective_of
from partnerships.matching.group_stages import Partition, Stage, first_stage, placing, worth
from partnerships.matching.groups import result_of
from partnerships.matching.outcome import Message, Status
from partnerships.matching.pool import PoolInput, PoolResult, ProofKind, StageProof
from partnerships.matching.pool_validation import pool_faults
from partnerships.matching.program import Integers, Prices, Program, bound, cut_row, honest


def verify(pool: PoolInput, result: PoolResult) -> tuple[Message, ...]:
    """Checks a result against its input, from scratch; an empty tuple means that it is what its proof says.

    Groups are listed and scored anew, every limit is checked, and each stage must reach the bound that its
    prices give, or exhaust what they leave open. A stage that rests on the solver alone
    (`ProofKind.SEARCH`) or was cut off is checked to lie within its gap, no more.
    """
    if result.input_digest != digest(pool):
        return (Message("other_input", {}),)
    faults = pool_faults(pool)
    if faults:
        honest_refusal = result.status == Status.INVALID_INPUT and result.messages == faults
        return () if honest_refusal and not result.groups else (Message("faults_differ", {}),)
    ground = lay_pool(pool)
    chosen, found = _chosen(ground, result)
    return found or _content_faults(ground, result, chosen) or _proof_faults(ground, result, chosen)


def _chosen(ground: PoolGround, result: PoolResult) -> tuple[tuple[int, ...], tuple[Message, ...]]:
    """The rows of the groups, each allowed and no city in two."""
    place = {city: index for index, city in enumerate(ground.ids)}
    chosen, faults, seen = [], list[Message](), set[str]()
    for group in result.groups:
        cities = [place[city] for city in group.cities if city in place]
        row = ground.columns.find(cities) if len(cities) == len(group.cities) else None
        if row is None:
            faults.append(Message("group_not_allowed", {"cities": list(group.cities)}))
        elif seen & set(group.cities):
            faults.append(Message("city_in_two_groups", {"cities": sorted(seen & set(group.cities))}))
        else:
            chosen.append(row)
            seen |= set(group.cities)
    return tuple(sorted(chosen)), tuple(faults)


def _content_faults(ground: PoolGround, result: PoolResult, chosen: tuple[int, ...]) -> tuple[Message, ...]:
    """Everything that is said of the groups, written anew and compared."""
    if result.objective != objective_of(ground, chosen):
        return (Message("objective_differs", {}),)
    tied = (result.statistics or {}).get("exchangeable", 0)
    expected = result_of(ground, Partition(chosen, result.proof, tied))
    same = replace(expected, engine=result.engine, solver=result.solver) == result
    return () if same else (Message("groups_differ", {}),)


def _proof_faults(ground: PoolGround, result: PoolResult, chosen: tuple[int, ...]) -> tuple[Message, ...]:
    """The stages whose proof does not show what it claims."""
    if not len(ground.columns):
        return ()
    stage = first_stage(ground)
    taken = np.isin(stage.rows, chosen)
    weights = placing(ground, stage.columns)
    goal = int(weights[taken].sum())
    shown = {"more_cities_possible": _shows(stage.program, weights, result.proof.placed, goal)}
    if ground.pool.settings.raise_floor:
        shown["higher_floor_possible"] = _floor_shown(stage, result, taken, goal)
        weakest = stage.columns.weakest
        kept = np.flatnonzero(weakest >= weakest[taken].min(initial=DECIDED))
        stage, taken = stage.among(kept), taken[kept]
    stage = stage.asking(placing(ground, stage.columns), goal)
    weights = worth(ground, stage.columns)
    shown["better_total_possible"] = _shows(
        stage.program, weights, result.proof.total, int(weights[taken].sum())
    )
    return tuple(Message(code, {}) for code, holds in shown.items() if not holds)


def _floor_shown(stage: Stage, result: PoolResult, taken: Integers, goal: int) -> bool:
    """Whether groups above the floor alone are shown to place less."""
    weakest = stage.columns.weakest
    higher = stage.among(np.flatnonzero(weakest > weakest[taken].min(initial=weakest.max())))
    if not len(higher.rows):
        return result.proof.floor is None
    return _shows(higher.program, placing(stage.ground, higher.columns), result.proof.floor, goal - 1)


def _shows(program: Program, weights: Integers, proof: StageProof | None, value: int) -> bool:
    """Whether the proof shows that nothing is worth more than `value`, as far as it claims to."""
    if proof is None or not honest(program, proof.prices, proof.cuts, proof.scale):
        return False
    own = len(program.limits)
    prices = Prices(
        proof.scale,
        np.array(proof.prices[:own], dtype=np.int64),
        proof.cuts,
        proof.prices[own:],
        tuple(cut_row(program, cut) for cut in proof.cuts),
    )
    reached = bound(program, weights, prices)
    if (proof.bound, proof.gap) != (reached, max(reached - value, 0)):
        return False
    if proof.kind is ProofKind.PRICES:
        return proof.gap == 0
    try:
        better = better_exists(program, weights, prices, value)
    except TooManyError:
        return proof.kind in (ProofKind.SEARCH, ProofKind.OPEN)
    return proof.kind is ProofKind.OPEN if better else proof.kind is ProofKind.ENUMERATED
