"""Deciding: one recommends, another approves; the letter and the partnership follow."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Decision
from calls.models.decision import Outcome
from calls.operations.deciding import approve, recommend
from cooperation.notifications.models import Message
from partnerships.models import Partnership
from tests.calls.desk_world import Desk, staff_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def address(name: str, application) -> str:
    return reverse(f"admin:calls_application_{name}", args=[application.pk])


def press_recommend(client, application, outcome: str = "selected", reason: str = "Clear and mutual."):
    data = {"outcome": outcome, "reason": reason, "version": application.version}
    return client.post(address("recommend", application), data)


def press_approve(client, application, version: int | None = None):
    version = application.version if version is None else version
    return client.post(address("approve", application), {"version": version})


def test_recommending_waits_for_a_second_person(client, desk):
    application = desk.reviewed()
    client.force_login(desk.marta)
    assert press_recommend(client, application).status_code == 302
    application.refresh_from_db()
    assert application.status == "reviewed"
    assert application.decision.recommended_by == desk.marta
    page = client.get(address("change", application)).content.decode()
    assert "You recommended this outcome. A second person approves it." in page
    assert "disabled" in page


def test_a_recommendation_needs_a_reason_and_a_known_outcome(client, desk):
    application = desk.reviewed()
    client.force_login(desk.marta)
    assert press_recommend(client, application, reason=" ").status_code == 422
    assert press_recommend(client, application, outcome="maybe").status_code == 422
    assert not Decision.objects.exists()


def test_nothing_is_recommended_before_the_review(client, desk):
    application = desk.eligible()
    client.force_login(desk.marta)
    assert press_recommend(client, application).status_code == 409
    assert not Decision.objects.exists()


def test_the_person_who_recommended_cannot_approve(client, desk):
    application = desk.reviewed()
    recommend(
        application=application, outcome=Outcome.SELECTED, reason="Clear.", by=desk.helena, at=timezone.now()
    )
    application.refresh_from_db()
    client.force_login(desk.helena)
    response = press_approve(client, application)
    assert response.status_code == 403
    assert "A second person approves: you recommended this outcome yourself." in response.content.decode()
    application.refresh_from_db()
    assert application.status == "reviewed"


def test_staff_without_the_right_cannot_approve(client, desk):
    application = desk.recommended()
    client.force_login(staff_person("ingrid@example.org"))
    assert "Only staff who approve decisions" in client.get(address("change", application)).content.decode()
    assert press_approve(client, application).status_code == 403
    application.refresh_from_db()
    assert application.status == "reviewed"


def test_approving_selects_writes_the_letter_and_founds_the_partnership(client, desk):
    application = desk.recommended(partner=True)
    client.force_login(desk.helena)
    assert press_approve(client, application).status_code == 302
    application.refresh_from_db()
    assert application.status == "selected"
    assert application.decision.approved_by == desk.helena
    partnership = Partnership.objects.get()
    assert {member.city.name for member in partnership.members.all()} == {"Ale", "Gaborone"}
    assert Message.objects.filter(kind="decision").count() == 1
    page = client.get(address("change", application)).content.decode()
    assert partnership.get_absolute_url() in page


def test_rejecting_founds_nothing(client, desk):
    application = desk.recommended(outcome=Outcome.REJECTED, partner=True)
    client.force_login(desk.helena)
    press_approve(client, application)
    application.refresh_from_db()
    assert application.status == "rejected"
    assert not Partnership.objects.exists()


def test_a_recommendation_that_changed_meanwhile_is_not_approved_unread(client, desk):
    application = desk.recommended()
    seen = application.version
    recommend(
        application=application,
        outcome=Outcome.REJECTED,
        reason="Too late.",
        by=desk.marta,
        at=timezone.now(),
    )
    client.force_login(desk.helena)
    response = press_approve(client, application, version=seen)
    assert response.status_code == 409
    assert "Somebody changed" in response.content.decode()
    application.refresh_from_db()
    assert application.status == "reviewed"


def test_approving_twice_is_refused_in_words(client, desk):
    application = desk.recommended()
    client.force_login(desk.helena)
    press_approve(client, application)
    application.refresh_from_db()
    response = press_approve(client, application)
    assert response.status_code == 409
    assert "no open recommendation" in response.content.decode()
    assert Message.objects.filter(kind="decision").count() == 1


def test_the_reserve_list_only_leads_to_selection(client, desk):
    application = desk.decided(outcome=Outcome.RESERVE)
    client.force_login(desk.marta)
    response = press_recommend(client, application, outcome="rejected")
    assert response.status_code in (409, 422)
    assert press_recommend(client, application).status_code == 302
    application.refresh_from_db()
    approve(application=application, by=desk.helena, at=timezone.now())
    application.refresh_from_db()
    assert application.status == "selected"
