"""Large sides begin with the best candidates of each city; the result is that of all pairs."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.matching import candidates, table
from partnerships.matching.document import to_json
from partnerships.matching.engine import run
from partnerships.matching.outcome import PairingResult, Proof
from partnerships.matching.reserve import reserve
from partnerships.matching.verification import verify
from partnerships.matching.why_not import why_not
from tests.partnerships.matching.instances import aims_of, inputs, quick


@contextmanager
def few_candidates(best: int, *, kept: bool = False):
    """So many candidates are kept for each city: every side is large, or middling where scores are `kept`."""
    with pytest.MonkeyPatch.context() as patch:
        if not kept:
            patch.setattr(table, "WHOLE_UP_TO", 0)
        patch.setattr(candidates, "FEW_UP_TO", 0)
        patch.setattr(candidates, "BEST", best)
        yield


def without_proof(result: PairingResult) -> str:
    """All but the prices and the count of ties, which may differ where several prove the same."""
    return to_json(
        replace(result, proof=Proof(), statistics={**(result.statistics or {}), "exchangeable": 0})
    )


@quick
@given(inputs(most=7), st.integers(1, 3), st.booleans())
def test_leaving_pairs_out_changes_nothing(pairing, best, kept):
    everything = run(pairing)
    with few_candidates(best, kept=kept):
        result = run(pairing)
        assert verify(pairing, result) == ()
    assert without_proof(result) == without_proof(everything)
    assert verify(pairing, result) == ()


@quick
@given(inputs(most=7), st.integers(1, 3))
def test_a_proof_over_all_pairs_holds_for_the_candidates(pairing, best):
    everything = run(pairing)
    with few_candidates(best):
        assert verify(pairing, everything) == ()


@quick
@given(inputs(most=4), st.integers(1, 2))
def test_the_price_of_a_pair_is_the_same(pairing, best):
    result = run(pairing)
    for a, b in [("a0", "b0"), ("a1", "b0")]:
        whole = why_not(pairing, result, a, b)
        with few_candidates(best):
            few = why_not(pairing, result, a, b)
        assert (few.reason, few.before) == (whole.reason, whole.before)
        if whole.after:
            assert aims_of(few.after, pairing.settings) == aims_of(whole.after, pairing.settings)


@quick
@given(inputs(most=4), st.integers(1, 2))
def test_the_steps_of_a_middling_side_are_those_of_all_pairs(pairing, best):
    with few_candidates(best, kept=True):
        result = run(pairing)
        few = why_not(pairing, result, "a0", "b0"), reserve(pairing, result)
    assert few == (why_not(pairing, result, "a0", "b0"), reserve(pairing, result))
