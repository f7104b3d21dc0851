"""Deciding: one recommends, another approves; the letter and the partnership follow."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.access import NotAllowed
from calls.models import Application, Call, Decision
from calls.models.decision import Outcome
from calls.operations.applications import withdraw
from calls.operations.deciding import approve, recommend, send_back
from calls.operations.results import publish_results
from calls.operations.status import NotPossible
from calls.queries.decisions import open_decisions
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
    assert "You recommended this outcome. A second person approves it." in response.content.decode()
    application.refresh_from_db()
    assert application.status == "reviewed"


def test_staff_without_the_right_cannot_approve(client, desk):
    application = desk.recommended()
    client.force_login(staff_person("ingrid@example.org"))
    assert "Only staff who approve decisions" in client.get(address("change", application)).content.decode()
    assert press_approve(client, application).status_code == 403
    application.refresh_from_db()
    assert application.status == "reviewed"


def publish(desk):
    return publish_results(call=desk.call, by=desk.helena, at=timezone.now())


def test_approving_tells_nobody_and_publishing_tells_all(client, desk):
    application, other = desk.recommended(partner=True), desk.recommended("Lund", Outcome.REJECTED)
    client.force_login(desk.helena)
    assert press_approve(client, application).status_code == 302
    application.refresh_from_db()
    assert application.status == "reviewed"
    assert application.decision.approved_by == desk.helena
    assert not Message.objects.filter(kind="decision").exists()
    assert not Partnership.objects.exists()
    approve(application=other, by=desk.helena, at=timezone.now())
    publish(desk)
    assert {row.status for row in desk.call.applications.all()} == {"selected", "rejected"}
    partnership = Partnership.objects.get()
    assert {member.city.name for member in partnership.members.all()} == {"Ale", "Gaborone"}
    assert Message.objects.filter(kind="decision").count() == 2
    page = client.get(address("change", application)).content.decode()
    assert partnership.get_absolute_url() in page


def test_rejecting_founds_nothing(desk):
    application = desk.decided(outcome=Outcome.REJECTED, partner=True)
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


def test_the_reserve_list_only_leads_to_selection(client, desk):
    application = desk.decided(outcome=Outcome.RESERVE)
    client.force_login(desk.marta)
    response = press_recommend(client, application, outcome="rejected")
    assert response.status_code in (409, 422)
    assert press_recommend(client, application).status_code == 302
    application.refresh_from_db()
    approve(application=application, by=desk.helena, at=timezone.now())
    publish(desk)
    application.refresh_from_db()
    assert application.status == "selected"


def test_what_is_approved_is_sent_back_before_it_is_recommended_again(desk):
    application = desk.recommended()
    approve(application=application, by=desk.helena, at=timezone.now())
    more = {"application": application, "at": timezone.now()}
    with pytest.raises(NotPossible, match="Send it back"):
        recommend(outcome=Outcome.REJECTED, reason="No.", by=desk.marta, **more)
    with pytest.raises(NotPossible, match="Say why"):
        send_back(reason=" ", by=desk.helena, **more)
    with pytest.raises(NotAllowed):
        send_back(reason="Read it again.", by=desk.marta, **more)
    send_back(reason="Read it again.", by=desk.helena, **more)
    application.decision.refresh_from_db()
    assert application.decision.approved_by is None
    assert application.decision.return_reason == "Read it again."
    assert not open_decisions(desk.call).exists()
    with pytest.raises(NotPossible, match="no open recommendation"):
        approve(by=desk.helena, **more)
    with pytest.raises(NotPossible, match="Nothing is approved"):
        publish(desk)
    recommend(outcome=Outcome.REJECTED, reason="No.", by=desk.marta, **more)
    assert open_decisions(desk.call).get().return_reason == ""


def test_a_call_with_one_place_selects_one(desk):
    Call.objects.filter(pk=desk.call.pk).update(places=1)
    first, second = desk.recommended("Ale"), desk.recommended("Lund")
    approve(application=first, by=desk.helena, at=timezone.now())
    with pytest.raises(NotPossible, match="The call has 1 places; these outcomes would fill 2"):
        approve(application=second, by=desk.helena, at=timezone.now())
    assert open_decisions(desk.call).get().application == second
    recommend(application=second, outcome=Outcome.REJECTED, reason="Full.", by=desk.marta, at=timezone.now())
    approve(application=second, by=desk.helena, at=timezone.now())
    assert len(publish(desk)) == 2


def test_a_quota_is_never_filled_beyond_its_places(desk):
    desk.call.quotas.create(labels={"en": "Sweden"}, side="home", countries=["SE"], places=1)
    first = desk.decided("Ale")
    second = desk.recommended("Lund")
    with pytest.raises(NotPossible, match="The quota “Sweden” is full"):
        approve(application=second, by=desk.helena, at=timezone.now())
    Application.objects.filter(pk=first.pk).update(status="declined")
    approve(application=second, by=desk.helena, at=timezone.now())


def test_what_was_withdrawn_after_its_approval_is_not_published(desk):
    gone, stays = desk.recommended("Ale"), desk.recommended("Lund")
    for row in (gone, stays):
        approve(application=row, by=desk.helena, at=timezone.now())
    withdraw(application=gone, by=gone.lead.memberships.get().user, at=timezone.now(), note="")
    assert [row.application for row in publish(desk)] == [stays]
    gone.refresh_from_db()
    assert gone.status == "withdrawn"
    assert Message.objects.filter(kind="decision").count() == 1
