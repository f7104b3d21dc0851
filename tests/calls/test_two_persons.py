"""Nobody brings their own recommendation to approval or to the city: every staff address is tried."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from calls.models import Application, Call, Complaint, Decision
from calls.models.decision import Outcome
from calls.operations.deciding import approve, recommend
from calls.operations.results import publish_results
from calls.queries.decisions import fingerprint_of, open_decisions, to_publish
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from tests.calls.desk_world import Desk, staff_person

pytestmark = pytest.mark.django_db


def every_staff_path(resolver: URLResolver, prefix: str = "") -> list[str]:
    """Each route of the admin as a template, such as /admin/calls/application/<int:pk>/approve/."""
    found = []
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        found += [route] if isinstance(entry, URLPattern) else every_staff_path(entry, route)
    return [route for route in found if route.startswith("admin/")]


def filled(route: str, desk: Desk, application: Application) -> str:
    """The route with the decided application, its call or its decision in place of each number."""
    own = {"calls/application/": application.pk, "calls/assignment/": application.pk}
    own["calls/call/"] = desk.call.pk
    decision = Decision.objects.get(application=application).pk
    first = next((value for part, value in own.items() if part in route), decision)
    route = re.sub(r"<(int:pk|path:object_id)>", str(first), route, count=1)
    route = re.sub(r"<int:application_pk>", str(application.pk), route)
    return "/" + re.sub(r"<[^>]+>", "1", route).replace("\\Z", "").replace("^", "").replace("$", "")


def everything(application: Application, desk: Desk) -> dict[str, object]:
    """What any form of the decisions could want, at once."""
    application.refresh_from_db()
    return {
        "version": application.version, "seen": fingerprint_of(open_decisions(desk.call)), "partly": "on",
        "outcome": "selected", "reason": "Because.", "note": "Because.", "eligible": "yes",
        "action": "approve", "_selected_action": [str(application.pk)], "confirm": "yes", "post": "yes",
        "status": "selected", "approved_by": desk.helena.pk, "approved_at_0": "2026-11-22",
        "approved_at_1": "12:00", "published_at_0": "2026-11-22", "published_at_1": "12:00",
        "recommended_by": desk.marta.pk, "decision": "selected", "application": application.pk,
        "upheld": "yes", "answer": "Yes.",
    }  # fmt: skip


def approves_both(desk: Desk) -> User:
    """Recommends and approves: the one who could try."""
    return staff_person("both@example.org", "decide_application", "change_decision", "change_application")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    "superuser",
    [pytest.param(False, marks=pytest.mark.thorough), True],
    ids=["both rights", "administrator"],
)
def test_no_address_lets_a_person_approve_their_own_recommendation(desk, superuser):
    person = approves_both(desk)
    User.objects.filter(pk=person.pk).update(is_superuser=superuser)
    person = User.objects.get(pk=person.pk)
    application = desk.reviewed()
    recommend(application=application, outcome=Outcome.SELECTED, reason="Mine.", by=person, at=timezone.now())
    routes = every_staff_path(get_resolver())
    assert any("decisions/approve/" in route for route in routes)
    client = Client(raise_request_exception=False)
    client.force_login(person)
    tried = 0
    for route in routes:
        if "logout" in route or "(?P" in route:
            continue
        with transaction.atomic():
            path = filled(route, desk, application)
            response = client.post(path, everything(application, desk))
            row = Decision.objects.get(application=application)
            own = row.recommended_by_id == row.approved_by_id
            transaction.set_rollback(True)
        assert response.status_code != 500, path
        assert not own, path
        assert row.approved_at is None, path
        assert row.published_at is None, path
        tried += 1
    assert tried > 60
    application.refresh_from_db()
    assert application.status == "reviewed"
    assert not Message.objects.filter(kind="decision").exists()


def test_the_actions_of_the_lists_approve_nothing(desk):
    person = approves_both(desk)
    application = desk.reviewed()
    recommend(application=application, outcome=Outcome.SELECTED, reason="Mine.", by=person, at=timezone.now())
    client = Client()
    client.force_login(person)
    for listed in ("application", "decision", "call"):
        page = client.get(f"/admin/calls/{listed}/").content.decode()
        actions = re.findall(r'<option value="([a-z_]+)">', page)
        for action in {*actions, "approve", "publish", "delete_selected"}:
            data = {"action": action, "_selected_action": ["1", str(application.pk), str(desk.call.pk)]}
            client.post(f"/admin/calls/{listed}/", data)
    assert Decision.objects.get().approved_at is None
    application.refresh_from_db()
    assert application.status == "reviewed"


def test_the_recommender_may_publish_what_a_second_person_approved(desk):
    person = approves_both(desk)
    application = desk.reviewed()
    recommend(application=application, outcome=Outcome.SELECTED, reason="Mine.", by=person, at=timezone.now())
    approve(application=application, by=desk.helena, at=timezone.now())
    client = Client()
    client.force_login(person)
    data = {"seen": fingerprint_of(to_publish(desk.call)), "partly": "on"}
    address = f"/admin/calls/call/{desk.call.pk}/publish-results/"
    assert client.post(address, data).status_code == 302
    application.refresh_from_db()
    assert application.status == "selected"


def test_the_database_refuses_one_person_for_both(desk):
    application = desk.recommended()
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(application=application).update(
            approved_by=desk.marta, approved_at=timezone.now()
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(application=application).update(
            published_by=desk.marta, published_at=timezone.now()
        )


def test_a_right_taken_away_in_mid_session_is_gone_at_once(desk):
    application = desk.recommended()
    client = Client()
    client.force_login(desk.helena)
    assert client.get(f"/admin/calls/call/{desk.call.pk}/decisions/").status_code == 200
    desk.helena.user_permissions.remove(Permission.objects.get(codename="decide_application"))
    application.refresh_from_db()
    base = f"/admin/calls/call/{desk.call.pk}/decisions"
    seen = fingerprint_of(open_decisions(desk.call))
    assert client.post(f"{base}/approve/", {"seen": seen}).status_code == 403
    data = {"version": application.version, "reason": "Back."}
    for step in ("approve", "back"):
        assert client.post(f"{base}/{application.pk}/{step}/", data).status_code == 403
    assert Decision.objects.get().approved_at is None


def test_a_complaint_is_not_judged_by_who_decided_at_its_address(desk):
    Call.objects.filter(pk=desk.call.pk).update(complaint_days=5)
    application = desk.decided(outcome=Outcome.REJECTED)
    complaint = Complaint.objects.create(
        application=application, text="No.", at=timezone.now(), by=application.created_by
    )
    for person in (desk.marta, desk.helena):
        client = Client()
        client.force_login(person)
        address = f"/admin/calls/complaint/{complaint.pk}/"
        assert "had no part in it" not in client.get("/admin/").content.decode()
        assert client.post(address, {"upheld": "yes", "answer": "Yes."}).status_code == 403
    application.refresh_from_db()
    assert application.status == "rejected"


def test_nothing_is_published_that_nobody_approved(desk):
    desk.recommended("Ale")
    done = desk.recommended("Lund")
    approve(application=done, by=desk.helena, at=timezone.now())
    assert [
        row.application for row in publish_results(call=desk.call, by=desk.helena, at=timezone.now())
    ] == [done]
