"""Webhooks against real servers on this machine: what fails is seen with its reason, the rest goes out."""

import json
import os
import signal
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as project
from django.utils import timezone
from standardwebhooks import Webhook

from calls.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from calls.models.webhook import WebhookEvent
from calls.operations.webhook_delivery import (
    MOST_ATTEMPTS,
    WAITS,
    claim,
    deliver_webhooks,
    settle_expired_leases,
    sweep_webhooks,
    wait_after,
)
from calls.operations.webhook_events import tell_webhooks
from calls.webhooks.signing import new_secret
from tests.calls.receivers import drips, drips_its_body, floods, hangs, no_http, receiving, says
from tests.celery_worker import test_database_url, wait_until
from tests.factories import ProgrammeFactory, UserFactory

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def programme(db, settings):
    settings.WEBHOOKS_MAY_REACH_PRIVATE = True
    settings.WEBHOOKS_SECONDS = 0.4
    return ProgrammeFactory(code="ICP")


@pytest.fixture
def listen(programme, settings):
    """An endpoint of the programme for each receiver, whose port is let through."""

    def listen(receiver, **more) -> WebhookEndpoint:
        settings.WEBHOOKS_PORTS = [*settings.WEBHOOKS_PORTS, receiver.port]
        return endpoint_of(programme, receiver.url, **more)

    return listen


def endpoint_of(programme, url, **more) -> WebhookEndpoint:
    fields = {
        "programme": programme,
        "url": url,
        "description": "Grants system",
        "events": ["call.published"],
        "secret": new_secret(),
        "created_at": NOW,
        "created_by": UserFactory(),
        **more,
    }
    return WebhookEndpoint.objects.create(**fields)


def happens(programme, cause="call-1", at=NOW) -> None:
    tell_webhooks(
        WebhookEvent.CALL_PUBLISHED,
        programme_id=programme.pk,
        cause=cause,
        data=lambda: {"call": cause, "city": "Łódź"},
        at=at,
    )


def run(at=NOW) -> int:
    return deliver_webhooks(clock=lambda: at)


def verify(secret: str, request) -> dict:
    """As a receiver does it, with the published library; its clock is the real one."""
    return Webhook(secret).verify(request.body, request.headers)


def test_an_event_arrives_once_signed_as_the_standard_says(programme, listen):
    with receiving(says(204)) as server:
        endpoint = listen(server)
        happens(programme, at=timezone.now())
        happens(programme, at=timezone.now())  # the same thing told twice is one event
        assert deliver_webhooks() == 1
        assert deliver_webhooks() == 0
    (request,) = server.received
    assert request.line == "POST /hooks?from=portal HTTP/1.1"
    assert request.headers["host"] == f"127.0.0.1:{server.port}"
    assert request.headers["content-type"] == "application/json; charset=utf-8"
    said = verify(endpoint.secret, request)
    assert (said["type"], said["data"]) == ("call.published", {"call": "call-1", "city": "Łódź"})
    delivery = endpoint.deliveries.get()
    assert request.headers["webhook-id"] == delivery.message_id
    assert (delivery.state, delivery.last_error, delivery.attempts) == ("delivered", "", 1)
    assert delivery.log.get().status == 204


def test_two_secrets_sign_while_one_is_changed(programme, listen):
    with receiving(says(200)) as server:
        endpoint = listen(server, former_secret=new_secret(), former_until=timezone.now() + timedelta(days=1))
        happens(programme, at=timezone.now())
        deliver_webhooks()
        WebhookEndpoint.objects.update(former_until=timezone.now())
        happens(programme, "call-2", at=timezone.now())
        deliver_webhooks()
    first, second = server.received
    assert verify(endpoint.secret, first) == verify(endpoint.former_secret, first)
    verify(endpoint.secret, second)
    with pytest.raises(Exception, match="No matching signature"):
        verify(endpoint.former_secret, second)


def test_a_failing_server_gets_the_same_event_again_later(programme, listen):
    with receiving(says(500, b"boom\x00"), says(200)) as server:
        endpoint = listen(server)
        happens(programme)
        assert run() == 0
        delivery = endpoint.deliveries.get()
        assert (delivery.state, delivery.last_error) == ("waiting", "The server answered 500.")
        assert timedelta(seconds=25) < delivery.not_before - NOW < timedelta(seconds=35)
        assert run(NOW + timedelta(seconds=20)) == 0
        assert run(NOW + timedelta(minutes=1)) == 1
    first, second = server.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert list(delivery.log.values_list("status", "answer")) == [(500, "boom"), (200, "ok")]
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None


@pytest.mark.parametrize(
    ("talk", "why"),
    [
        (hangs, "No whole answer within 0.4 seconds."),
        (drips, "No whole answer within 0.4 seconds."),
        (no_http, "BadStatusLine"),
        (says(302, Location="http://169.254.169.254/latest/meta-data/"), "The server answered 302."),
    ],
    ids=["hangs", "drips", "no_http", "redirects"],
)
def test_a_bad_server_holds_nothing_up_and_its_reason_is_seen(programme, listen, talk, why):
    with receiving(talk) as bad, receiving(says(200)) as good:
        failing, answering = listen(bad), listen(good)
        happens(programme)
        happens(programme, "call-2")
        begun = time.monotonic()
        assert run() == 2
        assert time.monotonic() - begun < 2
    assert len(bad.received) == 1  # a second one is not even tried before the first has been answered
    assert len(good.received) == 2
    assert set(answering.deliveries.values_list("state", flat=True)) == {"delivered"}
    tried = failing.deliveries.get(attempts=1)
    assert tried.state == "waiting"
    assert tried.last_error.startswith(why)


@pytest.mark.parametrize("talk", [floods, drips_its_body])
def test_what_a_server_says_is_read_to_a_few_kilobytes_and_seconds(programme, listen, talk):
    with receiving(talk) as server:
        endpoint = listen(server)
        happens(programme)
        begun = time.monotonic()
        assert run() == 1
        assert time.monotonic() - begun < 2
    assert len(endpoint.deliveries.get().log.get().answer) <= 500


def test_a_server_that_is_gone_is_paused_at_once_and_gets_what_waited_when_it_resumes(programme, listen):
    with receiving(says(410), says(200)) as server:
        endpoint = listen(server)
        happens(programme)
        run()
        endpoint.refresh_from_db()
        assert endpoint.paused_at == NOW
        assert "410" in endpoint.pause_reason
        happens(programme, "call-2")
        assert run(NOW + timedelta(days=1)) == 0
        WebhookEndpoint.objects.update(paused_at=None, pause_reason="", quiet_until=None)
        assert run(NOW + timedelta(days=1)) == 2
    assert len(server.received) == 3


def test_after_days_of_failures_it_is_paused_and_an_event_is_given_up_after_its_attempts(programme, listen):
    with receiving(says(503)) as server:
        endpoint = listen(server)
        happens(programme)
        at = NOW
        while endpoint.paused_at is None:
            run(at)
            endpoint.refresh_from_db()
            at += timedelta(hours=25)
        assert timedelta(days=3) <= endpoint.paused_at - NOW <= timedelta(days=5)
        WebhookEndpoint.objects.update(paused_at=None, pause_reason="", failing_since=None)
        WebhookDelivery.objects.update(attempts=MOST_ATTEMPTS - 1, not_before=at)
        run(at)
    delivery = endpoint.deliveries.get()
    assert (delivery.state, delivery.finished_at) == ("dead", at)


def test_waits_grow_over_days_with_jitter():
    found = [wait_after(number) for number in range(1, MOST_ATTEMPTS)]
    assert all(abs(wait / plan - 1) <= 0.15 for wait, plan in zip(found, WAITS, strict=True))
    assert timedelta(days=3) < sum(WAITS, timedelta()) < timedelta(days=5)
    assert len({wait_after(5) for _ in range(5)}) > 1


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(programme, listen, tmp_path):
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    made += ["-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    made += ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "certificate")]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    with receiving(says(200), tls=context) as server:
        endpoint = listen(server)
        happens(programme)
        assert run() == 0
        assert "CERTIFICATE_VERIFY_FAILED" in endpoint.deliveries.get().last_error
        assert server.received == []
        # the same server is talked to once its certificate is vouched for
        os.environ["SSL_CERT_FILE"] = str(tmp_path / "certificate")
        try:
            assert run(NOW + timedelta(minutes=1)) == 1
        finally:
            del os.environ["SSL_CERT_FILE"]


def test_the_portals_own_neighbours_are_never_reached(programme, listen, settings):
    with receiving(says(200)) as server:
        listen(server)
        endpoint_of(programme, "http://169.254.169.254/latest/meta-data/")
        settings.WEBHOOKS_PORTS = [*settings.WEBHOOKS_PORTS, 80]
        happens(programme)
        assert run() == 1  # an intranet's address is let through, the metadata service is not
        settings.WEBHOOKS_MAY_REACH_PRIVATE = False
        happens(programme, "call-2")
        assert run(NOW + timedelta(hours=1)) == 0
    assert len(server.received) == 1
    reasons = set(WebhookAttempt.objects.exclude(error="").values_list("error", flat=True))
    assert reasons == {
        "This portal sends nothing there (private: 169.254.169.254).",
        "This portal sends nothing there (private: 127.0.0.1).",
    }


@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_in_the_middle_is_followed_by_one_that_sends_the_same_event(programme, listen):
    """The first sender hangs on the server's answer and is killed; its lease ends; the next one delivers."""
    with receiving(hangs, says(200)) as server:
        endpoint = listen(server)
        happens(programme)
        WebhookDelivery.objects.update(not_before=timezone.now() - timedelta(seconds=1))
        sender = subprocess.Popen(
            [sys.executable, "manage.py", "deliver_webhooks"],
            cwd=project.BASE_DIR,
            env=os.environ
            | {
                "DATABASE_URL": test_database_url(),
                "SECRET_KEY": "only-for-this-test",
                "DEBUG": "1",
                "WEBHOOKS_MAY_REACH_PRIVATE": "1",
                "WEBHOOKS_PORTS": str(server.port),
                "WEBHOOKS_SECONDS": "15",
            },
        )
        try:
            wait_until(lambda: bool(server.received))
        finally:
            sender.send_signal(signal.SIGKILL)
            sender.wait(timeout=10)
        delivery = endpoint.deliveries.get()
        assert delivery.state == "sending"
        assert claim(at=timezone.now()) is None
        assert settle_expired_leases(at=timezone.now()) == 0
        later = timezone.now() + timedelta(minutes=2)
        assert run(later) == 1
    first, second = server.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("delivered", 2)


def test_what_waited_for_weeks_is_given_up_and_old_logs_go(programme):
    endpoint = endpoint_of(programme, "https://example.org/hooks", paused_at=NOW, pause_reason="Gone.")
    happens(programme)
    assert sweep_webhooks(at=NOW + timedelta(days=13)) == 0
    assert endpoint.deliveries.get().state == "waiting"
    sweep_webhooks(at=NOW + timedelta(days=15))
    assert endpoint.deliveries.get().state == "dead"
    assert sweep_webhooks(at=NOW + timedelta(days=106)) == 1
    assert not endpoint.deliveries.exists()


def test_bodies_are_kept_as_they_are_signed(programme):
    endpoint = endpoint_of(programme, "https://example.org/hooks")
    happens(programme)
    assert json.loads(endpoint.deliveries.get().body)["timestamp"] == NOW.isoformat()
