"""Random small pools, and the best grouping found by trying every one."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from hypothesis import strategies as st

from partnerships.matching.columns import link_scores
from partnerships.matching.pool import Apart, PoolInput, Together
from partnerships.matching.profiles import Profile, Settings

THEMES = ("culture", "water", "waste")
NOTHING = 10**9
"""The floor of a grouping without a free group: nothing is weak in it."""

# Made once: Hypothesis looks through each strategy that it has not met.
themes = st.frozensets(st.sampled_from(THEMES), max_size=3)
countries = st.sampled_from(["DE", "PL", "JP", "BR"])
populations = st.sampled_from([None, 50_000, 200_000, 1_000_000])
offsets = st.sampled_from([None, -3.0, 1.0, 9.0])
capacities = st.sampled_from([1, 1, 1, 1, 0, 2])
wishes = st.lists(st.sampled_from([f"c{place}" for place in range(7)]), max_size=2)
sizes = st.sampled_from([2, 2, 3, 3, 4])
wider = st.sampled_from([0, 0, 1])
most_of_one_country = st.sampled_from([None, 1, 2])
sometimes = st.sampled_from([False, False, True])
least_scores = st.sampled_from([0, 0, 30_000, 60_000])
salts = st.sampled_from(["", "salt"])
bonuses = st.sampled_from([0, 0, 1_000])


@cache
@st.composite
def members(draw, index: int) -> Profile:
    """One city; few different values, so that ties and missing data are frequent."""
    return Profile(
        id=f"c{index}",
        name=f"City {index}",
        country=draw(countries),
        population=draw(populations),
        wants=draw(themes),
        offers=draw(themes),
        challenges=draw(themes),
        utc_offset_hours=draw(offsets),
        capacity=draw(capacities),
        wishes=tuple(draw(wishes)),
    )


@st.composite
def pools(draw, most: int = 7) -> PoolInput:
    """A pool of at most `most` cities; its couples may contradict each other."""
    rows = tuple(draw(members(index)) for index in range(draw(st.integers(0, most))))
    pairs = [(a.id, b.id) for a, b in itertools.combinations(rows, 2)]
    some = st.lists(st.sampled_from(pairs), unique=True, max_size=2) if pairs else st.just([])
    smallest = draw(sizes)
    return PoolInput(
        pool=rows,
        smallest=smallest,
        largest=smallest + draw(wider),
        most_per_country=draw(most_of_one_country),
        themed=draw(sometimes),
        together=tuple(Together(frozenset(pair)) for pair in draw(some)[:1]),
        apart=tuple(Apart(*pair) for pair in draw(some)),
        previous=tuple(Together(frozenset(pair)) for pair in draw(some)),
        settings=Settings(
            minimum_score=draw(least_scores),
            salt=draw(salts),
            raise_floor=draw(st.booleans()),
            keep_bonus=draw(bonuses),
        ),
    )


def best_by_trying(pool: PoolInput) -> tuple[int, int, int, int, int]:
    """Cities of couples placed, cities placed, floor (0 when not raised), total with bonus, groups kept."""
    pool = pool.ordered()
    scores = link_scores(pool)
    place = {profile.id: index for index, profile in enumerate(pool.pool)}

    def score(a: str, b: str) -> int:
        return int(scores[place[a], place[b]])

    return max(_aims(pool, groups, score) for groups in _groupings(pool, score))


def _groupings(pool: PoolInput, score) -> Iterator[list[frozenset[str]]]:
    """All ways to put some cities into groups that are allowed."""
    ids = [profile.id for profile in pool.pool]
    sizes = range(pool.smallest, pool.largest + 1)
    every = [frozenset(group) for size in sizes for group in itertools.combinations(ids, size)]
    allowed = [group for group in every if _allowed(pool, group, score)]

    def extended(chosen: list[frozenset[str]], start: int) -> Iterator[list[frozenset[str]]]:
        yield chosen
        for index in range(start, len(allowed)):
            if all(not allowed[index] & group for group in chosen):
                yield from extended([*chosen, allowed[index]], index + 1)

    return extended([], 0)


def _allowed(pool: PoolInput, group: frozenset[str], score) -> bool:
    rows = [profile for profile in pool.pool if profile.id in group]
    if any(row.capacity == 0 for row in rows):
        return False
    if any(couple.cities & group and not couple.cities <= group for couple in pool.together):
        return False
    if any({pair.a, pair.b} <= group for pair in pool.apart):
        return False
    countries = [row.country for row in rows]
    if pool.most_per_country and any(countries.count(one) > pool.most_per_country for one in countries):
        return False
    if pool.themed and not frozenset.intersection(*(row.themes | row.challenges for row in rows)):
        return False
    free = _free_mean(pool, group, score)
    return free is None or free >= pool.settings.minimum_score


def _free_mean(pool: PoolInput, group: frozenset[str], score) -> int | None:
    links = [
        score(a, b)
        for a, b in itertools.combinations(sorted(group), 2)
        if not any({a, b} <= couple.cities for couple in pool.together)
    ]
    return sum(links) // len(links) if links else None


def _aims(pool: PoolInput, groups: list[frozenset[str]], score) -> tuple[int, int, int, int, int]:
    coupled = {city for couple in pool.together for city in couple.cities}
    before = {couple.cities for couple in pool.previous}
    means = [_free_mean(pool, group, score) for group in groups]
    floor = min((mean for mean in means if mean is not None), default=NOTHING)
    total = 0
    for group in groups:
        links = sum(score(a, b) for a, b in itertools.combinations(sorted(group), 2))
        total += 2 * links // (len(group) - 1)
        total += pool.settings.keep_bonus * len(group) * (group in before)
    return (
        sum(len(group & coupled) for group in groups),
        sum(map(len, groups)),
        floor if pool.settings.raise_floor else 0,
        total,
        sum(group in before for group in groups),
    )


def shuffled(pool: PoolInput, random) -> PoolInput:
    """The same pool with all its rows in another order."""

    def mixed(rows: tuple) -> tuple:
        return tuple(random.sample(rows, len(rows)))

    return replace(
        pool,
        pool=mixed(pool.pool),
        together=mixed(pool.together),
        apart=mixed(pool.apart),
        previous=mixed(pool.previous),
    )
