"""Input that cannot be paired: a status and its cause, never an exception."""

from dataclasses import replace

import pytest

from partnerships.matching.engine import run
from partnerships.matching.outcome import Message, Status
from partnerships.matching.profiles import PairingInput, Pin, Profile, Quota, Settings, Side, Veto


def side(letter: str, country: str, count: int, *quotas: Quota, capacity: int = 1) -> Side:
    rows = (
        Profile(f"{letter}{index}", f"{letter}{index}", country, population=100_000, capacity=capacity)
        for index in range(count)
    )
    return Side(tuple(rows), quotas)


EU = Quota("EU", frozenset({"DE"}), 2)
PLAIN = PairingInput(side("a", "DE", 3, EU), side("b", "JP", 3))


@pytest.mark.parametrize(
    ("pins", "cause"),
    [
        (
            [("a0", "b0"), ("a0", "b1")],
            Message("pins_exceed_capacity", {"side": "a", "city": "a0", "pins": 2, "capacity": 1}),
        ),
        (
            [("a0", "b0"), ("a1", "b1"), ("a2", "b2")],
            Message("pins_exceed_quota", {"side": "a", "quota": "EU", "pins": 3, "maximum": 2}),
        ),
        ([("a0", "gone")], Message("pin_unknown_city", {"side": "b", "city": "gone"})),
        ([("a2", "b2")], Message("pin_vetoed", {"a": "a2", "b": "b2"})),
    ],
)
def test_pins_that_cannot_hold(pins, cause):
    result = run(replace(PLAIN, pins=tuple(Pin(*pin) for pin in pins), vetoes=(Veto("a2", "b2"),)))
    assert result.status == Status.INFEASIBLE_PINS
    assert cause in result.messages
    assert result.pairs == ()


@pytest.mark.parametrize(
    ("pairing", "code"),
    [
        (replace(PLAIN, settings=Settings(weights={"size": 0})), "weights_all_zero"),
        (replace(PLAIN, settings=Settings(weights={"size": 1})), "weights_sum"),
        (replace(PLAIN, settings=Settings(keep_bonus=-1)), "keep_bonus_range"),
        (replace(PLAIN, a=replace(PLAIN.a, most_per_country=0)), "most_per_country_range"),
        (replace(PLAIN, settings=Settings(weights={"charm": 100_000})), "unknown_criterion"),
        (replace(PLAIN, settings=Settings(weights={"size": 100_001, "wishes": -1})), "negative_weight"),
        (replace(PLAIN, settings=Settings(minimum_score=100_001)), "minimum_score_range"),
        (replace(PLAIN, b=PLAIN.a), "city_on_both_sides"),
        (replace(PLAIN, b=Side(PLAIN.b.profiles * 2)), "duplicate_city"),
        (replace(PLAIN, b=side("b", "JP", 1, capacity=-1)), "negative_capacity"),
        (replace(PLAIN, b=side("b", "JP", 1, Quota("q", frozenset({"JP"}), 1, 2))), "quota_limits"),
        (replace(PLAIN, b=side("b", "JP", 1, Quota("q", frozenset()))), "quota_without_countries"),
    ],
)
def test_input_that_is_wrong(pairing, code):
    result = run(pairing)
    assert result.status == Status.INVALID_INPUT
    assert code in {message.code for message in result.messages}


def test_nobody_to_pair_with():
    result = run(replace(PLAIN, b=Side(())))
    assert result.status == Status.OPTIMAL
    assert {row.reason.code for row in result.unmatched} == {"no_candidate"}


def test_nobody_good_enough():
    result = run(
        replace(
            PLAIN, a=side("a", "DE", 1), settings=Settings(weights={"languages": 100_000}, minimum_score=1)
        )
    )
    assert result.unmatched[0].reason == Message("no_candidate", {"below_minimum": 3, "vetoed": 0})


def test_a_minimum_that_nobody_fills_is_a_shortfall():
    korea = Quota("KR", frozenset({"KR"}), 2, 2)
    result = run(replace(PLAIN, b=side("b", "JP", 3, korea)))
    assert result.status == Status.OPTIMAL_WITH_SHORTFALLS
    assert [(row.label, row.minimum, row.reached) for row in result.shortfalls] == [("KR", 2, 0)]
    assert result.objective.pairs == 2


def test_the_unmatched_are_told_why():
    full = run(PLAIN)
    assert [row.reason.code for row in full.unmatched if row.side == "a"] == ["quota_full"]
    rivals = run(PairingInput(side("a", "DE", 4), side("b", "JP", 3)))
    reason = rivals.unmatched[0].reason
    assert reason.code == "competition"
    assert reason.params == {
        "cities": [rivals.unmatched[0].id, *(pair.a for pair in rivals.pairs)],
        "city_count": 4,
        "places": ["b0", "b1", "b2"],
        "place_count": 3,
        "quotas": [],
        "country_full": 0,
    }


def test_a_full_quota_of_the_partners_is_named():
    japan = Quota("JP", frozenset({"JP"}), 1)
    result = run(PairingInput(side("a", "DE", 2), side("b", "JP", 2, japan)))
    assert len(result.pairs) == 1
    left = {row.side: row.reason for row in result.unmatched}
    assert left["a"].code == "competition"
    assert set(left["a"].params["cities"]) == {"a0", "a1"}
    assert left["a"].params["places"] == [result.pairs[0].b]
    assert left["a"].params["quotas"] == ["JP"]
    assert left["b"].code == "quota_full"


def test_a_veto_on_a_city_that_left_is_said():
    result = run(replace(PLAIN, vetoes=(Veto("a0", "gone"),)))
    assert result.messages == (Message("veto_without_effect", {"a": "a0", "b": "gone"}),)


def test_pins_beyond_the_partners_of_one_country():
    """The city has three places, two of them for any one country."""
    host = Side(side("a", "DE", 1, capacity=3).profiles, most_per_country=2)
    pins = tuple(Pin("a0", f"b{index}") for index in range(3))
    result = run(PairingInput(host, side("b", "JP", 3), pins=pins))
    assert result.status == Status.INFEASIBLE_PINS
    assert result.messages == (
        Message("pins_exceed_country", {"side": "a", "city": "a0", "country": "JP", "pins": 3, "maximum": 2}),
    )
    pinned = run(PairingInput(host, side("b", "JP", 3), pins=pins[:2]))
    assert [pair.pinned for pair in pinned.pairs] == [True, True]


def test_who_is_shut_out_by_the_partners_of_its_country():
    guests = Side(side("b", "JP", 1, capacity=3).profiles, most_per_country=1)
    result = run(PairingInput(side("a", "DE", 2), guests))
    (left,) = result.unmatched
    assert left.reason.code == "competition"
    assert left.reason.params["cities"] == [left.id, result.pairs[0].a]
    assert (left.reason.params["places"], left.reason.params["country_full"]) == (["b0"], 1)


def test_no_pair_is_possible_at_all():
    strict = Settings(weights={"languages": 100_000}, minimum_score=1)
    result = run(replace(PLAIN, settings=strict, vetoes=(Veto("a0", "b0"),)))
    assert result.status == Status.OPTIMAL
    assert result.pairs == ()
    assert result.messages == (Message("no_pair_possible", {"below_minimum": 8, "vetoed": 1}),)
