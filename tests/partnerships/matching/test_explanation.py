"""What staff and cities read about a pair, on two cities that found each other long ago."""

from dataclasses import replace

import pytest

from partnerships.matching.engine import run
from partnerships.matching.profiles import PairingInput, Pin, Profile, Settings, Side
from partnerships.matching.verification import verify

FRANKFURT = Profile(
    id="frankfurt",
    name="Frankfurt am Main",
    country="DE",
    population=753_056,
    languages=frozenset({"de", "en"}),
    wants=frozenset({"smart-city"}),
    offers=frozenset({"energy-transition"}),
    challenges=frozenset({"smart-city", "energy-transition"}),
    themes=frozenset({"energy-transition"}),
    sdgs=frozenset({7, 11}),
    climate="Cfb",
    coastal=False,
    exposure=3,
    latitude=50.1155,
    longitude=8.6842,
    utc_offset_hours=1,
    wishes=("yokohama",),
)
YOKOHAMA = Profile(
    id="yokohama",
    name="Yokohama",
    country="JP",
    population=3_757_630,
    languages=frozenset({"ja", "en"}),
    wants=frozenset({"energy-transition"}),
    offers=frozenset({"smart-city"}),
    challenges=frozenset({"smart-city", "energy-transition"}),
    themes=frozenset({"energy-transition"}),
    sdgs=frozenset({11, 13}),
    climate="Cfa",
    coastal=True,
    exposure=1,
    latitude=35.4478,
    longitude=139.6425,
    utc_offset_hours=9,
    wishes=("frankfurt",),
)
HIROSAKI = Profile(id="hirosaki", name="Hirosaki", country="JP", population=177_411)


@pytest.fixture
def pairing() -> PairingInput:
    return PairingInput(Side((FRANKFURT,)), Side((HIROSAKI, YOKOHAMA)), settings=Settings(salt="2017"))


def test_points_facts_and_reasons(pairing):
    (pair,) = run(pairing).pairs
    criteria = {part.criterion: part for part in pair.criteria}
    assert pair.b == "yokohama"
    assert criteria["learning"].points == criteria["learning"].maximum == 20_000
    assert criteria["learning"].facts == {"a_learns": ["smart-city"], "b_learns": ["energy-transition"]}
    assert criteria["wishes"].facts == {"wish_of_a": 1, "wish_of_b": 1}
    assert criteria["size"].facts == {"population_a": 753_056, "population_b": 3_757_630}
    assert criteria["size"].per_mille == 447
    assert criteria["time_zone"].facts == {"minutes_apart": 480}
    assert criteria["themes"].facts == {"shared": ["energy-transition"], "sdgs": [11]}
    assert criteria["climate"].facts == {"climate_a": "Cfb", "climate_b": "Cfa"}
    assert criteria["coast"].facts == {"coastal_a": False, "coastal_b": True}
    assert criteria["exposure"].facts == {"earlier_a": 3, "earlier_b": 1, "preferred": "newcomers"}
    assert criteria["exposure"].per_mille == 375
    assert criteria["distance"].facts == {"kilometres": 9353, "preferred": "near"}
    assert pair.reasons_for == ("challenges", "learning", "themes", "wishes", "languages", "climate")
    assert pair.reasons_against == ("time_zone", "coast")
    assert (pair.rank_for_a, pair.candidates_for_a) == (1, 2)


def test_missing_data_are_flagged_and_weigh_nothing(pairing):
    (pair,) = run(replace(pairing, b=Side((HIROSAKI,)))).pairs
    missing = {part.criterion for part in pair.criteria if not part.known}
    assert missing == {
        *("challenges", "learning", "themes", "languages", "time_zone", "climate", "coast", "distance")
    }
    assert all(part.maximum == 0 for part in pair.criteria if not part.known)
    assert sum(part.points for part in pair.criteria) == pair.score


def test_a_pinned_couple_stays_together_even_below_the_minimum(pairing):
    settings = replace(pairing.settings, minimum_score=90_000)
    pinned = replace(pairing, pins=(Pin("frankfurt", "hirosaki"),), settings=settings)
    result = run(pinned)
    assert [(pair.b, pair.pinned) for pair in result.pairs] == [("hirosaki", True)]
    assert [message.code for message in result.messages] == ["pin_below_minimum_score"]
    assert result.objective.floor is None
    assert verify(pinned, result) == ()
