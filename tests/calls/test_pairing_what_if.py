"""What-ifs: a frozen input with changes, as a child run, and what it does otherwise."""

import pytest
from django.utils import timezone

from calls.operations.pairing import ask_what_if, cancel_run
from calls.operations.proposing import recommend_run
from calls.operations.status import NotPossible
from calls.queries.pairing_diff import compare
from calls.queries.pairing_kept import input_of
from cooperation.accounts.access import NotAllowed
from tests.calls.desk_world import staff_person
from tests.calls.pairing_world import application_of, pairs_of, requested, solved, what_if
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
EQUAL = {"challenges": 50_000, "languages": 50_000}


@pytest.fixture
def marta():
    return staff_person("marta@example.org")


@pytest.fixture
def run(pairing_call, marta):
    return solved(pairing_call, marta)


def references(run, *names: str) -> list[str]:
    return [application_of(run.call, name).reference for name in names]


def test_a_what_if_varies_a_finished_run_and_says_what_changes(run, marta):
    child = what_if(run, marta, vetoes=[references(run, "Koriyama", "Essen")])
    assert (child.parent, child.cause, child.number, child.shape) == (run, "what_if", 2, "sides")
    assert pairs_of(child) == {("Essen", "Toyota"), ("Grenoble", "Koriyama")}
    diff = compare(run, child)
    assert (diff.same, diff.lost, diff.gained) == ((), (), ())
    assert [(row.name, row.had, row.has) for row in diff.moved] == [
        ("Essen", ("Koriyama",), ("Toyota",)),
        ("Grenoble", ("Toyota",), ("Koriyama",)),
        ("Koriyama", ("Essen",), ("Grenoble",)),
        ("Toyota", ("Grenoble",), ("Essen",)),
    ]
    assert (diff.before.pairs, diff.after.pairs) == (2, 2)
    assert diff.before.total > diff.after.total


def test_a_city_that_stays_away_loses_and_another_gains(run, marta):
    fewer = what_if(run, marta, without=references(run, "Toyota"))
    diff = compare(run, fewer)
    assert {row.name for row in diff.lost} == {"Toyota", "Grenoble"}
    assert diff.same == (("Essen", "Koriyama"),)
    assert (diff.after.pairs, diff.after.placed) == (1, 2)
    back = compare(fewer, run)
    assert {row.name for row in back.gained} == {"Toyota", "Grenoble"}
    assert len(back.by_city) == 4


def test_every_setting_can_be_varied(run, marta):
    changes = {
        "weights": EQUAL,
        "minimum_score": 20_000,
        "raise_floor": False,
        "keep_bonus": 2_000,
        "quotas": {"EU": {"minimum": 1, "maximum": 1}, "Japan": {"maximum": None}},
        "pins": [references(run, "Essen", "Toyota")],
        "vetoes": [references(run, "Grenoble", "Toyota")],
    }
    child = what_if(run, marta, **changes)
    assert child.changes == changes
    told = input_of(child)
    assert told.settings.weights == EQUAL
    assert (told.settings.minimum_score, told.settings.raise_floor, told.settings.keep_bonus) == (
        20_000,
        False,
        2_000,
    )
    assert [(row.minimum, row.maximum) for row in (*told.a.quotas, *told.b.quotas)] == [(1, 1), (0, None)]
    assert (len(told.pins), len(told.vetoes), len(told.previous)) == (1, 1, 2)
    assert pairs_of(child) == {("Essen", "Toyota")}
    free = what_if(child, marta, free=[*changes["pins"], *changes["vetoes"]])
    assert (input_of(free).pins, input_of(free).vetoes) == ((), ())


BAD = [
    ({"colour": 1}, "cannot change “colour”"),
    ({"weights": {"beauty": 100_000}}, "criteria that exist"),
    ({"weights": ["challenges"]}, "criteria that exist"),
    ({"weights": {"challenges": 0, "size": 0}}, "sum to 100. Now they are 0"),
    ({"weights": {"challenges": 99_500}}, "Now they are 99.5"),
    ({"weights": {"challenges": 110_000, "size": -10_000}}, "“weights” cannot have this value"),
    ({"weights": {"challenges": 1e5}}, "“weights” cannot"),
    ({"minimum_score": 100_001}, "“minimum_score” cannot"),
    ({"minimum_score": True}, "“minimum_score” cannot"),
    ({"raise_floor": "yes"}, "“raise_floor” cannot"),
    ({"keep_bonus": -1}, "“keep_bonus” cannot"),
    ({"quotas": {"Mars": {"maximum": 1}}}, "quotas that the run has"),
    ({"quotas": [1]}, "quotas that the run has"),
    ({"quotas": {"EU": {"most": 1}}}, "a minimum and a maximum"),
    ({"quotas": {"EU": {"minimum": "2"}}}, "“EU” cannot"),
    ({"quotas": {"EU": {"minimum": 2, "maximum": 1}}}, "minimum of “EU” exceeds"),
    ({"pins": [["X", "Y"]]}, "No such city takes part in the run: X"),
    ({"pins": [["X"]]}, "pairs of two cities"),
    ({"pins": "Essen"}, "pairs of two cities"),
    ({"vetoes": [[1, 2]]}, "No such city"),
    ({"vetoes": 7}, "pairs of two cities"),
    ({"without": ["X"]}, "No such city"),
    ({"without": "X"}, "that stay away"),
    ({"without": [{"a": 1}]}, "No such city"),
]


@pytest.mark.parametrize(("changes", "sentence"), BAD, ids=[str(row[0])[:40] for row in BAD])
def test_what_a_run_cannot_take_is_refused_with_a_sentence(run, marta, changes, sentence):
    with pytest.raises(NotPossible, match=sentence):
        ask_what_if(run=run, changes=changes, by=marta, at=timezone.now())
    assert run.children.count() == 0


def test_pairs_within_a_side_and_empty_sides_are_refused(run, marta):
    at = timezone.now()
    with pytest.raises(NotPossible, match="one city of each side"):
        ask_what_if(run=run, changes={"pins": [references(run, "Essen", "Grenoble")]}, by=marta, at=at)
    with pytest.raises(NotPossible, match="at least one application on each side"):
        ask_what_if(run=run, changes={"without": references(run, "Toyota", "Koriyama")}, by=marta, at=at)


def test_only_a_finished_run_is_varied_and_by_staff(pairing_call, marta):
    waiting = requested(pairing_call, marta)
    at = timezone.now()
    with pytest.raises(NotPossible, match="Only a finished run"):
        ask_what_if(run=waiting, changes={}, by=marta, at=at)
    with pytest.raises(NotAllowed):
        ask_what_if(run=waiting, changes={}, by=UserFactory(), at=at)
    with pytest.raises(NotAllowed):
        cancel_run(run=waiting, by=UserFactory(), at=at)
    with pytest.raises(ValueError, match="need a result"):
        compare(waiting, waiting)


def test_nothing_of_a_what_if_is_recommended(run, marta):
    child = what_if(run, marta)
    assert compare(run, child).same == (("Essen", "Koriyama"), ("Grenoble", "Toyota"))
    with pytest.raises(NotPossible, match="no what-if"):
        recommend_run(run=child, by=marta, at=timezone.now())
    assert solved(run.call, marta).parent is None


def test_a_what_if_is_about_the_cities_of_then(run, marta):
    run.call.applications.filter(lead__city__name="Toyota").update(status="withdrawn")
    assert ("Grenoble", "Toyota") in pairs_of(what_if(run, marta, weights=EQUAL))
