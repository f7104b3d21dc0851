"""Why not this pair: the price named is the price of a run with the pair pinned."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from partnerships.matching.engine import run
from partnerships.matching.network import lay_ground
from partnerships.matching.profiles import Pin
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
