"""Inputs and results keep their value, and their digest, through canonical JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.matching.document import digest, from_json, to_json
from partnerships.matching.engine import run
from partnerships.matching.outcome import PairingResult
from partnerships.matching.profiles import PairingInput, Profile
from tests.partnerships.matching.instances import inputs, quick, shuffled


@quick
@given(inputs(most=5), st.randoms(use_true_random=False))
def test_input_comes_back(pairing, random):
    assert from_json(PairingInput, to_json(pairing)) == pairing.ordered()
    assert digest(shuffled(pairing, random)) == digest(pairing)


@quick
@given(inputs(most=5))
def test_result_comes_back(pairing):
    result = run(pairing)
    assert from_json(PairingResult, to_json(result)) == result
    assert to_json(run(from_json(PairingInput, to_json(pairing)))) == to_json(result)


def test_whole_numbers_are_written_alike():
    first = Profile("a", "Łódź", "PL", utc_offset_hours=1.0)
    second = Profile("a", "Łódź", "PL", utc_offset_hours=1)
    assert digest(first) == digest(second)
    assert "Łódź" in to_json(first)


@pytest.mark.parametrize("text", ["", "{", '{"a": 1}', '{"surprise": {}}', "[]"])
def test_other_texts_are_refused(text):
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        from_json(PairingInput, text)
