"""Nobody who still has to score an application sees others' scores of it: pages, lists, sorting, errors."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Call
from calls.operations.declaring import declare_no_conflict
from calls.operations.reviewing import finish_review
from calls.queries.blinding import may_see_scores, scores_visible_to
from tests.calls.desk_world import Desk, days_ago, staff_list, staff_person
from tests.factories import UserFactory
from tests.pages import said

pytestmark = pytest.mark.django_db

# A figure that no number of a row can hold: the mean of (5, 1) with the weights below.
MEAN = "70.4"
WEIGHTS = {"relevance": 63, "plan": 37}


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    for key, weight in WEIGHTS.items():
        made.call.criteria.filter(key=key).update(weight=weight)
    return made


@pytest.fixture
def ingrid():
    return UserFactory(email="ingrid@example.org", name="Ingrid Falk")


@pytest.fixture
def staff():
    """Programme staff who review, too."""
    return staff_person("tomas@example.org")


def give(desk: Desk, application, person) -> None:
    desk.assign(application, person)
    declare_no_conflict(application=application, by=person, at=timezone.now())


def discuss(desk: Desk) -> None:
    Call.objects.filter(pk=desk.call.pk).update(discussion_at=days_ago(1))


def page_of(client, name: str, *parts, **query) -> str:
    return said(client.get(reverse(f"admin:{name}", args=parts), query))


def desk_page(client, application) -> str:
    return page_of(client, "calls_assignment_desk", application.pk)


def test_others_scores_show_after_ones_own_and_only_in_the_discussion(client, desk, ingrid):
    application = desk.scored("Ale", (5, 1), by=desk.helena)
    application.reviews.update(comment="For staff alone.", feedback="For the city.")
    give(desk, application, ingrid)
    client.force_login(ingrid)
    assert not may_see_scores(ingrid, application)
    discuss(desk)
    page = desk_page(client, application)
    assert "You see the others’ scores once you finish." in page
    assert "Reviewer 1" not in page
    assert MEAN not in page.split('id="your-sheet"')[1]
    desk.score(application, (3, 3), ingrid)
    assert may_see_scores(ingrid, application)
    page = desk_page(client, application)
    assert "Reviewer 1" in page
    assert f"{MEAN} <small>of 100" in page
    for hidden in ("Helena", "For staff alone.", "For the city."):
        assert hidden not in page


def test_without_a_discussion_they_never_show_to_a_reviewer(client, desk, ingrid):
    application = desk.scored("Ale", (5, 1), by=desk.helena)
    give(desk, application, ingrid)
    desk.score(application, (3, 3), ingrid)
    client.force_login(ingrid)
    assert "The other reviewers" not in desk_page(client, application)
    finish_review(application=application, by=desk.marta, at=timezone.now())
    assert "The other reviewers" not in desk_page(client, application)
    discuss(desk)
    assert "The other reviewers" in desk_page(client, application)


def test_an_unfinished_sheet_shows_to_nobody_else(client, desk, ingrid):
    application = desk.scored("Ale", (5, 1), by=desk.helena)
    desk.score(application, (3, 3), ingrid)
    application.reviews.filter(reviewer=desk.helena).update(finished_at=None)
    discuss(desk)
    client.force_login(ingrid)
    assert "The other reviewers" not in desk_page(client, application)


def test_the_page_of_staff_who_review_hides_the_sheets_and_their_authors(client, desk, staff):
    application = desk.scored("Ale", (5, 1), by=desk.helena)
    client.force_login(staff)
    assert MEAN in page_of(client, "calls_application_change", application.pk)
    give(desk, application, staff)
    page = page_of(client, "calls_application_change", application.pk)
    assert "Hidden while you review it yourself" in page
    assert MEAN not in page
    assert "<strong>Helena</strong>" not in page
    desk.score(application, (3, 3), staff)
    assert MEAN not in page_of(client, "calls_application_change", application.pk)
    discuss(desk)
    page = page_of(client, "calls_application_change", application.pk)
    assert MEAN in page
    assert "<strong>Helena</strong>" not in page
    finish_review(application=application, by=desk.marta, at=timezone.now())
    assert "<strong>Helena</strong>" in page_of(client, "calls_application_change", application.pk)


def test_a_hidden_mean_is_no_number_in_the_list_and_sorts_as_none(desk, staff):
    high, low = desk.scored("Ale", (5, 5)), desk.scored("Lund", (1, 1))
    hidden = desk.scored("Kalmar", (3, 3))
    give(desk, hidden, staff)
    rows = list(staff_list(staff).order_by("-mean", "pk"))
    assert {row.pk: row.mean for row in rows} == {high.pk: 100.0, low.pk: 20.0, hidden.pk: None}
    ends = {rows[0].pk, rows[-1].pk}
    assert hidden.pk in ends
    assert not staff_list(staff).filter(mean__gte=0, pk=hidden.pk).exists()
    assert staff_list(desk.helena).get(pk=hidden.pk).mean == 60.0


def test_the_order_of_hidden_means_says_nothing_about_them(desk, staff):
    rows = [
        desk.scored(name, values) for name, values in (("Ale", (5, 5)), ("Lund", (1, 1)), ("Umeå", (3, 3)))
    ]
    for row in rows:
        give(desk, row, staff)
    for order in ("mean", "-mean"):
        assert [row.pk for row in staff_list(staff).order_by(order, "pk")] == [row.pk for row in rows]


def test_a_conflict_of_interest_hides_scores_until_it_is_lifted(desk, staff):
    application = desk.reviewed("Ale", (5, 1))
    assert may_see_scores(staff, application)
    conflict = application.conflicts.create(user=staff, reason="Kin.", at=timezone.now(), by=desk.marta)
    assert not may_see_scores(staff, application)
    application.conflicts.filter(pk=conflict.pk).update(lifted_at=timezone.now(), lifted_by=desk.marta)
    assert may_see_scores(staff, application)


def test_whoever_is_neither_staff_nor_assigned_sees_no_scores(desk, ingrid):
    application = desk.reviewed("Ale", (5, 1))
    assert not may_see_scores(ingrid, application)
    staff = staff_person("gone@example.org")
    staff.is_active = False
    assert not Application.objects.filter(scores_visible_to(staff)).exists()


def test_a_refusal_and_a_stale_sheet_say_nothing_of_the_others(client, desk, ingrid):
    application = desk.scored("Ale", (5, 1), by=desk.helena)
    application.reviews.update(comment="For staff alone.")
    give(desk, application, ingrid)
    desk.score(application, (3, 3), ingrid)
    client.force_login(ingrid)
    address = reverse("admin:calls_assignment_desk", args=[application.pk])
    for data in ({"version": 0}, {"version": 1, "answer-recommendation": "maybe"}):
        page = said(client.post(address, data))
        for hidden in ("Helena", "For staff alone.", MEAN, "Reviewer 1"):
            assert hidden not in page.split('id="your-sheet"')[1]


def test_counts_and_the_queue_of_a_reviewer_are_their_own(client, desk, ingrid):
    application = desk.scored("Ale", (5, 1), by=desk.helena)
    give(desk, application, ingrid)
    client.force_login(ingrid)
    page = page_of(client, "calls_assignment_changelist")
    assert "0 of 1 finished" in page
    assert "Helena" not in page
