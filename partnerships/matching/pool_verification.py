"""Checks a grouping against its input without any solver."""

from dataclasses import replace

import numpy as np

from partnerships.matching.choice_proof import proof_faults
from partnerships.matching.choice_stages import Chosen
from partnerships.matching.columns import PoolGround, lay_pool
from partnerships.matching.document import digest
from partnerships.matching.group_choice import group_choice
from partnerships.matching.group_report import objective_of
from partnerships.matching.groups import result_of
from partnerships.matching.outcome import Message, Status
from partnerships.matching.pool import PoolInput, PoolResult
from partnerships.matching.pool_validation import pool_faults


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
    expected = result_of(ground, Chosen(chosen, result.proof, tied))
    same = replace(expected, engine=result.engine, solver=result.solver) == result
    return () if same else (Message("groups_differ", {}),)


def _proof_faults(ground: PoolGround, result: PoolResult, chosen: tuple[int, ...]) -> tuple[Message, ...]:
    choice = group_choice(ground)
    taken = np.isin(choice.rows, chosen)
    return proof_faults(choice, taken, result.proof, raise_floor=ground.pool.settings.raise_floor)
