"""Setting webhooks up in the admin: who may, what is refused, secrets shown once, events told in time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calls.models import Application, WebhookDelivery, WebhookEndpoint
from calls.models.webhook import WebhookEvent
from calls.operations.amending import amend_call
from calls.operations.deciding import approve
from calls.operations.results import publish_results
from calls.operations.submission import submit
from calls.operations.webhook_events import tell_webhooks
from calls.webhooks.addresses import NotReachable, Reach, Why, is_reachable, target_of
from calls.webhooks.signing import new_secret
from tests.calls.desk_world import Desk, staff_person
from tests.calls.worlds import small_world
from tests.factories import ProgrammeFactory, UserFactory

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BASE = "/admin/calls/webhookendpoint/"


def endpoint_of(programme, **more) -> WebhookEndpoint:
    fields = {
        "programme": programme,
        "url": "https://example.org/hooks",
        "description": "Grants system",
        "events": [event.value for event in WebhookEvent],
        "secret": new_secret(),
        "created_at": NOW,
        "created_by": UserFactory(),
        **more,
    }
    return WebhookEndpoint.objects.create(**fields)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def setter(db) -> Client:
    return client_of(staff_person("sets@example.org", "change_call"))


def given(**more) -> dict:
    return {
        "description": "Grants system",
        "url": "https://example.org/hooks",
        "events": ["call.published", "results.published"],
        "active": "on",
        **more,
    }


def test_staff_set_one_up_and_see_its_secret_once(setter):
    programme = ProgrammeFactory()
    response = setter.post(f"{BASE}add/", given(programme=programme.pk))
    endpoint = WebhookEndpoint.objects.get()
    assert response["Location"] == f"{BASE}{endpoint.pk}/"
    assert endpoint.secret in setter.get(response["Location"]).content.decode()
    for path in (response["Location"], BASE, "/admin/calls/webhookdelivery/"):
        assert endpoint.secret not in setter.get(path).content.decode()
    assert (endpoint.programme, endpoint.events) == (programme, ["call.published", "results.published"])


def test_a_secret_is_changed_with_both_valid_and_the_one_before_is_ended(setter):
    endpoint = endpoint_of(ProgrammeFactory())
    page = f"{BASE}{endpoint.pk}/"
    assert setter.post(f"{page}secret/", {"do": "change"}).status_code == 302
    before, endpoint = endpoint, WebhookEndpoint.objects.get()
    assert endpoint.former_secret == before.secret != endpoint.secret
    shown = setter.get(page).content.decode()
    assert endpoint.secret in shown
    assert before.secret not in shown
    assert setter.post(f"{page}secret/", {"do": "change"}).status_code == 409
    setter.post(f"{page}secret/", {"do": "end"})
    endpoint.refresh_from_db()
    assert (endpoint.former_secret, endpoint.former_until) == ("", None)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"url": "ftp://example.org/"}, "Begin the address with https://"),
        ({"url": "https://user:word@example.org/"}, "Leave name and password out"),
        ({"url": "https://example.org:6379/"}, "Choose an address at one of these ports: 443, 8443."),
        ({"url": "https://exa mple.org/"}, "Write the address in full"),
        ({"url": "https://[::1/"}, "Write the address in full"),
        ({"url": "\x00"}, "Null characters are not allowed"),
        ({"url": "https://example.org/" + "x" * 10_000}, "at most 500 characters"),
        ({"events": []}, "Choose at least one event."),
        ({"events": ["call.deleted"]}, "Select a valid choice"),
        ({"programme": "999999999999999999999"}, "Select a valid choice"),
        ({"description": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_a_webhook_is_refused_with_what_was_typed_kept(setter, wrong, sentence):
    response = setter.post(f"{BASE}add/", given(**{"programme": ProgrammeFactory().pk, **wrong}))
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert "Grants system" in page or "description" in wrong
    assert not WebhookEndpoint.objects.exists()


def test_a_change_by_somebody_else_is_not_written_over(setter):
    endpoint = endpoint_of(ProgrammeFactory())
    page = f"{BASE}{endpoint.pk}/"
    assert setter.post(page, given(version=1, description="New words")).status_code == 302
    late = setter.post(page, given(version=1, description="Older words"))
    assert late.status_code == 409
    assert "Somebody changed this webhook" in late.content.decode()
    assert WebhookEndpoint.objects.get().description == "New words"
    assert setter.post(page, given(version="9" * 40)).status_code == 422


@pytest.mark.django_db
def test_staff_without_the_right_are_refused():
    endpoint = endpoint_of(ProgrammeFactory(), paused_at=NOW, pause_reason="It failed.")
    happens(endpoint)
    delivery = WebhookDelivery.objects.get()
    reader = client_of(staff_person("reads@example.org"))
    log = f"/admin/calls/webhookdelivery/{delivery.pk}/"
    for path in (BASE, f"{BASE}add/", f"{BASE}{endpoint.pk}/", "/admin/calls/webhookdelivery/", log):
        assert reader.get(path).status_code == 403, path
    for path in (f"{BASE}add/", f"{BASE}{endpoint.pk}/", f"{BASE}{endpoint.pk}/secret/"):
        assert reader.post(path, given(version=1)).status_code == 403, path
    for path in (
        f"{BASE}{endpoint.pk}/test/",
        f"{BASE}{endpoint.pk}/resume/",
        f"{log}retry/",
        f"{log}cancel/",
    ):
        assert reader.post(path).status_code == 403, path
    assert "Webhooks that are paused" not in reader.get("/admin/").content.decode()
    endpoint.refresh_from_db()
    assert endpoint.paused_at == NOW


def happens(endpoint, cause="call-1", at=NOW) -> int:
    return tell_webhooks(
        WebhookEvent.CALL_PUBLISHED,
        programme_id=endpoint.programme_id,
        cause=cause,
        data=lambda: {"call": cause},
        at=at,
    )


def test_what_was_given_up_and_what_is_paused_stand_on_the_work_queue(setter):
    endpoint = endpoint_of(ProgrammeFactory(), paused_at=NOW, pause_reason="The server answered 410.")
    happens(endpoint)
    WebhookDelivery.objects.update(state="dead", finished_at=NOW, last_error="The server answered 500.")
    delivery, page = WebhookDelivery.objects.get(), setter.get("/admin/").content.decode()
    for sentence in ("Webhooks that are paused after failures", "Events that no webhook took"):
        assert sentence in page
    assert "Grants system" in setter.get(f"{BASE}?state=paused").content.decode()
    log = f"/admin/calls/webhookdelivery/{delivery.pk}/"
    assert (
        "The server answered 500."
        in setter.get("/admin/calls/webhookdelivery/?state__exact=dead").content.decode()
    )
    assert setter.post(f"{BASE}{endpoint.pk}/test/").status_code == 409
    assert setter.post(f"{BASE}{endpoint.pk}/resume/").status_code == 302
    assert setter.post(f"{BASE}{endpoint.pk}/resume/").status_code == 409
    assert setter.post(f"{log}retry/").status_code == 302
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("waiting", 0)
    assert setter.post(f"{log}cancel/").status_code == 302
    assert setter.post(f"{log}cancel/").status_code == 409
    WebhookDelivery.objects.update(state="delivered")
    assert setter.post(f"{log}retry/").status_code == 409
    assert setter.post(f"{BASE}{endpoint.pk}/test/").status_code == 302
    assert setter.post(f"{BASE}{endpoint.pk}/test/").status_code == 409
    assert endpoint.deliveries.get(event="webhook.test").state == "waiting"


@pytest.mark.parametrize("number", [1, 3, 20])
def test_lists_cost_the_same_queries(setter, number):
    for place in range(number):
        endpoint = endpoint_of(ProgrammeFactory())
        happens(endpoint, f"call-{place}")
        happens(endpoint, f"other-{place}")
    setter.get(BASE)
    found = []
    for path in (BASE, f"{BASE}{endpoint.pk}/", "/admin/calls/webhookdelivery/"):
        with CaptureQueriesContext(connection) as seen:
            assert setter.get(path).status_code == 200
        found.append(len(seen))
    assert found == [6, 7, 8]


@pytest.mark.django_db
def test_an_event_is_written_with_what_happens_and_goes_with_it():
    world = small_world()
    endpoint = endpoint_of(world.call.programme)
    endpoint_of(ProgrammeFactory())  # another programme's
    endpoint_of(world.call.programme, events=["results.published"])
    draft, at = world.complete(), timezone.now()
    with transaction.atomic():
        submit(application=draft, version=draft.version, by=world.officer, at=at)
        transaction.set_rollback(True)
    assert not WebhookDelivery.objects.exists()
    snapshot = submit(application=draft, version=draft.version, by=world.officer, at=at)
    submit(application=draft, version=draft.version, by=world.officer, at=at)  # a second click
    delivery = WebhookDelivery.objects.get()
    assert (delivery.endpoint, delivery.event) == (endpoint, "application.submitted")
    for said in (draft.reference, "Ale", world.call.slug, snapshot.sha256):
        assert said in delivery.body
    for person in (world.officer, world.approver):
        assert person.name not in delivery.body
        assert person.email not in delivery.body


@pytest.mark.django_db
def test_amendments_decisions_and_partnerships_are_told():
    desk = Desk()
    endpoint = endpoint_of(desk.call.programme)
    desk.recommended(partner=True)
    approve(application=Application.objects.get(), by=desk.helena, at=timezone.now())
    publish_results(call=desk.call, by=desk.helena, at=timezone.now())
    told = sorted(endpoint.deliveries.values_list("event", flat=True))
    assert told == ["application.submitted", "decision.published", "partnership.founded", "results.published"]
    staff = UserFactory(is_staff=True, is_superuser=True)
    later = timezone.now() + timedelta(days=9)
    amend_call(call=desk.call, reasons={"en": "More time."}, closes_to=later, by=staff, at=timezone.now())
    amended = endpoint.deliveries.get(event="call.amended")
    assert later.isoformat() in amended.body


def test_the_history_does_not_know_the_secrets(setter):
    setter.post(f"{BASE}add/", given(programme=ProgrammeFactory().pk))
    endpoint = WebhookEndpoint.objects.get()
    setter.post(f"{BASE}{endpoint.pk}/secret/", {"do": "change"})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE h::text LIKE %s), count(*) FROM history_historyentry h"
            " WHERE h::text LIKE '%%calls_webhookendpoint%%'",
            [f"%{endpoint.secret.removeprefix('whsec_')}%"],
        )
        secrets, entries = cursor.fetchone()
    assert secrets == 0
    assert entries >= 1


NEVER = (
    "169.254.169.254",
    "168.63.129.16",
    "fe80::1%eth0",
    "0.0.0.0",  # noqa: S104 - a number to refuse
    "224.0.0.1",
    "::",
    "::ffff:169.254.169.254",
)
INTRANET = ("127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "::1", "fd12::1", "::ffff:10.0.0.1")
INTRANET += ("2002:7f00:1::", "64:ff9b::7f00:1")
OPEN = ("93.184.216.34", "2606:2800:220:1::1", "64:ff9b::808:808")


def test_which_numbers_are_reached():
    for number in NEVER:
        assert not is_reachable(number, Reach(private=True)), number
    for number in INTRANET:
        assert not is_reachable(number, Reach()), number
        assert is_reachable(number, Reach(private=True)), number
    for number in OPEN:
        assert is_reachable(number, Reach()), number
    for number in ("not a number", "::7f00:1", "::a00:1", "64:ff9b:1::a00:1"):
        assert not is_reachable(number, Reach()), number


def test_plain_http_is_refused_where_it_is_not_allowed():
    with pytest.raises(NotReachable) as refusal:
        target_of("http://example.org/", Reach(ports=(80, 443)))
    assert refusal.value.why is Why.SCHEME
    assert target_of("http://example.org/", Reach(plain=True, ports=(80,))).host_header == "example.org"
