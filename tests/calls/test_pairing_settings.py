"""The typed reader of a call's pairing settings."""

from dataclasses import replace

import pytest

from calls.models import Call
from calls.queries.pairing_settings import PairingSettings, pairing_settings, read
from partnerships.matching.profiles import DEFAULT_WEIGHTS, Cap

FULL = PairingSettings(
    weights={"size": 100_000},
    prefer={"distance": "far"},
    minimum_score=30_000,
    raise_floor=False,
    keep_bonus=1_000,
    caps=(Cap("Neighbours", frozenset({"DE"}), frozenset({"JP", "KR"}), 3),),
    smallest=3,
    largest=4,
    most_per_country=2,
    themed=True,
)


def test_what_a_call_does_not_say_is_as_usual():
    settings = pairing_settings(Call())
    assert settings == PairingSettings()
    assert settings.weights == DEFAULT_WEIGHTS
    assert read({"weights": {}}) == PairingSettings()


@pytest.mark.parametrize("settings", [FULL, replace(FULL, shape="pool"), PairingSettings()])
def test_what_is_written_is_read_back(settings):
    assert read(settings.as_data()) == settings


def test_the_engine_hears_all_of_it():
    told = FULL.engine_settings("salt")
    assert (told.weights, told.prefer, told.salt) == ({"size": 100_000}, {"distance": "far"}, "salt")
    assert (told.minimum_score, told.raise_floor, told.keep_bonus) == (30_000, False, 1_000)
