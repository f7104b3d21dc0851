"""Pools that cannot be grouped, cities left over, wished groups, and results that were tampered with."""

from dataclasses import replace

import pytest

from partnerships.matching.group_why_not import why_not_group
from partnerships.matching.groups import run
from partnerships.matching.outcome import Message, Status
from partnerships.matching.pool import Apart, PoolInput, PoolResult, Together
from partnerships.matching.pool_verification import verify
from partnerships.matching.profiles import Profile, Settings
from partnerships.matching.stage_proof import StageProof, StageProofs

COUNTRIES = ("DE", "JP", "BR", "CA", "ZA", "KR", "FR")


def city(index: int) -> Profile:
    return Profile(
        f"c{index}",
        f"City {index}",
        COUNTRIES[index],
        population=100_000 * 2**index,
        themes=frozenset({"water"}),
    )


def couple(*numbers: int) -> Together:
    return Together(frozenset(f"c{number}" for number in numbers))


PLAIN = PoolInput(
    tuple(city(index) for index in range(6)),
    smallest=3,
    largest=3,
    settings=Settings(weights={"size": 100_000}, salt="2026"),
)
NEIGHBOURS = replace(city(5), id="c9", country="DE")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"smallest": 4}, "group_sizes"),
        ({"smallest": 1}, "group_sizes"),
        ({"most_per_country": 0}, "group_country_range"),
        ({"together": (couple(0, 1), couple(1, 2))}, "together_overlap"),
        ({"together": (couple(0, 1),), "apart": (Apart("c1", "c0"),)}, "together_apart"),
        ({"together": (couple(0, 1, 2, 3),)}, "together_too_large"),
        ({"together": (couple(0),)}, "together_single"),
        ({"together": (couple(0, 77),)}, "together_unknown_city"),
        ({"together": (couple(0, 9),), "pool": (*PLAIN.pool, NEIGHBOURS)}, "together_country_cap"),
        (
            {
                "together": (couple(0, 1),),
                "themed": True,
                "pool": (replace(city(0), themes=frozenset()), city(1)),
            },
            "together_without_theme",
        ),
        (
            {"together": (couple(0, 1),), "pool": (replace(city(0), capacity=0), city(1))},
            "together_no_capacity",
        ),
        ({"pool": (city(0), city(0))}, "duplicate_city"),
        ({"settings": Settings(weights={"size": 0})}, "weights_all_zero"),
    ],
)
def test_input_that_is_wrong(change, code):
    pool = replace(PLAIN, **change)
    result = run(pool)
    assert result.status == Status.INVALID_INPUT
    assert code in {message.code for message in result.messages}
    assert result.groups == ()
    assert verify(pool, result) == ()


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"pool": PLAIN.pool[:2]}, {"too_few_cities"}),
        ({"pool": tuple(city(index) for index in range(7))}, {"group_left_over"}),
        ({"settings": replace(PLAIN.settings, minimum_score=99_000)}, {"group_below_minimum"}),
        ({"pool": tuple(replace(row, country="DE") for row in PLAIN.pool)}, {"group_country_cap"}),
        (
            {"pool": tuple(replace(row, themes=frozenset()) for row in PLAIN.pool), "themed": True},
            {"group_without_theme"},
        ),
        (
            {"apart": tuple(Apart("c0", f"c{index}") for index in range(1, 5))},
            {"group_apart", "group_left_over"},
        ),
        ({"pool": (replace(city(0), capacity=0), *PLAIN.pool[1:4])}, {"no_capacity"}),
    ],
)
def test_the_ungrouped_are_told_why(change, codes):
    result = run(replace(PLAIN, **change))
    assert result.status == Status.OPTIMAL
    assert {row.reason.code for row in result.ungrouped} == codes


def test_nobody_to_group():
    result = run(replace(PLAIN, pool=()))
    assert result.status == Status.OPTIMAL
    assert [message.code for message in result.messages] == ["no_group_possible"]


def test_a_couple_finds_its_third():
    result = run(replace(PLAIN, together=(couple(0, 5),)))
    assert any({"c0", "c5"} <= set(group.cities) for group in result.groups)
    assert result.objective.couples == 2


def test_a_wished_group_has_its_exact_price():
    before = run(PLAIN)
    assert {group.cities for group in before.groups} == {("c0", "c1", "c2"), ("c3", "c4", "c5")}
    found = why_not_group(PLAIN, before, ["c0", "c1", "c5"])
    assert found.reason == Message("cost", {})
    assert found.proven
    assert found.before is not None
    assert found.after is not None
    assert found.before.total > found.after.total
    assert {change.cities for change in found.changes if change.gained} == {
        ("c0", "c1", "c5"),
        ("c2", "c3", "c4"),
    }
    assert why_not_group(PLAIN, before, ["c0", "c1"]).reason.code == "proposed"
    parted = replace(PLAIN, apart=(Apart("c0", "c5"),))
    assert why_not_group(parted, run(parted), ["c0", "c5"]).reason.code == "together_apart"


def codes(pool: PoolInput, result: PoolResult) -> set[str]:
    return {message.code for message in verify(pool, result)}


def test_a_worse_grouping_is_rejected():
    other = run(replace(PLAIN, apart=(Apart("c0", "c1"),)))
    honest = run(PLAIN)
    passed_off = replace(other, input_digest=honest.input_digest, statistics=honest.statistics)
    assert codes(PLAIN, passed_off) & {"higher_floor_possible", "better_total_possible"}
    assert codes(PLAIN, replace(passed_off, proof=honest.proof))


def test_a_changed_result_is_rejected():
    result = run(PLAIN)
    first, second = result.groups
    assert "objective_differs" in codes(PLAIN, replace(result, groups=(first,)))
    assert "city_in_two_groups" in codes(PLAIN, replace(result, groups=(first, first)))
    better = replace(first, score=first.score + 1)
    assert codes(PLAIN, replace(result, groups=(better, second))) == {"groups_differ"}
    crowd = replace(first, cities=(*first.cities, "c5"))
    assert "group_not_allowed" in codes(PLAIN, replace(result, groups=(crowd, second)))
    assert codes(replace(PLAIN, themed=True), result) == {"other_input"}


@pytest.mark.parametrize(
    "proof",
    [
        StageProofs(),
        StageProofs(*(StageProof(prices=(0,) * 6),) * 3),
        StageProofs(*(StageProof(bound=6, scale=0, prices=(0,) * 6),) * 3),
        StageProofs(*(StageProof(bound=6, prices=(-1,) * 6),) * 3),
    ],
)
def test_a_useless_proof_is_rejected(proof):
    assert codes(PLAIN, replace(run(PLAIN), proof=proof))
