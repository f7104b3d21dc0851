"""A reader's messages in the portal: list, number on every page, reading, choosing, one press to end."""

import re

import pytest
from django.test import Client

from cooperation.accounts.models import User
from cooperation.notifications.kinds import Topic
from cooperation.notifications.models import Message, Preference, Quiet
from cooperation.notifications.operations import Letter, post_all
from cooperation.notifications.unsubscribing import unsubscribe_path_of
from tests.notifications.inbox_world import NOON, days, message, prefers, reader

INBOX, CHOICES = "/my/messages/", "/my/messages/settings/"


@pytest.fixture
def person(db):
    return reader(name="Karin Lindqvist")


@pytest.fixture
def page(person):
    client = Client()
    client.force_login(person)
    return client


def subjects(response) -> list[str]:
    return re.findall(r'inbox-subject">.*?<a [^>]*>(.*?)</a>', response.content.decode(), re.S)


@pytest.mark.django_db
def test_the_list_shows_what_was_sent_tried_or_kept_newest_first(person, page):
    for number, state in enumerate(["sent", "dead", "uncertain", "digested", "portal", "sending"]):
        message(person, state, state=state, created_at=NOON + days(number))
    for state in ("waiting", "held", "lapsed", "cancelled"):
        message(person, state, state=state)
    message(person, "the mail of several", kind="digest")
    message(reader(), "of somebody else")
    shown = subjects(page.get(INBOX))
    assert shown == [f"Subject {s}" for s in ("sending", "portal", "digested", "uncertain", "dead", "sent")]


@pytest.mark.django_db
def test_the_list_is_narrowed_and_paged(person, page):
    message(person, "read", read_at=NOON)
    message(person, "unread", action=True)
    message(person, "own", kind="receipt", read_at=NOON)
    assert subjects(page.get(f"{INBOX}?show=unread")) == ["Subject unread"]
    assert subjects(page.get(f"{INBOX}?show=action")) == ["Subject unread"]
    assert subjects(page.get(f"{INBOX}?topic=own")) == ["Subject own"]
    assert len(subjects(page.get(f"{INBOX}?topic=deadlines"))) == 2
    for number in range(23):
        message(person, f"more {number}", created_at=NOON - days(1))
    assert len(subjects(page.get(INBOX))) == 25
    assert len(subjects(page.get(f"{INBOX}?page=2"))) == 1


@pytest.mark.django_db
def test_the_number_of_unread_messages_stands_on_every_page_without_a_query(
    person, page, django_assert_num_queries
):
    with django_assert_num_queries(2):  # session, person
        assert 'id="unread" hidden' in page.get("/privacy/").content.decode()
    message(person, "a")
    message(person, "b")
    message(person, "waits", state="waiting")
    with django_assert_num_queries(2):
        assert re.search(r'id="unread">.*?</span>2</b>', page.get("/privacy/").content.decode())
    assert "Messages (2 unread)" in page.get(INBOX).content.decode()
    one = message(person, "many")
    rows = []
    for number in range(120):
        one.pk, one.key = None, f"many {number}"
        rows.append(Message(**{f.attname: getattr(one, f.attname) for f in Message._meta.concrete_fields}))
    Message.objects.bulk_create(rows)
    assert "</span>99+</b>" in page.get("/privacy/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3, 20])
def test_queries_of_the_list(person, page, number, django_assert_num_queries):
    for each in range(number):
        message(person, str(each), state="dead", last_error="550 unknown")
    with django_assert_num_queries(4):  # session, person with the number, count, rows
        assert len(subjects(page.get(INBOX))) == number


@pytest.mark.django_db
def test_a_message_is_read_by_a_press_and_not_by_a_look(person, page):
    row = message(person, "a", html="<p>Its <b>words</b></p>", path="/calls/open/")
    shown = page.get(f"{INBOX}{row.pk}/").content.decode()
    assert "<p>Its <b>words</b></p>" in shown
    assert 'href="/calls/open/"' in shown
    assert Message.objects.get().read_at is None
    assert page.get(f"{INBOX}{row.pk}/read/").status_code == 405
    answer = page.post(f"{INBOX}{row.pk}/read/")
    assert (answer.status_code, answer["Location"]) == (302, f"{INBOX}{row.pk}/")
    first = Message.objects.get().read_at
    assert first is not None
    page.post(f"{INBOX}{row.pk}/read/")
    assert Message.objects.get().read_at == first
    scripted = page.post(f"{INBOX}{row.pk}/read/", headers={"HX-Request": "true"})
    assert 'id="unread" hidden hx-swap-oob="true"' in scripted.content.decode()


@pytest.mark.django_db
def test_a_message_without_html_is_its_text_escaped(person, page):
    row = message(person, "a", body="<script>alert(1)</script>\n\nhttps://evil.example/\n")
    shown = page.get(f"{INBOX}{row.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)" in shown
    assert 'href="https://evil.example' not in shown


@pytest.mark.django_db
def test_everything_shown_is_marked_read_and_what_came_since_is_not(person, page):
    newest = message(person, "a")
    others = message(reader(), "of somebody else")
    later = message(person, "came since")
    answer = page.post(f"{INBOX}read/", {"newest": newest.pk}, follow=True)
    assert "1 message marked as read." in answer.content.decode()
    assert set(Message.objects.filter(read_at__isnull=True)) == {others, later}


@pytest.mark.django_db
def test_how_the_mail_fared_is_said(person, page):
    mail = message(person, "digest", kind="digest", state="dead", last_error="SMTPRecipientsRefused: 550")
    message(person, "part", state="digested", digest=mail)
    message(person, "doubt", state="uncertain")
    shown = page.get(INBOX).content.decode()
    assert "The mail could not be delivered: SMTPRecipientsRefused: 550" in shown
    assert "The mail may not have reached you." in shown


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["{}/", "{}/read/"])
def test_the_messages_of_others_do_not_exist(page, ending):
    of_others, waiting = message(reader(), "a"), message(None, "b", state="waiting")
    pages = [
        page.post(INBOX + ending.format(pk)).status_code
        if ending.endswith("read/")
        else page.get(INBOX + ending.format(pk)).status_code
        for pk in (of_others.pk, waiting.pk, 0, 10**30)
    ]
    assert pages == [404] * 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["show=nothing", "topic=%27", "page=0", "page=-1", "page=" + "9" * 400, "page=x", "topic=" + "x" * 9000],
)
def test_what_an_address_may_not_mean_shows_the_list(person, page, query):
    message(person, "a")
    assert page.get(f"{INBOX}?{query}").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("newest", ["", "x", "-1", "9" * 5000, "\x00", "1.5"])
def test_marking_without_a_list_marks_nothing(person, page, newest):
    message(person, "a")
    answer = page.post(f"{INBOX}read/", {"newest": newest}, follow=True)
    assert "Nothing was marked" in answer.content.decode()
    assert Message.objects.unread().count() == 1


def choices(**changes) -> dict[str, str]:
    given = {
        "language": "sv",
        "time_zone": "America/Bogota",
        "quiet": "on",
        "quiet_from": "22",
        "quiet_until": "8",
    }
    given |= {topic.value: "at_once" for topic in Topic if topic != Topic.OWN}
    return {key: value for key, value in (given | changes).items() if value is not None}


@pytest.mark.django_db
def test_choices_are_kept_and_shown_again(person, page):
    page.post(CHOICES, choices(deadlines="daily", calls="portal"))
    kept = User.objects.get(pk=person.pk)
    assert (kept.language, kept.time_zone) == ("sv", "America/Bogota")
    assert dict(Preference.objects.values_list("topic", "mode")) == {"deadlines": "daily", "calls": "portal"}
    assert Quiet.objects.values_list("from_hour", "until_hour").get() == (22, 8)
    shown = page.get(CHOICES).content.decode()
    assert re.search(r'name="deadlines" value="daily"[^>]*checked', shown)
    assert "These always come by mail" in shown
    page.post(CHOICES, choices(quiet=None, deadlines="weekly"))
    assert dict(Preference.objects.values_list("topic", "mode")) == {"deadlines": "weekly"}
    assert Quiet.objects.values_list("from_hour", "until_hour").get() == (0, 0)
    page.post(CHOICES, choices(quiet_from="21", quiet_until="7"))
    assert not Quiet.objects.exists()
    assert not Preference.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("deadlines", "never"), ("deadlines", None), ("calls", "\x00"), ("language", "xx"),
        ("language", "x" * 10_000), ("time_zone", "Mars/Base"), ("time_zone", "../etc"),
        ("quiet_from", "24"), ("quiet_from", "-1"),
        ("quiet_until", "9" * 5000), ("quiet_until", "22"), ("quiet_from", "٣"),
    ],
)  # fmt: skip
def test_what_cannot_be_chosen_is_refused_with_the_field_and_keeps_the_rest(person, page, field, value):
    answer = page.post(CHOICES, choices(reviews="weekly", **{field: value}))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "error-summary" in shown
    assert re.search(r'name="reviews" value="weekly"[^>]*checked', shown)
    assert not Preference.objects.exists()
    assert User.objects.get(pk=person.pk).language == "en"


@pytest.mark.django_db
def test_own_quiet_hours_hold_in_the_query_that_asks_for_the_choices(person, django_assert_num_queries):
    def letter(key: str, kind: str = "reminder") -> Letter:
        shown = {"shown": [{"subject": "S", "path": "/"}], "more": 0}
        template = "notifications/mail/digest.txt"
        return Letter(key, kind, person.email, "en", template, shown, {}, reader=person)

    Quiet.objects.create(reader=person, from_hour=11, until_hour=14)
    prefers(person, "portal", topic="calls")
    with django_assert_num_queries(3):  # keys, choices, insert
        post_all([letter("a"), letter("b", "amendment"), letter("c", "receipt")], at=NOON)
    rows = {row.key: (row.state, row.not_before) for row in Message.objects.all()}
    assert rows == {
        "a": ("waiting", NOON + days(2 / 24)), "b": ("portal", NOON), "c": ("waiting", NOON),
    }  # fmt: skip
    with django_assert_num_queries(2):  # nobody has a choice
        post_all([letter("d", "receipt")], at=NOON)


@pytest.mark.django_db
def test_one_press_ends_a_kind_of_mail_without_logging_in(person):
    waiting = message(person, "waits", state="waiting")
    path = unsubscribe_path_of(message(person, "a", language="sv"))
    assert path.startswith("/sv/messages/stop/")
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(path).status_code == 200
    assert not Preference.objects.exists()
    for _press in range(2):
        answer = stranger.post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert Preference.objects.values_list("reader", "topic", "mode").get() == (
        person.pk,
        "deadlines",
        "portal",
    )
    waiting.refresh_from_db()
    assert waiting.state == "held"
    assert "set-cookie" not in {name.lower() for name in answer.headers}


@pytest.mark.django_db
def test_what_cannot_be_switched_off_has_no_such_address(person):
    assert unsubscribe_path_of(message(person, "a", kind="receipt")) == ""
    assert unsubscribe_path_of(message(None, "b")) == ""
    digest = message(person, "c", kind="digest", about={"parts": [], "topics": ["calls", "deadlines"]})
    Client().post(unsubscribe_path_of(digest))
    assert set(Preference.objects.values_list("topic", flat=True)) == {"calls", "deadlines"}


@pytest.mark.django_db
def test_every_wrong_token_is_the_same_404(person):
    path = unsubscribe_path_of(message(person, "a"))
    gone = reader()
    of_the_gone = unsubscribe_path_of(message(gone, "b"))
    gone.delete()
    wrong = [f"{path[:-2]}x/", "/messages/stop/x/", f"/messages/stop/{'x' * 3000}/", of_the_gone]
    seen = [Client().get(each) for each in wrong] + [Client().post(each) for each in wrong]
    assert {answer.status_code for answer in seen} == {404}
    bodies = {re.sub(r'href="[^"]*"', "", answer.content.decode()) for answer in seen}
    assert len(bodies) == 1
