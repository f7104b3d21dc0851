"""The engine of groups: one pool of cities in couples, trios or larger clusters, proven and explained.

What is best, in this order: most cities of couples that belong together, then most cities; the highest floor
(the mean of the links that were free to choose, in the weakest group; switchable); the best total (over the
groups, mean link score times size, each rounded down); most groups of the run before; the published salt.
A link's score is the mean of both directions, rounded down.
"""

from partnerships.matching.choice_proof import cut_off, limits_of
from partnerships.matching.choice_stages import Chosen, choose
from partnerships.matching.columns import PoolGround, lay_pool
from partnerships.matching.document import digest
from partnerships.matching.engine import Progress, solver_version
from partnerships.matching.group_choice import group_choice
from partnerships.matching.group_report import groups_of, objective_of
from partnerships.matching.outcome import Message, Status
from partnerships.matching.pool import PoolInput, PoolResult
from partnerships.matching.pool_validation import pool_faults
from partnerships.matching.table import say_nothing
from partnerships.matching.ungrouped import ungrouped_of

GROUPS_VERSION = "1"
"""Rises whenever the same input could give another result."""

DONE = {"breadth": 100, "floor": 250, "total": 500, "closeness": 850}
"""How far a run is when a stage begins, per mille."""


def run(pool: PoolInput, *, progress: Progress | None = None, seconds: float = 60) -> PoolResult:
    """Groups the cities of a pool optimally.

    `progress` is told the stage (scoring, breadth, floor, total, closeness, explaining) and how much is done,
    per mille. `seconds` is an effort in the solver's own deterministic steps, about seconds of one core, so
    that a run is reproducible. Faults of the input give a result without groups that names the causes.
    """
    faults = pool_faults(pool)
    if faults:
        return PoolResult(GROUPS_VERSION, solver_version(), digest(pool), Status.INVALID_INPUT, faults)
    tell = progress or say_nothing
    tell("scoring", 0)
    ground = lay_pool(pool)
    found = choose(
        group_choice(ground),
        raise_floor=pool.settings.raise_floor,
        salt=pool.settings.salt,
        seconds=seconds,
        tell=lambda stage: tell(stage, DONE[stage]),
    )
    tell("explaining", 900)
    return result_of(ground, found)


def result_of(ground: PoolGround, found: Chosen) -> PoolResult:
    """A choice of groups as it is kept."""
    columns = ground.columns
    return PoolResult(
        engine=GROUPS_VERSION,
        solver=solver_version(),
        input_digest=digest(ground.pool),
        status=Status.OPTIMAL if ground.whole and not cut_off(found.proofs) else Status.TIME_LIMITED,
        messages=messages_of(ground, found),
        objective=objective_of(ground, found.rows),
        groups=groups_of(ground, found.rows),
        ungrouped=ungrouped_of(ground, found.rows),
        statistics={
            "cities": len(ground.ids),
            "groups_possible": len(columns),
            "exchangeable": found.tied,
        },
        proof=found.proofs,
    )


def messages_of(ground: PoolGround, found: Chosen) -> tuple[Message, ...]:
    """What staff should know: nobody to group, couples left out or weak, and how far the optimum is shown."""
    pool, known = ground.pool, set(ground.ids)
    grouped = {ground.ids[city] for row in found.rows for city in ground.columns.cities(row)}
    messages = [
        Message("apart_without_effect", {"a": pair.a, "b": pair.b})
        for pair in pool.apart
        if not {pair.a, pair.b} <= known or pair.a == pair.b
    ]
    if not len(ground.columns):
        messages.append(Message("no_group_possible", {"cities": len(known), "smallest": pool.smallest}))
    messages += [
        Message("couple_not_placed", {"cities": sorted(couple.cities)})
        for couple in pool.together
        if not couple.cities <= grouped
    ]
    return (*messages, *_weak_couples(ground, found), *_listed(ground), *limits_of(found.proofs))


def _weak_couples(ground: PoolGround, found: Chosen) -> list[Message]:
    minimum, columns = ground.pool.settings.minimum_score, ground.columns
    return [
        Message(
            "couple_below_minimum_score",
            {"cities": [ground.ids[city] for city in columns.cities(row)], "minimum": minimum},
        )
        for row in sorted(found.rows)
        if columns.worth[row] < minimum * columns.sizes[row]
    ]


def _listed(ground: PoolGround) -> list[Message]:
    if ground.whole:
        return []
    return [Message("optimal_over_columns", {"columns": len(ground.columns)})]
