"""The outbox for staff: what is shown, what stays closed, trying again and calling off."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from cooperation.accounts.access import NotAllowed
from cooperation.accounts.models import User
from cooperation.notifications.kinds import KINDS, Kind, Topic
from cooperation.notifications.models import Message
from cooperation.notifications.steering import NotPossible, call_off, retry, retry_many
from tests.factories import UserFactory
from tests.notifications.inbox_world import NOON, message, prefers, reader

LIST = "/admin/notifications/message/"
SECRET = "s" * 43


@pytest.fixture
def steward(db) -> User:
    person = UserFactory(is_staff=True, name="Marta Oliveira")
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="notifications"))
    return person


def page_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["dead", "waiting", "uncertain"])
def test_a_retry_lets_it_leave_now_with_all_attempts(steward, state):
    later = NOON + timedelta(hours=5)
    row = message(None, "a", kind="receipt", state=state, attempts=10, not_before=later, handed_at=NOON)
    retry(message=row, by=steward, at=NOON)
    row.refresh_from_db()
    assert (row.state, row.not_before, row.attempts, row.handed_at) == ("waiting", NOON, 0, None)
    assert (row.retried_by, row.retried_at) == (steward, NOON)


@pytest.mark.django_db
def test_what_may_come_twice_needs_a_word(steward):
    row = message(None, "a", state="uncertain")
    with pytest.raises(NotPossible, match="second copy"):
        retry(message=row, by=steward, at=NOON)
    retry(message=row, by=steward, at=NOON, although_twice=True)
    assert Message.objects.get().state == "waiting"


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["sent", "sending", "digested", "portal", "lapsed", "held", "cancelled"])
def test_what_is_over_or_under_way_is_not_tried_again(steward, state):
    row = message(None, "a", state=state)
    with pytest.raises(NotPossible):
        retry(message=row, by=steward, at=NOON)
    assert Message.objects.get().state == state


@pytest.mark.django_db
def test_what_would_lapse_is_not_tried_again(steward):
    with pytest.raises(NotPossible, match="lapse"):
        retry(message=message(None, "a", state="dead", expires_at=NOON), by=steward, at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["dead", "waiting", "held"])
def test_calling_off_keeps_who_when_and_why(steward, state):
    row = message(None, "a", state=state)
    call_off(message=row, reason=" A wrong address. ", by=steward, at=NOON)
    row.refresh_from_db()
    assert (row.state, row.cancelled_by, row.cancelled_at) == ("cancelled", steward, NOON)
    assert row.cancel_reason == "A wrong address."
    with pytest.raises(NotPossible):
        call_off(message=row, reason="Again.", by=steward, at=NOON)


@pytest.mark.django_db
def test_the_database_keeps_the_reason_with_who_and_when(steward):
    row = message(None, "a", state="waiting")
    for broken in (
        {"state": "cancelled", "cancelled_at": NOON, "cancelled_by": steward},
        {"state": "cancelled", "cancel_reason": "Why"},
        {"state": "waiting", "cancelled_at": NOON, "cancelled_by": steward, "cancel_reason": "Why"},
        {"retried_at": NOON},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=row.pk).update(**broken)


@pytest.mark.django_db
def test_staff_without_the_right_read_and_no_more():
    person, row = UserFactory(is_staff=True), message(None, "a", state="dead")
    for step in (retry, lambda **given: call_off(reason="Why", **given)):
        with pytest.raises(NotAllowed):
            step(message=row, by=person, at=NOON)
    with pytest.raises(NotAllowed):
        retry_many(messages=[row], by=person, at=NOON)
    page = page_of(person)
    shown = page.get(f"{LIST}{row.pk}/change/").content.decode()
    assert "Send it now" not in shown
    assert page.post(f"{LIST}{row.pk}/retry/").status_code == 403
    assert page.post(f"{LIST}{row.pk}/call-off/", {"reason": "Why"}).status_code == 403
    assert page.post(f"{LIST}retry/", {"_selected_action": [row.pk]}).status_code == 403
    assert Message.objects.get().state == "dead"


@pytest.mark.django_db
def test_the_page_shows_both_forms_without_secrets_and_where_it_stands(steward):
    words = f"Open http://localhost:8000/consent/{SECRET}/"
    html = f'<p><a href="http://localhost:8000/consent/{SECRET}/">Open</a></p>'
    row = message(
        reader(),
        "a",
        state="dead",
        body=words,
        html=html,
        attempts=3,
        last_error="SMTPRecipientsRefused: 550",
    )
    shown = page_of(steward).get(f"{LIST}{row.pk}/change/").content.decode()
    assert SECRET not in shown
    assert "/consent/…/" in shown
    assert "SMTPRecipientsRefused: 550" in shown
    assert "Send it now" in shown
    assert "Do not send it" in shown


@pytest.mark.django_db
def test_a_closed_text_stays_closed_also_within_a_digest(steward, monkeypatch):
    asked = [lambda about, user: about.get("closed", "")]
    monkeypatch.setattr("cooperation.notifications.admin.closed.CLOSED", asked)
    part = message(reader(), "a", body="Hidden words", about={"closed": "This is not for you."})
    digest = message(
        reader(), "d", kind="digest", body="Hidden words", about={"parts": [part.pk], "topics": []}
    )
    for row in (part, digest):
        shown = page_of(steward).get(f"{LIST}{row.pk}/change/").content.decode()
        assert "This is not for you." in shown
        assert "Hidden words" not in shown


@pytest.mark.django_db
def test_steps_on_the_page_answer_with_their_reason(steward):
    page, row = page_of(steward), message(reader(), "a", state="uncertain")
    path = f"{LIST}{row.pk}/"
    refused = page.post(f"{path}retry/")
    assert refused.status_code == 409
    assert "It may have arrived already" in refused.content.decode()
    assert page.post(f"{path}retry/", {"twice": "on"}).status_code == 302
    for reason in ("", "   ", "x" * 301, "\x00"):
        assert page.post(f"{path}call-off/", {"reason": reason}).status_code == 422
    assert page.post(f"{path}call-off/", {"reason": "A wrong address"}).status_code == 302
    kept = page.post(f"{path}call-off/", {"reason": "Typed again"})
    assert kept.status_code == 409
    shown = page.get(f"{path}change/").content.decode()
    assert "Marta Oliveira: A wrong address" in shown
    assert page.get(f"{path}retry/").status_code == 405
    assert page.post(f"{LIST}0/retry/").status_code == 404
    assert page.post(f"{LIST}{10**30}/call-off/", {"reason": "x"}).status_code == 404


@pytest.mark.django_db
def test_many_are_named_before_they_leave(steward):
    page = page_of(steward)
    dead = [message(None, f"dead {number}", state="dead") for number in range(2)]
    doubtful, sent = message(None, "doubtful", state="uncertain"), message(None, "sent")
    chosen = {"_selected_action": [row.pk for row in (*dead, doubtful, sent)]}
    asked = page.post(LIST, {"action": "retry_chosen", **chosen}).content.decode()
    for row in (*dead, doubtful, sent):
        assert row.subject in asked
    assert "2 messages leave now" in asked
    assert "1 may come twice" in asked
    assert Message.objects.filter(state="waiting").count() == 0
    done = page.post(f"{LIST}retry/", chosen).content.decode()
    assert "2 messages are on their way" in done
    assert "It may have arrived already" in done
    states = dict(Message.objects.values_list("key", "state"))
    assert states == {"dead 0": "waiting", "dead 1": "waiting", "doubtful": "uncertain", "sent": "sent"}
    page.post(f"{LIST}retry/", {**chosen, "twice": "on"})
    assert Message.objects.get(key="doubtful").state == "waiting"


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", [[], ["x"], ["\x00"], ["9" * 5000], ["-1"]])
def test_nothing_chosen_is_said(steward, chosen):
    assert page_of(steward).post(f"{LIST}retry/", {"_selected_action": chosen}).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3, 20])
def test_queries_of_the_list(steward, number, django_assert_num_queries):
    page = page_of(steward)
    for each in range(number):
        message(reader(), str(each), state="dead")
    page.get(LIST)
    with django_assert_num_queries(10):
        shown = page.get(LIST).content.decode()
    assert shown.count('class="action-select"') == number


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["topic=deadlines", "kind=reminder", "topic=x", "kind=%27", "q=Subject", "created_at__gte=2026-01-01"],
)
def test_the_list_is_narrowed(steward, query):
    message(None, "a", state="dead")
    message(None, "b", kind="receipt", state="dead")
    shown = page_of(steward).get(f"{LIST}?{query}").content.decode()
    expected = {"topic=deadlines": 1, "kind=reminder": 1}.get(query, 2)
    assert shown.count('class="action-select"') == expected
    assert re.search(r"Dead</dt><dd><a[^>]*>2</a>", shown)


@pytest.mark.django_db
def test_mail_flows_without_any_broker(capsys, mailoutbox, monkeypatch):
    monkeypatch.setitem(KINDS, "test_quiet", Kind("test_quiet", Topic.DEADLINES, quiet=True))
    person, due = reader(), NOON - timedelta(days=3000)
    prefers(person, "portal")
    message(person, "held", kind="test_quiet", state="held", not_before=due)
    message(person, "a", kind="receipt", state="waiting", not_before=due)
    call_command("deliver_mail", "--until-empty")
    assert capsys.readouterr().out == "1 sent, 0 dead, 0 waiting\n"
    assert [mail.subject for mail in mailoutbox] == ["Subject a"]
    assert Message.objects.get(key="held").state == "portal"
