"""Why some cities do not share a group: the limit that forbids it, or exactly what it would cost."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from partnerships.matching.groups import run
from partnerships.matching.outcome import Message, Status
from partnerships.matching.pool import PoolInput, PoolObjective, PoolResult, Together


@dataclass(frozen=True)
class GroupChange:
    """One group that comes (`gained`) or goes, with its score in milli-points."""

    cities: tuple[str, ...]
    score: int
    gained: bool


@dataclass(frozen=True)
class GroupWhyNot:
    """What a wished group would cost.

    `reason` is the limit that forbids it or "cost": then `before` and `after` are the objectives of the
    grouping and of the best one in which these cities share a group, `changes` the groups that go and come,
    and `alone` the cities that would lose their group. `proven`: both groupings are optimal.
    """

    cities: tuple[str, ...]
    reason: Message
    before: PoolObjective | None = None
    after: PoolObjective | None = None
    changes: tuple[GroupChange, ...] = ()
    alone: tuple[str, ...] = ()
    proven: bool = False


def why_not_group(
    pool: PoolInput, result: PoolResult, cities: Iterable[str], *, seconds: float = 20
) -> GroupWhyNot:
    """Solves again with the wished cities as a couple that belongs together, and compares.

    Codes of the reason: not_solved; proposed; splits_together {cities}: it tears a couple; the fault that a
    couple of these cities would be (`pool_validation`), the first if several; not_possible: no group within
    the limits can hold them; cost.
    """
    wished = tuple(sorted(set(cities)))
    if result.status == Status.INVALID_INPUT:
        return GroupWhyNot(wished, Message("not_solved", {}))
    if any(set(wished) <= set(group.cities) for group in result.groups):
        return GroupWhyNot(wished, Message("proposed", {}))
    torn = [row for row in pool.together if row.cities & set(wished) and not row.cities <= set(wished)]
    if torn:
        return GroupWhyNot(wished, Message("splits_together", {"cities": sorted(torn[0].cities)}))
    rest = tuple(row for row in pool.together if not row.cities & set(wished))
    other = run(replace(pool, together=(*rest, Together(frozenset(wished)))), seconds=seconds)
    if other.status == Status.INVALID_INPUT:
        return GroupWhyNot(wished, other.messages[0])
    if not any(set(wished) <= set(group.cities) for group in other.groups):
        return GroupWhyNot(wished, Message("not_possible", {}))
    return _compared(wished, result, other)


def _compared(wished: tuple[str, ...], before: PoolResult, after: PoolResult) -> GroupWhyNot:
    old = {group.cities: group.score for group in before.groups}
    new = {group.cities: group.score for group in after.groups}
    changes = [
        *(GroupChange(cities, old[cities], False) for cities in sorted(old.keys() - new.keys())),
        *(GroupChange(cities, new[cities], True) for cities in sorted(new.keys() - old.keys())),
    ]
    had = {city for group in old for city in group}
    have = {city for group in new for city in group}
    return GroupWhyNot(
        cities=wished,
        reason=Message("cost", {}),
        before=before.objective,
        after=after.objective,
        changes=tuple(changes),
        alone=tuple(sorted(had - have)),
        proven=before.status == after.status == Status.OPTIMAL,
    )
