"""What a mail server gets: two forms of the same words, the headers of automatic mail, lines it can take."""

from datetime import UTC, timedelta
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from cooperation.notifications.kinds import KINDS
from cooperation.notifications.models import Message
from cooperation.notifications.rendering import render
from tests.factories import UserFactory
from tests.notifications.letters import AT, _world
from tests.notifications.test_outbox import NOON, deliver, inbox  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)


def post(recipient: str = "karin@example.org", **fields) -> Message:
    world = _world(str)
    extension = SimpleNamespace(closes_to=AT, reason=fields.pop("reason", "The storm."))
    words = render("calls/mail/extension.txt", {**world, "extension": extension}, "sv")
    return Message.objects.create(**{
        "key": f"extension:{recipient}", "kind": "extension", "recipient": recipient, "language": "sv",
        "subject": words.subject, "body": words.body, "html": words.html, "not_before": NOON,
        "message_id": "<one@example.org>", "created_at": NOON, **fields,
    })  # fmt: skip


def arrived(server):
    return [message_from_bytes(raw, policy=policy.default) for raw in server.arrived]


def test_a_mail_says_what_it_is(inbox):  # noqa: F811
    post()
    assert deliver() == 1
    (found,) = arrived(inbox)
    assert found["Message-ID"] == "<one@example.org>"
    assert found["From"] == settings.DEFAULT_FROM_EMAIL
    assert found["To"] == "karin@example.org"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["X-Auto-Response-Suppress"] == "All"
    assert found["Content-Language"] == "sv"
    assert abs(parsedate_to_datetime(found["Date"]).replace(tzinfo=UTC) - timezone.now()) < timedelta(
        minutes=5
    )
    assert found.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]
    assert not {"List-Unsubscribe", "List-Unsubscribe-Post", "Reply-To"} & set(found.keys())


def test_what_a_reader_may_end_says_how(inbox):  # noqa: F811
    name = next(kind.name for kind in KINDS.values() if kind.optional and not kind.matters)
    post(kind=name, reader=UserFactory(language="sv"))
    deliver()
    (found,) = arrived(inbox)
    address = found["List-Unsubscribe"].strip(" <>")
    assert address.startswith(f"{settings.SITE_URL}/sv/messages/stop/")
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, page = (part.get_content() for part in found.iter_parts())
    assert address in text
    assert f'href="{address}"' in page
    assert f"{settings.SITE_URL}/sv/my/messages/settings/" in text


def test_long_lines_and_every_letter_survive(inbox):  # noqa: F811
    reason = "Ł" * 3000 + " końcówka"
    post(reason=reason)
    deliver()
    assert max(len(line) for line in inbox.arrived[0].splitlines()) <= 100
    (found,) = arrived(inbox)
    for part in found.iter_parts():
        assert part["Content-Transfer-Encoding"] == "quoted-printable"
        assert reason in part.get_content()


def test_domains_of_any_script_are_reached_and_other_addresses_fail_alone(inbox):  # noqa: F811
    post("jürgen@example.org", message_id="<two@example.org>")
    post("anna@münchen.example")
    assert deliver() == 1
    assert [found["To"] for found in arrived(inbox)] == ["anna@xn--mnchen-3ya.example"]
    refused = Message.objects.get(recipient="jürgen@example.org")
    assert refused.state == "dead"
    assert "SMTPUTF8" in refused.last_error


def test_action_is_said_first_in_both_forms(inbox):  # noqa: F811
    post(language="en", action=True)
    deliver()
    text, page = (part.get_content() for part in arrived(inbox)[0].iter_parts())
    assert [row for row in text.splitlines() if row][:1] == ["Action needed"]
    assert page.index(">Action needed<") < page.index('class="key"')


def test_a_code_to_log_in_comes_in_the_same_frame_and_is_not_kept():
    person = UserFactory(language="es")
    Client().post("/account/login/code/", {"email": person.email})
    (sent,) = mail.outbox
    found = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    text, page = (part.get_content() for part in found.iter_parts())
    code = found["Subject"].split()[0]
    assert f"\n{code}\n" in text
    assert 'class="code" style="' in page
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Content-Language"] == "es"
    assert found["Message-ID"].endswith("@example.org>")
    assert "Portal de Cooperación" in text
    assert not Message.objects.exists()
