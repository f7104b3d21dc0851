"""Facts and consortia: what is said of a pair, and several cities as one."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.matching.consortia import consortium
from partnerships.matching.criteria import CRITERIA
from partnerships.matching.facts import FACTS, facts_of
from partnerships.matching.profiles import DEFAULT_WEIGHTS, FULL_SCORE, Profile
from partnerships.matching.sphere import chords, kilometres, unit_vectors, way
from tests.partnerships.matching.instances import quick

latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)


def test_every_criterion_weighs_by_default_and_has_facts():
    assert set(CRITERIA) == set(FACTS) == set(DEFAULT_WEIGHTS)
    assert sum(DEFAULT_WEIGHTS.values()) == FULL_SCORE


@quick
@given(latitudes, longitudes, latitudes, longitudes)
def test_kilometres_are_those_of_the_great_circle(north, east, other_north, other_east):
    chord = chords(unit_vectors([north], [east]), unit_vectors([other_north], [other_east]))[0, 0]
    assert way((north, east), (other_north, other_east)) == kilometres(int(chord))
    # near the antipodes a unit of the chord is many kilometres of the way: the chord itself is compared
    angle = kilometres(int(chord)) / 6371
    assert abs(2 * math.sin(angle / 2) - straight(north, east, other_north, other_east)) < 0.0002


def straight(*degrees: float) -> float:
    """The chord of a globe of radius 1, by the processor's own sines."""
    north, east, other_north, other_east = map(math.radians, degrees)
    half = math.sin((other_north - north) / 2) ** 2
    half += math.cos(north) * math.cos(other_north) * math.sin((other_east - east) / 2) ** 2
    return 2 * math.sqrt(half)


def test_what_is_not_known_is_said_as_such():
    a, b = Profile("a", "A", "AR"), Profile("b", "B", "DE", latitude=50.0, longitude=8.0)
    assert facts_of("distance", a, b, {}) == {"kilometres": None, "preferred": "near"}
    assert facts_of("distance", a, b, {"distance": "far"})["preferred"] == "far"
    assert facts_of("coast", a, b, {}) == {"coastal_a": None, "coastal_b": None}


GREATER = Profile(
    id="turin",
    name="Turin",
    country="IT",
    population=850_000,
    languages=frozenset({"it"}),
    themes=frozenset({"mobility"}),
    climate="Cfa",
    coastal=False,
    latitude=45.07,
    longitude=7.69,
    utc_offset_hours=1,
    exposure=8,
    wishes=("rosario", "lima"),
)
SMALLER = Profile(
    id="ale",
    name="Ale",
    country="SE",
    population=31_402,
    languages=frozenset({"sv", "en"}),
    themes=frozenset({"youth"}),
    sdgs=frozenset({4}),
    climate="Cfb",
    coastal=True,
    wishes=("lima", "quito"),
)


@pytest.mark.parametrize("members", [(GREATER, SMALLER), (SMALLER, GREATER)])
def test_a_consortium_unites_its_members(members):
    assert consortium("c", "Turin and Ale", members, capacity=2) == Profile(
        id="c",
        name="Turin and Ale",
        country="IT",
        population=881_402,
        languages=frozenset({"it", "sv", "en"}),
        themes=frozenset({"mobility", "youth"}),
        sdgs=frozenset({4}),
        climate="Cfa",
        coastal=False,
        latitude=45.07,
        longitude=7.69,
        utc_offset_hours=1,
        exposure=8,
        wishes=("rosario", "lima", "quito"),
        capacity=2,
        members=("ale", "turin"),
    )


def test_a_consortium_with_a_member_of_unknown_size_has_none_and_needs_members():
    unknown = Profile("u", "U", "DE", exposure=1)
    assert consortium("c", "C", [GREATER, unknown]).population is None
    with pytest.raises(ValueError, match="members"):
        consortium("c", "C", [])
