"""Why not this pair: the price named is the price of a run with the pair pinned."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from partnerships.matching.engine import run
from partnerships.matching.ground import lay_ground
from partnerships.matching.outcome import Message
from partnerships.matching.profiles import PairingInput, Pin, Profile, Quota, Settings, Side, Veto
from partnerships.matching.reserve import reserve, stand_in
from partnerships.matching.why_not import Inquiry, why_not
from tests.partnerships.matching.instances import aims_of, inputs, quick
from tests.partnerships.matching.test_optimum import solved

BLOCKED = {"vetoed", "below_minimum", "no_capacity", "pinned_elsewhere", "country_pinned", "quota_pinned"}


@quick
@given(inputs(most=5))
def test_the_cost_is_that_of_pinning_the_pair(pairing):
    result = solved(pairing)
    proposed = {(pair.a, pair.b) for pair in result.pairs}
    for a in (row.id for row in pairing.a.profiles):
        for b in (row.id for row in pairing.b.profiles):
            answer = why_not(pairing, result, a, b)
            pinned = run(replace(pairing, pins=(*pairing.pins, Pin(a, b))))
            if (a, b) in proposed:
                assert answer.reason.code == "proposed"
            elif answer.reason.code != "cost":
                assert answer.reason.code in BLOCKED
            else:
                assert aims_of(answer.after, pairing.settings) == aims_of(pinned.objective, pairing.settings)
                assert answer.cost == result.objective.total - answer.after.total
                assert answer.cost == -sum(
                    step.score if step.gained else -step.score for step in answer.steps
                )
                assert (answer.steps[0].a, answer.steps[0].b, answer.steps[0].gained) == (a, b, True)


@quick
@given(inputs(most=5))
def test_the_reserve_list_names_the_cheapest_way_in(pairing):
    """Without a floor, the cost of a city is the least over all its pairs."""
    flat = replace(pairing, settings=replace(pairing.settings, raise_floor=False, keep_bonus=0))
    result = solved(flat)
    rows = reserve(flat, result)
    assert {row.id for row in rows} == {row.id for row in result.unmatched}
    inquiry = Inquiry(lay_ground(flat), result)
    for row in rows:
        places = [
            (row.id, other.id) if row.side == "a" else (other.id, row.id)
            for other in (flat.b if row.side == "a" else flat.a).profiles
        ]
        prices = [(inquiry.why_not(*place)) for place in places]
        best = max((aims_of(found.after, flat.settings) for found in prices if found.after), default=None)
        assert (row.entry and aims_of(row.entry.after, flat.settings)) == best
    costs = [(-row.entry.after.pairs, row.entry.after.shortfall, row.entry.cost) for row in rows if row.entry]
    assert costs == sorted(costs)


@quick
@given(inputs(most=5), st.booleans())
def test_who_stands_in_is_who_would_be_paired_without_the_city(pairing, move_others):
    result = solved(pairing)
    assume(result.pairs)
    city = result.pairs[0].a
    answer = stand_in(pairing, result, city, move_others=move_others)
    rest = [pair for pair in result.pairs if pair.a != city]
    gone = replace(
        pairing,
        a=replace(
            pairing.a,
            profiles=tuple(replace(row, capacity=0) if row.id == city else row for row in pairing.a.profiles),
        ),
        pins=tuple(Pin(pair.a, pair.b) for pair in rest if pair.pinned or not move_others),
    )
    again = run(gone)
    assert answer.left == tuple(sorted(pair.b for pair in result.pairs if pair.a == city))
    assert (answer.after.pairs, answer.after.total) == (again.objective.pairs, again.objective.total)
    assert all(not step.gained for step in answer.steps if step.a == city)


def side(letter: str, country: str, *sizes: int, **more) -> Side:
    rows = (
        Profile(f"{letter}{index}", f"{letter}{index}", country, population=size)
        for index, size in enumerate(sizes)
    )
    return Side(tuple(rows), **more)


PLAIN = PairingInput(
    side("a", "DE", 100_000, 400_000, 400_000, quotas=(Quota("EU", frozenset({"DE"}), 2),)),
    side("b", "JP", 100_000, 400_000),
    vetoes=(Veto("a2", "b0"),),
    settings=Settings(weights={"size": 100_000}, salt="7"),
)


@pytest.mark.parametrize(
    ("pins", "couple", "reason"),
    [
        ([], ("a0", "b0"), Message("proposed", {"pinned": False})),
        ([("a0", "b0")], ("a0", "b0"), Message("proposed", {"pinned": True})),
        ([], ("a0", "gone"), Message("not_in_run", {"city": "gone"})),
        ([], ("b0", "a0"), Message("not_in_run", {"city": "b0"})),
        ([], ("a2", "b0"), Message("vetoed", {})),
        (
            [("a0", "b0")],
            ("a1", "b0"),
            Message("pinned_elsewhere", {"side": "b", "city": "b0", "capacity": 1}),
        ),
    ],
)
def test_what_blocks_a_pair(pins, couple, reason):
    pairing = replace(PLAIN, pins=tuple(Pin(*pin) for pin in pins))
    assert why_not(pairing, run(pairing), *couple).reason == reason


def test_more_blocks():
    spread = replace(PLAIN, settings=replace(PLAIN.settings, minimum_score=60_000))
    answer = why_not(spread, run(spread), "a0", "b1")
    assert answer.reason == Message("below_minimum", {"score": 50_000, "minimum": 60_000})
    shut = replace(PLAIN, a=side("a", "DE", 100_000, quotas=(Quota("EU", frozenset({"DE"}), 0),)))
    assert why_not(shut, run(shut), "a0", "b0").reason.code == "quota_pinned"
    full = replace(PLAIN, pins=(Pin("nobody", "b0"),))
    assert why_not(full, run(full), "a0", "b1").reason.code == "not_solved"


def test_the_steps_are_a_small_sum():
    pairing = replace(PLAIN, a=side("a", "DE", 100_000, 400_000), vetoes=(), settings=replace(PLAIN.settings))
    answer = why_not(pairing, run(pairing), "a0", "b1")
    told = [(step.a, step.b, step.score if step.gained else -step.score) for step in answer.steps]
    assert told == [
        ("a0", "b1", 50_000),
        ("a1", "b1", -100_000),
        ("a1", "b0", 50_000),
        ("a0", "b0", -100_000),
    ]
    assert (answer.cost, answer.alone) == (100_000, ())
    assert (answer.before.pairs, answer.after.pairs) == (2, 2)


def test_a_pair_that_costs_a_pair_says_so():
    """a1 and a2 fit b1 only: whoever takes it from them leaves both alone."""
    pairing = replace(PLAIN, vetoes=(Veto("a1", "b0"), Veto("a2", "b0")))
    result = run(pairing)
    taken = next(pair.a for pair in result.pairs if pair.b == "b1")
    answer = why_not(pairing, result, "a0", "b1")
    assert (answer.before.pairs, answer.after.pairs) == (2, 1)
    assert answer.alone == ("b0",) if taken == "a0" else (taken, "b0")


def test_the_reserve_list_and_who_stands_in():
    result = run(PLAIN)
    spare = next(row.id for row in result.unmatched)
    taken = next(pair.a for pair in result.pairs if pair.b == "b1")
    (row,) = reserve(PLAIN, result)
    assert (row.id, row.entry.b, row.entry.cost, row.entry.alone) == (spare, "b1", 0, (taken,))
    answer = stand_in(PLAIN, result, taken)
    assert answer.left == ("b1",)
    assert [(step.a, step.gained) for step in answer.steps] == [(taken, False), (spare, True)]
    with pytest.raises(KeyError):
        stand_in(PLAIN, result, "gone")
    with pytest.raises(ValueError, match="invalid_input"):
        stand_in(PLAIN, run(replace(PLAIN, b=PLAIN.a)), "a0")
