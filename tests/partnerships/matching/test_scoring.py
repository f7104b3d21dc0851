"""Each criterion on cities where the right value is plain, and points that sum exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.matching.encoding import encode
from partnerships.matching.explanation import criterion_points
from partnerships.matching.profiles import DEFAULT_WEIGHTS, FULL_SCORE, Profile
from partnerships.matching.scoring import CRITERIA, score_pairs
from tests.partnerships.matching.instances import profiles, quick


def city(name: str, **more) -> Profile:
    return Profile(id=name, name=name, country="DE", **more)


def measured(criterion: str, a: dict, b: dict) -> int | None:
    found = CRITERIA[criterion](*encode([city("a", **a)], [city("b", **b)]))
    return int(found.values[0, 0]) if found.known[0, 0] else None


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
    ],
)
def test_value_per_mille(criterion, a, b, value):
    assert measured(criterion, a, b) == value


@pytest.mark.parametrize("criterion", sorted(CRITERIA))
@quick
@given(a=profiles("a", "b", 0), b=profiles("b", "a", 0))
def test_a_value_is_the_same_from_either_side(criterion, a, b):
    forth, back = CRITERIA[criterion](*encode([a], [b])), CRITERIA[criterion](*encode([b], [a]))
    assert (forth.values, forth.known) == (back.values, back.known)
    assert 0 <= forth.values[0, 0] <= 1000


weights = st.lists(st.integers(0, 50), min_size=6, max_size=6).filter(any)


@quick
@given(profiles("a", "b", 0), profiles("b", "a", 0), weights)
def test_points_sum_to_the_score_and_maxima_to_the_whole(a, b, parts):
    given_weights = {
        name: part * (FULL_SCORE // sum(parts)) for name, part in zip(CRITERIA, parts, strict=True)
    }
    given_weights["size"] += FULL_SCORE - sum(given_weights.values())
    score = int(score_pairs([a], [b], given_weights)[0, 0])
    points = criterion_points(a, b, given_weights, score)
    assert sum(part.points for part in points) == score
    assert sum(part.maximum for part in points) in (FULL_SCORE, 0)
    assert all(0 <= part.points <= part.maximum for part in points)
    assert all(part.known or part.points == 0 for part in points)


def test_a_pair_without_any_data_scores_nothing():
    assert score_pairs([city("a")], [city("b")], DEFAULT_WEIGHTS)[0, 0] == 0


def test_missing_data_give_their_weight_to_the_others():
    a, b = city("a", population=100_000), city("b", population=100_000)
    assert score_pairs([a], [b], DEFAULT_WEIGHTS)[0, 0] == FULL_SCORE


def test_blocks_of_rows_give_the_same_scores(monkeypatch):
    rows = [city(f"a{i}", population=10_000 * (i + 1), wishes=(f"b{i % 3}",)) for i in range(7)]
    columns = [city(f"b{i}", population=30_000 * (i + 1), wishes=(f"a{i}",)) for i in range(5)]
    whole = score_pairs(rows, columns, DEFAULT_WEIGHTS)
    monkeypatch.setattr("partnerships.matching.scoring.CELLS_AT_A_TIME", 10)
    assert (score_pairs(rows, columns, DEFAULT_WEIGHTS) == whole).all()
