"""What an optimal grouping must be, tried on many small pools."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from partnerships.matching.document import from_json, to_json
from partnerships.matching.groups import run
from partnerships.matching.outcome import Status
from partnerships.matching.pool import Apart, PoolInput, PoolResult, Together
from partnerships.matching.pool_verification import verify
from tests.partnerships.matching.instances import quick
from tests.partnerships.matching.pools import NOTHING, best_by_trying, pools, shuffled


def solved(pool: PoolInput) -> PoolResult:
    result = run(pool)
    assume(result.status == Status.OPTIMAL)
    return result


def groups(result: PoolResult) -> list[tuple[str, ...]]:
    return [group.cities for group in result.groups]


def aims(pool: PoolInput, result: PoolResult) -> tuple[int, int, int, int, int]:
    aim = result.objective
    before = {row.cities for row in pool.previous}
    kept = sum(len(group.cities) for group in result.groups if frozenset(group.cities) in before)
    floor = NOTHING if aim.floor is None else aim.floor
    total = aim.total + pool.settings.keep_bonus * kept
    return aim.couples, aim.placed, floor if pool.settings.raise_floor else 0, total, aim.kept


@quick
@given(pools())
def test_equals_the_best_of_all_groupings(pool):
    result = run(pool)
    assume(result.status != Status.INVALID_INPUT)
    assert result.status == Status.OPTIMAL
    assert aims(pool, result) == best_by_trying(pool)


@quick
@given(pools())
def test_every_result_is_verified(pool):
    result = run(pool)
    assert verify(pool, result) == ()
    assert from_json(PoolResult, to_json(result)) == result


@quick
@given(pools(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(pool, random):
    assert to_json(run(shuffled(pool, random))) == to_json(run(pool))


@quick
@given(pools())
def test_every_limit_holds(pool):
    result = solved(pool)
    rows = {profile.id: profile for profile in pool.pool}
    grouped = [city for group in result.groups for city in group.cities]
    assert len(grouped) == len(set(grouped))
    for group in result.groups:
        profiles = [rows[city] for city in group.cities]
        countries = [profile.country for profile in profiles]
        assert pool.smallest <= len(profiles) <= pool.largest
        assert max(map(countries.count, countries)) <= (pool.most_per_country or len(countries))
        assert group.themes or not pool.themed
        assert group.score == sum(link.score for link in group.links) // len(group.links)
        assert all(link.score == sum(part.points for part in link.criteria) for link in group.links)
        assert all(
            row.cities <= set(group.cities) or not row.cities & set(group.cities) for row in pool.together
        )
        assert all(not {pair.a, pair.b} <= set(group.cities) for pair in pool.apart)


@quick
@given(pools())
def test_every_city_is_grouped_or_told_why(pool):
    result = solved(pool)
    grouped = {city for group in result.groups for city in group.cities}
    told = {row.id for row in result.ungrouped}
    assert grouped | told == {profile.id for profile in pool.pool}
    assert not grouped & told


@quick
@given(pools())
def test_grouping_again_what_was_grouped_is_a_fixed_point(pool):
    before = solved(replace(pool, previous=(), largest=pool.smallest))
    found = tuple(Together(frozenset(group)) for group in groups(before))
    again = replace(pool, previous=found, largest=pool.smallest)
    assert groups(run(again)) == groups(before)
    assert set(groups(run(replace(again, together=found)))) >= set(groups(before))


@quick
@given(pools())
def test_parting_two_that_share_no_group_changes_no_group(pool):
    before = solved(pool)
    together = {frozenset((link.a, link.b)) for group in before.groups for link in group.links}
    ids = sorted(profile.id for profile in pool.pool)
    others = [(a, b) for a in ids for b in ids if a < b and frozenset((a, b)) not in together]
    assume(others)
    after = run(replace(pool, apart=(*pool.apart, Apart(*others[0]))))
    assert after.objective == before.objective
