"""Why not this pair: the price named is the price of a run with the pair pinned."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from partnerships.matching.engine import run
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
