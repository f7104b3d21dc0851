"""Why a city found no group: a limit that rules all its groups out, a number that does not divide, rivals."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from partnerships.matching.columns import PoolGround, lay_pool
from partnerships.matching.outcome import Message
from partnerships.matching.pool import PoolInput, Ungrouped

MOST_NAMED = 10
"""How many ids a cause lists; the counts are always whole."""


def ungrouped_of(ground: PoolGround, chosen: Iterable[int]) -> tuple[Ungrouped, ...]:
    """Every city without a group, with the plainest cause.

    no_capacity; too_few_cities; group_below_minimum, group_country_cap, group_without_theme, group_apart:
    without this one limit it could have a group; no_group: several limits rule all out; group_not_listed: its
    groups are not among the most promising; group_left_over: the number of cities does not divide;
    group_country_crowded: more cities of its country than groups; group_competition: its best companions
    are in other groups.
    """
    grouped = {city for row in chosen for city in ground.columns.cities(row)}
    left = [city for city in range(len(ground.ids)) if city not in grouped]
    without = _without_group(ground, [city for city in left if not _groups_with(ground, city).any()])
    rest = [city for city in left if city not in without]
    uneven = _uneven(ground, rest)
    return tuple(
        Ungrouped(ground.ids[city], without.get(city) or uneven or _rivals(ground, city)) for city in left
    )


def most_placeable(cities: int, smallest: int, largest: int) -> int:
    """How many of so many cities groups of these sizes can hold at most."""
    return next(count for count in range(cities, -1, -1) if -(-count // largest) * smallest <= count)


def _groups_with(ground: PoolGround, city: int) -> np.ndarray:
    return (ground.columns.members == city).any(axis=1)


def _without_group(ground: PoolGround, alone: Sequence[int]) -> dict[int, Message]:
    pool = ground.pool
    causes = {city: Message("no_capacity", {}) for city in alone if pool.pool[city].capacity == 0}
    if len(causes) == len(alone):
        return causes
    takes_part = sum(profile.capacity > 0 for profile in pool.pool)
    last = Message("no_group" if ground.whole else "group_not_listed", {})
    if takes_part < pool.smallest:
        last = Message("too_few_cities", {"cities": takes_part, "smallest": pool.smallest})
    else:
        for message, relaxed in _relaxations(pool):
            freer = lay_pool(relaxed)
            saved = [city for city in alone if city not in causes and _groups_with(freer, city).any()]
            causes |= dict.fromkeys(saved, message)
    return dict.fromkeys(alone, last) | causes


def _relaxations(pool: PoolInput) -> list[tuple[Message, PoolInput]]:
    """Each limit on groups that is set, and the pool without it."""
    minimum, most = pool.settings.minimum_score, pool.most_per_country
    found = []
    if minimum:
        relaxed = replace(pool, settings=replace(pool.settings, minimum_score=0))
        found.append((Message("group_below_minimum", {"minimum": minimum}), relaxed))
    if most is not None:
        found.append((Message("group_country_cap", {"maximum": most}), replace(pool, most_per_country=None)))
    if pool.themed:
        found.append((Message("group_without_theme", {}), replace(pool, themed=False)))
    if pool.apart:
        found.append((Message("group_apart", {}), replace(pool, apart=())))
    return found


def _uneven(ground: PoolGround, rest: Sequence[int]) -> Message | None:
    """The cause where just as many are left over as must be by their number."""
    pool = ground.pool
    able = len(np.unique(ground.columns.members[ground.columns.members < len(ground.ids)]))
    if len(rest) != able - most_placeable(able, pool.smallest, pool.largest):
        return None
    limits = {"smallest": pool.smallest, "largest": pool.largest}
    return Message("group_left_over", {"cities": able, "left": len(rest), **limits})


def _rivals(ground: PoolGround, city: int) -> Message:
    pool = ground.pool
    country = pool.pool[city].country
    count = Counter(profile.country for profile in pool.pool)[country]
    most = pool.most_per_country
    if most is not None and count > most * (len(pool.pool) // pool.smallest):
        return Message("group_country_crowded", {"country": country, "count": count, "maximum": most})
    able = _groups_with(ground, city)
    companions = np.unique(ground.columns.members[able])
    companions = companions[(companions < len(ground.ids)) & (companions != city)]
    dearest = companions[np.argsort(-ground.scores[city, companions], kind="stable")]
    named = [ground.ids[other] for other in dearest[:MOST_NAMED].tolist()]
    return Message(
        "group_competition", {"groups": int(able.sum()), "cities": named, "city_count": len(companions)}
    )
