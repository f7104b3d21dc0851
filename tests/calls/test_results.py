"""The public results page, and the staff's page of a round."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Call, Decision
from calls.models.decision import Outcome
from calls.operations.answering import decline_place
from calls.operations.deciding import approve
from calls.operations.results import publish_results
from tests.calls.desk_world import Desk
from tests.pages import said
from tests.quick import AMOUNTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def results(desk: Desk) -> str:
    return reverse("calls:results", args=[desk.call.slug])


def test_before_publication_there_is_no_results_page(client, desk):
    desk.recommended()
    assert client.get(results(desk)).status_code == 404
    client.force_login(desk.helena)
    assert client.get(results(desk)).status_code == 404
    assert results(desk) not in client.get(desk.call.get_absolute_url()).content.decode()


def test_the_selected_are_named_with_partners_and_nobody_else_is(client, desk):
    desk.decided("Ale", partner=True)
    desk.decided("Kalmar", Outcome.RESERVE)
    desk.decided("Lund", Outcome.REJECTED)
    page = said(client.get(results(desk)))
    assert "Ale" in page
    assert "Gaborone" in page
    assert "Sweden" in page
    for hidden in ("Kalmar", "Lund", "72.0", "Clear."):
        assert hidden not in page
    assert results(desk) in client.get(desk.call.get_absolute_url()).content.decode()


def test_the_reserve_list_is_named_in_order_where_the_call_says_so(client, desk):
    for name, place in (("Kalmar", 2), ("Lund", 1)):
        application = desk.decided(name, Outcome.RESERVE)
        Decision.objects.filter(application=application).update(reserve_place=place)
    Call.objects.filter(pk=desk.call.pk).update(reserve_public=True)
    page = client.get(results(desk)).content.decode()
    assert page.index("Lund") < page.index("Kalmar")


def test_a_declined_place_is_named_no_more(client, desk):
    Call.objects.filter(pk=desk.call.pk).update(acceptance_days=5)
    desk.call.refresh_from_db()
    application = desk.decided("Ale")
    assert "Ale" in client.get(results(desk)).content.decode()
    by = application.lead.memberships.get().user
    decline_place(application=application, note="No.", by=by, at=timezone.now())
    assert "Youth of Ale" not in client.get(results(desk)).content.decode()


def many(desk: Desk, count: int, outcome: Outcome) -> list[Application]:
    rows = [desk.recommended(f"City {number}", outcome) for number in range(count)]
    for row in rows:
        row.partners.create(city=row.lead.city)
        approve(application=row, by=desk.helena, at=timezone.now())
    return rows


@pytest.mark.parametrize("count", AMOUNTS)
def test_the_results_cost_the_same_however_many(client, desk, count, django_assert_num_queries):
    Call.objects.filter(pk=desk.call.pk).update(reserve_public=True)
    many(desk, count, Outcome.SELECTED)
    publish_results(call=desk.call, by=desk.helena, at=timezone.now())
    with django_assert_num_queries(7):
        assert client.get(results(desk)).status_code == 200


@pytest.mark.parametrize("count", AMOUNTS)
def test_the_round_costs_the_same_however_many(client, desk, count, django_assert_num_queries):
    for number in range(count):
        desk.recommended(f"City {number}", Outcome.REJECTED)
    client.force_login(desk.helena)
    address = reverse("admin:calls_call_decisions", args=[desk.call.pk])
    client.get(address)
    with django_assert_num_queries(16):
        assert client.get(address).status_code == 200


def press(client, desk, name: str, *args, **data):
    return client.post(reverse(f"admin:calls_call_{name}", args=[desk.call.pk, *args]), data)


def test_a_round_from_recommendation_to_publication_on_its_pages(client, desk):
    first, second = desk.recommended("Ale"), desk.recommended("Lund", Outcome.REJECTED)
    address = reverse("admin:calls_call_decisions", args=[desk.call.pk])
    client.force_login(desk.marta)
    page = client.get(address)
    assert "You recommended this outcome." in page.content.decode()
    seen = page.context["round"].seen
    assert press(client, desk, "approve_list", seen=seen).status_code == 403
    client.force_login(desk.helena)
    assert press(client, desk, "approve_list", seen="0" * 16).status_code == 409
    response = press(client, desk, "send_back", second.pk, version=second.version, reason="")
    assert response.status_code == 422
    response = press(client, desk, "send_back", second.pk, version=second.version, reason="Read it again.")
    assert response.status_code == 302
    page = client.get(address)
    assert "Read it again." in page.content.decode()
    assert press(client, desk, "approve_list", seen=page.context["round"].seen).status_code == 302
    publish = reverse("admin:calls_call_publish_results", args=[desk.call.pk])
    page = client.get(publish)
    assert "1 wait" in page.content.decode()
    seen = page.context["round"].seen_approved
    assert client.post(publish).status_code == 422
    assert client.post(publish, {"seen": seen}).status_code == 409
    assert client.post(publish, {"seen": seen, "partly": "on"}).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("selected", "reviewed")


def test_a_freed_place_is_filled_with_one_press(client, desk):
    Call.objects.filter(pk=desk.call.pk).update(acceptance_days=5)
    desk.call.refresh_from_db()
    reserve = desk.decided("Kalmar", Outcome.RESERVE)
    declined = desk.decided("Ale")
    by = declined.lead.memberships.get().user
    decline_place(application=declined, note="No staff.", by=by, at=timezone.now())
    client.force_login(desk.marta)
    address = reverse("admin:calls_call_decisions", args=[desk.call.pk])
    page = client.get(address).content.decode()
    assert "No staff." in page
    assert "Recommend Kalmar municipality" in page
    assert press(client, desk, "replace", declined.pk, application=reserve.pk).status_code == 302
    assert press(client, desk, "replace", declined.pk, application=reserve.pk).status_code == 404
    assert "for the place that" in client.get(address).content.decode()


def test_a_lapsed_place_on_the_page(client, desk):
    Call.objects.filter(pk=desk.call.pk).update(acceptance_days=5)
    desk.call.refresh_from_db()
    application = desk.decided("Ale")
    client.force_login(desk.marta)
    data = {"version": application.version, "reason": "No answer."}
    assert press(client, desk, "lapse_place", application.pk, **data).status_code == 409
    Decision.objects.update(acceptance_due_at=timezone.now())
    assert (
        "No answer by the due date"
        in client.get(reverse("admin:calls_call_decisions", args=[desk.call.pk])).content.decode()
    )
    assert press(client, desk, "lapse_place", application.pk, **data).status_code == 302
    application.refresh_from_db()
    assert application.status == "declined"
