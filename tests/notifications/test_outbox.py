"""The outbox against a real mail server: what is committed arrives once, and a failure is never silent."""

import socket
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from itertools import pairwise

import pytest
from aiosmtpd.controller import Controller
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from cooperation.notifications.claiming import (
    LEASE,
    MOST_ATTEMPTS,
    begin,
    claim,
    hand_over,
    settle_expired_leases,
)
from cooperation.notifications.delivery import deliver_due
from cooperation.notifications.kinds import KINDS, Kind, Topic, register_kind
from cooperation.notifications.lag import lag
from cooperation.notifications.models import Message
from cooperation.notifications.operations import post
from tests.races.together import together

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEMPLATE = "notifications_test.txt"
SUBJECT_AND_BODY = "{{ reference }} received\n\nWe received {{ reference }}.\n"


class Inbox:
    """Keeps what arrives; refuses recipients that begin with "gone"."""

    def __init__(self) -> None:
        self.arrived: list[bytes] = []
        self.locked = False

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.locked:
            return "530 authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone"):
            return "550 no such person here"
        if address.startswith("later"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.arrived.append(envelope.content)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def inbox(settings):
    """A mail server on this machine, in this process."""
    kept = Inbox()
    server = Controller(kept, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield kept
    server.stop()


@pytest.fixture(autouse=True)
def _template(settings):
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": settings.TEMPLATES[0]["DIRS"],
            "OPTIONS": {
                "loaders": [
                    ("django.template.loaders.locmem.Loader", {TEMPLATE: SUBJECT_AND_BODY}),
                    "django.template.loaders.filesystem.Loader",
                ]
            },
        }
    ]


def write(key: str = "receipt:1", recipient: str = "karin@example.org", at: datetime = NOON, **more) -> bool:
    fields = {
        "kind": "receipt", "language": "en", "template": TEMPLATE, "about": {"application": 1},
        "context": {"reference": "ICLD-2026-0001"},
    }  # fmt: skip
    return post(key=key, recipient=recipient, at=at, **{**fields, **more})


def deliver(at: datetime = NOON) -> int:
    return deliver_due(clock=lambda: at)


@pytest.mark.django_db
def test_a_message_arrives_with_its_id(inbox):
    write()
    assert deliver() == 1
    row = Message.objects.get()
    mail = message_from_bytes(inbox.arrived[0])
    assert (row.state, row.sent_at, row.attempts) == ("sent", NOON, 1)
    assert mail["Message-ID"] == row.message_id
    assert mail["Subject"] == "ICLD-2026-0001 received"
    assert mail["To"] == "karin@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert b"We received ICLD-2026-0001." in inbox.arrived[0]
    assert deliver() == 0
    assert len(inbox.arrived) == 1


@pytest.mark.django_db
def test_the_same_key_is_posted_once(inbox):
    assert write()
    assert not write()
    deliver()
    assert len(inbox.arrived) == 1


@pytest.mark.django_db
def test_a_refused_recipient_is_dead_and_others_go_on(inbox):
    write("a", recipient="gone@example.org")
    write("b")
    assert deliver() == 1
    dead = Message.objects.get(key="a")
    assert dead.state == "dead"
    assert "550" in dead.last_error


@pytest.mark.django_db
def test_a_recipient_put_off_is_tried_again(inbox):
    write(recipient="later@example.org")
    deliver()
    row = Message.objects.get()
    assert row.state == "waiting"
    assert row.not_before > NOON


@pytest.mark.django_db
def test_a_server_that_does_not_answer_waits_longer_each_time_and_at_last_gives_up(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    write()
    at, waits = NOON, []
    while (row := Message.objects.get()).state == "waiting":
        at = max(at, row.not_before)
        deliver(at)
        waits.append(Message.objects.get().not_before - at)
    assert len(waits) == 10
    assert timedelta(seconds=22) < waits[0] < timedelta(seconds=38)
    assert all(later > earlier for earlier, later in pairwise(waits[:6]))
    assert max(waits) < timedelta(hours=8)
    assert row.state == "dead"
    assert "ConnectionRefusedError" in row.last_error


@pytest.mark.django_db
def test_a_server_that_is_away_costs_one_message_an_attempt_and_the_others_none(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    for key in "abc":
        write(key)
    assert deliver() == 0
    rows = Message.objects.order_by("key")
    assert [(row.state, row.attempts) for row in rows] == [("waiting", 1), ("waiting", 0), ("waiting", 0)]
    assert [row.not_before > NOON for row in rows] == [True, False, False]


@pytest.mark.django_db
def test_a_server_that_refuses_the_portal_itself_kills_no_message(inbox):
    inbox.locked = True
    write("a")
    assert deliver() == 0
    assert Message.objects.get().state == "waiting"
    assert "530" in Message.objects.get().last_error
    inbox.locked = False
    assert deliver(NOON + timedelta(minutes=2)) == 1


@pytest.mark.django_db
def test_a_message_that_cannot_be_sent_holds_up_nobody(inbox):
    write("poison", kind="notice")
    write("broken check", kind="broken")
    write("behind", kind="notice")
    Message.objects.filter(key="poison").update(subject="two\nlines", not_before=NOON - timedelta(hours=1))
    register_kind(Kind("broken", Topic.OWN, matters=lambda about, at: about["no such id"]))
    try:
        assert deliver() == 1
    finally:
        KINDS.pop("broken")
    assert dict(Message.objects.values_list("key", "state")) == {
        "poison": "waiting", "broken check": "waiting", "behind": "sent",
    }  # fmt: skip
    assert Message.objects.get(key="poison").last_error.startswith("BadHeaderError")
    assert Message.objects.get(key="poison").not_before > NOON


@pytest.mark.django_db
def test_a_sender_stopped_in_mid_send_leaves_only_that_message_in_doubt(inbox, monkeypatch):
    write("first", kind="notice")
    write("second", kind="notice")

    def stop(*_args, **_more):
        raise SoftTimeLimitExceeded

    with monkeypatch.context() as patched:
        patched.setattr("smtplib.SMTP.data", stop)
        with pytest.raises(SoftTimeLimitExceeded):
            deliver()
    deliver(NOON + LEASE + timedelta(seconds=1))
    assert dict(Message.objects.values_list("key", "state")) == {"first": "uncertain", "second": "sent"}


@pytest.mark.django_db
def test_what_expired_lapses_unsent(inbox):
    write(expires_at=NOON)
    assert deliver() == 0
    assert Message.objects.get().state == "lapsed"
    assert inbox.arrived == []


@pytest.mark.django_db
def test_what_no_longer_matters_lapses(inbox):
    register_kind(Kind("test-only", Topic.OWN, matters=lambda about, at: about["application"] == 2))
    try:
        write("a", kind="test-only")
        write("b", kind="test-only", about={"application": 2})
        assert deliver() == 1
    finally:
        KINDS.pop("test-only")
    assert dict(Message.objects.values_list("key", "state")) == {"a": "lapsed", "b": "sent"}


@pytest.mark.django_db
def test_what_is_not_due_waits(inbox):
    write(at=NOON + timedelta(minutes=1))
    assert deliver() == 0
    assert lag(at=NOON) == timedelta()
    assert lag(at=NOON + timedelta(minutes=3)) == timedelta(minutes=2)
    assert deliver(NOON + timedelta(minutes=1)) == 1


@pytest.mark.django_db
def test_a_sender_that_died_leaves_a_receipt_to_be_sent_again_and_a_reminder_uncertain(inbox):
    write("a")
    write("b", kind="notice")
    write("c", kind="notice")
    taken = {row.key: row for row in claim(at=NOON)}
    assert set(taken) == {"a", "b", "c"}
    assert not claim(at=NOON)
    assert hand_over(taken["a"], at=NOON)
    assert hand_over(taken["b"], at=NOON)
    assert deliver(NOON + LEASE) == 0
    deliver(NOON + LEASE + timedelta(seconds=1))
    states = dict(Message.objects.values_list("key", "state"))
    assert states == {"a": "sent", "b": "uncertain", "c": "sent"}
    assert len(inbox.arrived) == 2


@pytest.mark.django_db
def test_a_receipt_that_stops_every_sender_is_given_up(inbox):
    write()
    at, claims = NOON, 0
    while batch := claim(at=at):
        claims += 1
        assert begin(batch[0], at=at)
        at += LEASE + timedelta(seconds=1)
        settle_expired_leases(at=at)
        assert not claim(at=at), "those behind it go first"
        at += timedelta(hours=8)
    assert (claims, Message.objects.get().state) == (MOST_ATTEMPTS, "dead")


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_mails_nobody(inbox):
    class Undone(Exception):
        pass

    def change() -> None:
        with transaction.atomic():
            write()
            raise Undone

    with pytest.raises(Undone):
        change()
    assert deliver() == 0
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_claimers_never_share_a_message():
    for number in range(40):
        write(f"receipt:{number}")
    claimed: list[int] = []

    def sweep() -> None:
        while batch := claim(at=NOON, most=3):
            claimed.extend(row.pk for row in batch)

    assert together(*[sweep] * 4) == [None] * 4
    # A sweep that meets only rows leased elsewhere ends; whatever it left is for the next one.
    claimed.extend(row.pk for row in claim(at=NOON, most=40))
    assert sorted(claimed) == sorted(Message.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_posting_the_same_key_at_once_keeps_one():
    news = together(*[write] * 4)
    assert Message.objects.count() == 1
    assert True in news
