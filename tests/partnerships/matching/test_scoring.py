"""Each criterion on cities where the right value is plain, and points that sum exactly."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.matching.criteria import CRITERIA, measure
from partnerships.matching.encoding import encode
from partnerships.matching.outcome import Message
from partnerships.matching.points import criterion_points
from partnerships.matching.profiles import (
    DEFAULT_WEIGHTS,
    FULL_SCORE,
    PREFERENCES,
    PairingInput,
    Profile,
    Settings,
    Side,
)
from partnerships.matching.scoring import score_pairs
from partnerships.matching.validation import input_faults
from tests.partnerships.matching.instances import profiles, quick
from tests.partnerships.matching.plain_scores import plain_score


def city(name: str, **more) -> Profile:
    return Profile(id=name, name=name, country="DE", **more)


def measured(criterion: str, a: dict, b: dict) -> int | None:
    found = CRITERIA[criterion](*encode([city("a", **a)], [city("b", **b)]))
    return int(found.values[0, 0]) if found.known[0, 0] else None


def at(latitude: float, longitude: float) -> dict[str, float]:
    return {"latitude": latitude, "longitude": longitude}


def themes(*names: str) -> frozenset[str]:
    return frozenset(names)


@pytest.mark.parametrize(
    ("criterion", "a", "b", "value"),
    [
        ("challenges", {"challenges": themes("water")}, {"challenges": themes("water")}, 1000),
        (
            "challenges",
            {"challenges": themes("water", "waste")},
            {"challenges": themes("water", "youth")},
            500,
        ),
        ("challenges", {"challenges": themes("water")}, {}, None),
        ("learning", {"wants": themes("water")}, {"offers": themes("water")}, 1000),
        ("learning", {"wants": themes("water", "waste")}, {"offers": themes("water")}, 500),
        (
            "learning",
            {"wants": themes("water"), "offers": themes("care")},
            {"wants": themes("youth"), "offers": themes("water")},
            500,
        ),
        ("learning", {"wants": themes("water")}, {"wants": themes("water")}, None),
        ("size", {"population": 300_000}, {"population": 300_000}, 1000),
        ("size", {"population": 300_000}, {"population": 1_200_000}, 500),
        ("size", {"population": 10_000_000}, {"population": 100_000}, 100),
        ("size", {"population": 10_000_000}, {}, None),
        ("languages", {"languages": themes("es", "en")}, {"languages": themes("en", "es")}, 1000),
        ("languages", {"languages": themes("es", "en")}, {"languages": themes("en", "ja")}, 800),
        ("languages", {"languages": themes("pl")}, {"languages": themes("ja")}, 0),
        ("languages", {}, {"languages": themes("ja")}, None),
        ("time_zone", {"utc_offset_hours": 1.0}, {"utc_offset_hours": 1}, 1000),
        ("time_zone", {"utc_offset_hours": 1.0}, {"utc_offset_hours": -3.0}, 500),
        ("time_zone", {"utc_offset_hours": -11.0}, {"utc_offset_hours": 12.0}, 875),
        ("time_zone", {"utc_offset_hours": 1.0}, {"utc_offset_hours": 9.0}, 0),
        ("time_zone", {"utc_offset_hours": 0.0}, {}, None),
        ("wishes", {"wishes": ("b",)}, {"wishes": ("a",)}, 1000),
        ("wishes", {"wishes": ("c", "b")}, {"wishes": ("a",)}, 950),
        ("wishes", {"wishes": ("b",)}, {}, 500),
        ("wishes", {"wishes": ("c",)}, {}, 0),
        ("wishes", {}, {}, None),
        ("themes", {"themes": themes("food")}, {"themes": themes("food", "care")}, 666),
        ("themes", {"sdgs": frozenset({6, 11})}, {"sdgs": frozenset({11, 13})}, 500),
        (
            "themes",
            {"themes": themes("food"), "sdgs": frozenset({2})},
            {"themes": themes("food", "care"), "sdgs": frozenset({3})},
            333,
        ),
        ("themes", {"themes": themes("food")}, {"sdgs": frozenset({2})}, None),
        ("climate", {"climate": "Cfa"}, {"climate": "Cfa"}, 1000),
        ("climate", {"climate": "Cfa"}, {"climate": "Cfb"}, 750),
        ("climate", {"climate": "Cfa"}, {"climate": "Csb"}, 500),
        ("climate", {"climate": "Cfb"}, {"climate": "Dfb"}, 500),
        ("climate", {"climate": "Cfa"}, {"climate": "Af"}, 250),
        ("climate", {"climate": "Af"}, {"climate": "Aw"}, 750),
        ("climate", {"climate": "Af"}, {"climate": "ET"}, 0),
        ("climate", {"climate": "Csb"}, {"climate": "BWh"}, 0),
        ("climate", {"climate": "Csb"}, {}, None),
        ("coast", {"coastal": True}, {"coastal": True}, 1000),
        ("coast", {"coastal": False}, {"coastal": False}, 1000),
        ("coast", {"coastal": False}, {"coastal": True}, 0),
        ("coast", {"coastal": False}, {}, None),
        ("exposure", {"exposure": 0}, {"exposure": 0}, 1000),
        ("exposure", {"exposure": 0}, {"exposure": 3}, 625),
        ("exposure", {"exposure": 0}, {}, 1000),
        ("exposure", {}, {"exposure": 2}, 333),
        ("exposure", {}, {}, None),
        # the chord of 90 degrees is 1/sqrt(2) of the diameter, that of 180 degrees all of it
        ("distance", at(0, 0), at(0, 0), 1000),
        ("distance", at(0, 0), at(90, 0), 293),
        ("distance", at(0, 0), at(0, -90), 293),
        ("distance", at(0, 0), at(0, 180), 0),
        ("distance", at(89.9, 10), at(-89.9, -170), 0),
        ("distance", at(0, 180), at(0, -180), 1000),
        ("distance", at(0, 0), {}, None),
        ("distance", at(0, 0), {"latitude": 1.0}, None),
    ],
)
def test_value_per_mille(criterion, a, b, value):
    assert measured(criterion, a, b) == value


def complete(a: Profile, b: Profile, chance: st.DataObject) -> tuple[Profile, Profile]:
    """Both cities with themes chosen, place, climate and exposure, or without some of them."""
    return replace(a, **chance.draw(more)), replace(b, **chance.draw(more))


names = st.frozensets(st.sampled_from(["culture", "water", "waste"]), max_size=2)
more = st.fixed_dictionaries(
    {
        "themes": names,
        "sdgs": st.frozensets(st.integers(1, 17), max_size=3),
        "climate": st.sampled_from(["", "Af", "Cfa", "Cfb", "Dfb", "BWh"]),
        "coastal": st.sampled_from([None, True, False]),
        "exposure": st.one_of(st.none(), st.integers(0, 30)),
        "latitude": st.one_of(st.none(), st.floats(-90, 90)),
        "longitude": st.one_of(st.none(), st.floats(-180, 180)),
    }
)
preferences = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(PREFERENCES[name]) for name in PREFERENCES}
)


@pytest.mark.parametrize("criterion", sorted(CRITERIA))
@quick
@given(a=profiles("a", "b", 0), b=profiles("b", "a", 0), chance=st.data(), prefer=preferences)
def test_a_value_is_the_same_from_either_side(criterion, a, b, chance, prefer):
    a, b = complete(a, b, chance)
    forth = measure(criterion, *encode([a], [b]), prefer)
    back = measure(criterion, *encode([b], [a]), prefer)
    assert (forth.values, forth.known) == (back.values, back.known)
    assert 0 <= forth.values[0, 0] <= 1000


weights = st.lists(st.integers(0, 50), min_size=len(CRITERIA), max_size=len(CRITERIA)).filter(any)


def to_the_whole(parts: list[int]) -> dict[str, int]:
    given_weights = {
        name: part * (FULL_SCORE // sum(parts)) for name, part in zip(CRITERIA, parts, strict=True)
    }
    given_weights["size"] += FULL_SCORE - sum(given_weights.values())
    return given_weights


@quick
@given(profiles("a", "b", 0), profiles("b", "a", 0), weights, st.data(), preferences)
def test_points_sum_to_the_score_and_maxima_to_the_whole(a, b, parts, chance, prefer):
    a, b = complete(a, b, chance)
    given_weights = to_the_whole(parts)
    score = int(score_pairs([a], [b], given_weights, prefer)[0, 0])
    points = criterion_points(a, b, given_weights, score, prefer)
    assert sum(part.points for part in points) == score
    assert sum(part.maximum for part in points) in (FULL_SCORE, 0)
    assert all(0 <= part.points <= part.maximum for part in points)
    assert all(part.known or part.points == 0 for part in points)


@quick
@given(profiles("a", "b", 0), profiles("b", "a", 0), weights, st.data(), preferences)
def test_exact_fractions_in_a_plain_loop_give_the_same_integers(a, b, parts, chance, prefer):
    a, b = complete(a, b, chance)
    given_weights = to_the_whole(parts)
    score = int(score_pairs([a], [b], given_weights, prefer)[0, 0])
    assert score == plain_score(a, b, given_weights, prefer)


@pytest.mark.parametrize(("preferred", "score"), [({}, 29_300), ({"distance": "far"}, 70_700)])
def test_a_call_says_whether_distance_is_a_bonus_or_a_malus(preferred, score):
    pair = [city("a", **at(0, 0))], [city("b", **at(0, 90))]
    assert score_pairs(*pair, DEFAULT_WEIGHTS, preferred)[0, 0] == score


def test_a_call_may_prefer_cities_without_much_exposure_or_the_experienced():
    new, old, partner = city("new", exposure=0), city("old", exposure=9), city("partner")
    newcomers = score_pairs([new, old], [partner], DEFAULT_WEIGHTS)
    experienced = score_pairs([new, old], [partner], DEFAULT_WEIGHTS, {"exposure": "experienced"})
    assert newcomers.ravel().tolist() == [100_000, 10_000]
    assert experienced.ravel().tolist() == [0, 90_000]


@pytest.mark.parametrize(
    ("of", "prefer"),
    [("exposure", "many"), ("distance", "newcomers"), ("size", "near"), ("beauty", "near")],
)
def test_a_preference_is_one_that_the_criterion_has(of, prefer):
    settings = Settings(prefer={of: prefer})
    found = input_faults(PairingInput(Side(()), Side(()), settings=settings))
    assert found == (Message("unknown_preference", {"criterion": of, "preference": prefer}),)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"latitude": 90.5, "longitude": 0.0}, "place_range"),
        ({"latitude": 0.0, "longitude": -181.0}, "place_range"),
        ({"latitude": float("nan"), "longitude": 0.0}, "place_range"),
        ({"exposure": -1}, "exposure_range"),
        ({"climate": "Cfab"}, "climate_class"),
        ({"climate": "C"}, "climate_class"),
    ],
)
def test_facts_that_cannot_be_are_faults(wrong, code):
    pairing = PairingInput(Side((city("a", **wrong),)), Side((city("b"),)))
    assert input_faults(pairing) == (Message(code, {"side": "a", "city": "a"}),)


def test_a_pair_without_any_data_scores_nothing():
    assert score_pairs([city("a")], [city("b")], DEFAULT_WEIGHTS)[0, 0] == 0


def test_missing_data_give_their_weight_to_the_others():
    a, b = city("a", population=100_000), city("b", population=100_000)
    assert score_pairs([a], [b], DEFAULT_WEIGHTS)[0, 0] == FULL_SCORE


def test_blocks_give_the_same_scores(monkeypatch):
    rows = [city(f"a{i}", population=10_000 * (i + 1), wishes=(f"b{i % 3}",)) for i in range(7)]
    columns = [city(f"b{i}", population=30_000 * (i + 1), wishes=(f"a{i}", "a6")) for i in range(5)]
    whole = score_pairs(rows, columns, DEFAULT_WEIGHTS)
    monkeypatch.setattr("partnerships.matching.scoring.CELLS_AT_A_TIME", 6)
    monkeypatch.setattr("partnerships.matching.scoring.COLUMNS_AT_A_TIME", 3)
    assert (score_pairs(rows, columns, DEFAULT_WEIGHTS) == whole).all()
    assert len(set(whole.ravel().tolist())) > 10
