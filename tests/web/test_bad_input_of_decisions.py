"""What no honest form sends when outcomes are decided and answered: words and a status, never a 500."""

import pytest
from django.urls import reverse

from calls.models import Call, Complaint, Decision
from calls.models.decision import Outcome
from tests.calls.desk_world import Desk, staff_person
from tests.web.test_bad_input import DIGITS, HUGE, NUL, SURROGATE

pytestmark = pytest.mark.django_db
WORDS = [NUL, HUGE]
NUMBERS = ["", "-1", "x", DIGITS, NUL, "1e9", SURROGATE]


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    Call.objects.filter(pk=desk.call.pk).update(acceptance_days=5, complaint_days=5)
    desk.call.refresh_from_db()
    return desk


def post(client, name: str, *args, **data) -> int:
    return client.post(reverse(f"admin:calls_{name}", args=args), data).status_code


@pytest.mark.parametrize("value", WORDS, ids=["nul", "huge"])
def test_words_of_staff(client, desk, value):
    application = desk.recommended()
    client.force_login(desk.helena)
    data = {"version": application.version, "reason": value}
    assert post(client, "call_send_back", desk.call.pk, application.pk, **data) == 422
    assert post(client, "call_lapse_place", desk.call.pk, application.pk, **data) == 422
    assert Decision.objects.get().returned_at is None


@pytest.mark.parametrize("value", NUMBERS)
def test_numbers_and_fingerprints_of_staff(client, desk, value):
    application = desk.recommended()
    client.force_login(desk.helena)
    for name in ("call_approve_one", "call_send_back", "call_lapse_place"):
        assert post(client, name, desk.call.pk, application.pk, version=value, reason="R.") in (409, 422)
    assert post(client, "call_approve_list", desk.call.pk, seen=value) in (409, 422)
    assert post(client, "call_publish_results", desk.call.pk, seen=value) in (409, 422)
    page = reverse("admin:calls_call_letters", args=[desk.call.pk])
    assert client.get(page, {"page": value}).status_code == (400 if value == NUL else 200)
    assert Decision.objects.get().approved_at is None


def test_what_does_not_exist_is_not_found(client, desk):
    application, other = desk.recommended(), Desk(marta=staff_person("m2@example.org"), helena=desk.helena)
    client.force_login(desk.helena)
    data = {"version": application.version, "reason": "R."}
    assert post(client, "call_approve_one", other.call.pk, application.pk, **data) == 404
    assert post(client, "call_approve_one", 10**9, application.pk, **data) == 404
    assert post(client, "call_recommend_list", desk.call.pk, 10**9) == 404
    assert post(client, "call_replace", desk.call.pk, application.pk, application=1) == 404
    assert post(client, "call_side_vote", desk.call.pk, application.pk, outcome="selected") == 404


@pytest.mark.parametrize("value", WORDS, ids=["nul", "huge"])
def test_words_of_the_city_and_the_answer_to_them(client, desk, value):
    selected, rejected = desk.decided("Ale"), desk.decided("Lund", Outcome.REJECTED)
    for application, page, field in ((selected, "offer", "note"), (rejected, "complaint", "text")):
        client.force_login(application.lead.memberships.get().user)
        address = reverse(f"calls:{page}", args=[application.reference])
        assert client.post(address, {field: value, "answer": "decline"}).status_code == 422
    complaint = Complaint.objects.create(
        application=rejected, text="No.", at=rejected.changed_at, by=rejected.created_by
    )
    client.force_login(staff_person("third@example.org"))
    for data in ({"answer": value, "upheld": "no"}, {"answer": "A.", "upheld": value}, {}):
        assert post(client, "complaint_change", complaint.pk, **data) == 422
    assert Complaint.objects.get().answered_at is None
