"""A computed selection is recommended whole, and a list is approved whole, by another person."""

import pytest
from django.utils import timezone

from calls.access import NotAllowed
from calls.models import Application, Call, Decision, Review, SelectionRun
from calls.models.decision import Outcome
from calls.operations.applications import withdraw
from calls.operations.deciding import approve, recommend, send_back
from calls.operations.deciding_lists import approve_list, recommend_list
from calls.operations.overtaking import Overtaken
from calls.operations.results import publish_results
from calls.operations.status import NotPossible
from calls.queries.decisions import fingerprint_of, open_decisions, to_publish
from calls.queries.reasons_in_words import reason_of
from tests.calls.desk_world import Desk, staff_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def run_of(desk: Desk, *rows: dict, number: int = 1, parent: SelectionRun | None = None) -> SelectionRun:
    return SelectionRun.objects.create(
        call=desk.call, number=number, parent=parent, input="{}", input_sha256="0" * 64,
        engine_version="test", result={"rows": list(rows)}, at=timezone.now(), by=desk.marta,
    )  # fmt: skip


def row(application: Application, outcome: str, place: str = "1", score: str = "77.9", **more) -> dict:
    found = {"application": application.reference, "outcome": outcome, "place": place, "score": score}
    return {**found, "quota": None, "reserve_place": None, "note": None, **more}


@pytest.fixture
def three(desk) -> list[Application]:
    return [desk.reviewed(name) for name in ("Ale", "Kalmar", "Lund")]


def rows_of(three: list[Application]) -> list[dict]:
    first, second, third = three
    return [
        row(first, "selected", "1"),
        row(second, "reserve", "2=", "70.0", reserve_place=1),
        row(third, "rejected", "2=", "70.0"),
    ]


def seen(call: Call) -> str:
    return fingerprint_of(open_decisions(call))


def test_every_outcome_of_the_selection_is_recommended_with_its_reason(desk, three):
    recommend_list(run=run_of(desk, *rows_of(three)), by=desk.marta, at=timezone.now())
    found = {row.application.lead.city.name: row for row in open_decisions(desk.call)}
    assert {name: row.outcome for name, row in found.items()} == {
        "Ale": "selected", "Kalmar": "reserve", "Lund": "rejected"
    }  # fmt: skip
    assert "77.9 of 100: place 1 of 3" in found["Ale"].reason
    assert "shares place 2 of 3" in found["Kalmar"].reason
    assert "place 1 on the reserve list" in found["Kalmar"].reason
    assert "went to other applications" in found["Lund"].reason
    assert not any("Ale" in row.reason for name, row in found.items() if name != "Ale")
    assert found["Kalmar"].reserve_place == 1
    assert {row.recommended_by for row in found.values()} == {desk.marta}


def test_the_reason_names_the_pass_mark_in_the_language_of_the_application(desk, three):
    Application.objects.filter(pk=three[2].pk).update(language="sv")
    rows = rows_of(three)
    rows[2]["note"] = {"code": "below_pass_mark", "params": {"mark": 75}}
    recommend_list(run=run_of(desk, *rows), by=desk.marta, at=timezone.now())
    reason = Decision.objects.get(application=three[2]).reason
    assert "75" in reason
    assert "Din ansökan" in reason


@pytest.mark.parametrize(
    ("code", "params", "said"),
    [
        ("below_pass_mark", {"mark": 60}, "at least 60 of 100"),
        ("below_threshold", {"criterion": "plan", "threshold": "3.0"}, "At least 3.0 of 5"),
        ("not_enough_reviews", {"count": 1, "needed": 2}, "fewer finished reviews"),
        ("no_budget", {}, "The budget does not cover it."),
        ("pinned", {"reason": "The mayor is a friend."}, "The organiser settled this"),
        ("quota_full", {"quota": "EU", "places": 2}, "went to other applications"),
    ],
)  # fmt: skip
def test_a_refused_city_reads_the_true_reason_and_never_what_staff_wrote_for_themselves(
    desk, code, params, said
):
    """The list may ask for another mark than the call; a word of staff about a pin is theirs."""
    desk.call.pass_mark = 90
    refused = {"outcome": "rejected", "place": "3", "score": "70.0", "note": {"code": code, "params": params}}
    application = Application(language="en")
    reason = reason_of(refused, application, desk.call, of=3)
    assert said in reason
    assert "friend" not in reason


def test_a_selection_that_a_newer_one_replaced_is_refused_and_a_what_if_replaces_nothing(desk, three):
    old = run_of(desk, *rows_of(three))
    run_of(desk, *rows_of(three), number=2, parent=old)
    newer = run_of(desk, *rows_of(three), number=3)
    with pytest.raises(NotPossible, match="newer selection"):
        recommend_list(run=old, by=desk.marta, at=timezone.now())
    recommend_list(run=newer, by=desk.marta, at=timezone.now())


def test_a_selection_is_refused_when_its_applications_or_reviews_changed(desk, three):
    run = run_of(desk, *rows_of(three))
    withdraw(application=three[0], by=three[0].lead.memberships.get().user, at=timezone.now(), note="")
    with pytest.raises(NotPossible, match="Not waiting for an outcome any more"):
        recommend_list(run=run, by=desk.marta, at=timezone.now())
    run = run_of(desk, *rows_of(three)[1:], number=2)
    late = desk.reviewed("Umea")
    with pytest.raises(NotPossible, match=late.reference):
        recommend_list(run=run, by=desk.marta, at=timezone.now())
    run = run_of(desk, *rows_of(three)[1:], row(late, "rejected"), number=3)
    Review.objects.filter(application=late).update(changed_at=timezone.now())
    with pytest.raises(NotPossible, match="review changed"):
        recommend_list(run=run, by=desk.marta, at=timezone.now())
    assert not Decision.objects.exists()


def test_a_list_is_not_recommended_over_what_is_approved(desk, three):
    recommend(
        application=three[0], outcome=Outcome.SELECTED, reason="Good.", by=desk.marta, at=timezone.now()
    )
    approve(application=three[0], by=desk.helena, at=timezone.now())
    with pytest.raises(NotPossible, match=f"Approved already: {three[0].reference}"):
        recommend_list(run=run_of(desk, *rows_of(three)), by=desk.marta, at=timezone.now())
    send_back(application=three[0], reason="List first.", by=desk.helena, at=timezone.now())
    again = run_of(desk, *rows_of(three), number=2)
    assert len(recommend_list(run=again, by=desk.marta, at=timezone.now())) == 3


def test_another_person_approves_the_list_and_the_recommender_does_not(desk, three):
    recommend_list(run=run_of(desk, *rows_of(three)), by=desk.helena, at=timezone.now())
    with pytest.raises(NotAllowed, match="A second person"):
        approve_list(call=desk.call, seen=seen(desk.call), by=desk.helena, at=timezone.now())
    with pytest.raises(NotAllowed, match="Only staff who approve"):
        approve_list(call=desk.call, seen=seen(desk.call), by=desk.marta, at=timezone.now())
    boss = staff_person("boss@example.org", "decide_application")
    assert len(approve_list(call=desk.call, seen=seen(desk.call), by=boss, at=timezone.now())) == 3
    assert to_publish(desk.call).count() == 3


def test_ones_own_recommendations_are_left_for_another_person(desk, three):
    for application, by in zip(three, (desk.marta, desk.marta, desk.helena), strict=True):
        recommend(application=application, outcome=Outcome.REJECTED, reason="No.", by=by, at=timezone.now())
    approved = approve_list(call=desk.call, seen=seen(desk.call), by=desk.helena, at=timezone.now())
    assert {row.application for row in approved} == set(three[:2])
    assert open_decisions(desk.call).get().application == three[2]


def test_a_list_that_changed_is_not_approved_unread(desk, three):
    recommend_list(run=run_of(desk, *rows_of(three)), by=desk.marta, at=timezone.now())
    read = seen(desk.call)
    recommend(
        application=three[2], outcome=Outcome.SELECTED, reason="Now yes.", by=desk.marta, at=timezone.now()
    )
    with pytest.raises(Overtaken, match="Nothing was approved"):
        approve_list(call=desk.call, seen=read, by=desk.helena, at=timezone.now())
    assert not to_publish(desk.call).exists()


def test_a_list_that_fills_more_than_the_places_is_refused_whole(desk, three):
    Call.objects.filter(pk=desk.call.pk).update(places=1)
    rows = [row(application, "selected") for application in three]
    recommend_list(run=run_of(desk, *rows), by=desk.marta, at=timezone.now())
    with pytest.raises(NotPossible, match="would fill 3"):
        approve_list(call=desk.call, seen=seen(desk.call), by=desk.helena, at=timezone.now())
    assert not to_publish(desk.call).exists()


def test_publishing_part_of_a_round_is_said_explicitly(desk, three):
    for application in three[:2]:
        recommend(
            application=application, outcome=Outcome.REJECTED, reason="No.", by=desk.marta, at=timezone.now()
        )
    approve(application=three[0], by=desk.helena, at=timezone.now())
    more = {"call": desk.call, "by": desk.helena, "at": timezone.now()}
    with pytest.raises(NotPossible, match="Some outcomes wait"):
        publish_results(**more, partly=False)
    with pytest.raises(Overtaken, match="Nothing was published"):
        publish_results(**more, seen="another list")
    assert len(publish_results(**more, seen=fingerprint_of(to_publish(desk.call)), partly=True)) == 1
