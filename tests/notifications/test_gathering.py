"""Digests: what is held goes out in one mail a day or a week, nothing lost or doubled; floods are calmed."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection, transaction

from cooperation.notifications import digests, gathering, tasks
from cooperation.notifications.delivery import deliver_due
from cooperation.notifications.floods import calm_floods
from cooperation.notifications.gathering import gather
from cooperation.notifications.kinds import KINDS, Kind, Topic, register_kind
from cooperation.notifications.models import Message, Quiet
from cooperation.notifications.operations import Letter
from cooperation.notifications.preferring import choose_topics
from cooperation.notifications.timing import last_digest, next_digest
from tests.notifications.inbox_world import NOON, message, prefers, reader
from tests.races.together import together

MORNING = datetime(2026, 11, 26, 6, tzinfo=UTC)  # Thursday, 07:00 in Stockholm
MONDAY = datetime(2026, 11, 30, 6, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def kinds():
    """Kinds that may wait: one that matters where its `about` says so, one worded late, one broken."""
    ours = [
        Kind("test_note", Topic.DEADLINES, quiet=True, matters=lambda about, at: about.get("matters", True)),
        Kind("test_late", Topic.DEADLINES, quiet=True, compose=_compose),
        Kind("test_broken", Topic.DEADLINES, quiet=True, matters=lambda about, at: about["no such id"]),
        Kind("test_own", Topic.OWN),
    ]
    for kind in ours:
        register_kind(kind)
    yield
    for kind in ours:
        KINDS.pop(kind.name)


def _compose(row: Message, at: datetime) -> Letter | None:
    if row.about.get("gone"):
        return None
    letter = Letter(row.key, row.kind, row.recipient, row.language, "notifications/mail/digest.txt", {}, {})
    shown = [{"subject": "Worded late", "path": "/calls/", "action": False, "fact": ""}]
    context = {"shown": shown, "inbox": "/my/messages/", "choices": "/my/messages/settings/", "more": 0}
    return Letter(**{**vars(letter), "context": context, "path": "/calls/late/"})


def held(person, key, **fields):
    return message(person, key, **{"kind": "test_note", "state": "held", **fields})


def states() -> dict[str, str]:
    return dict(Message.objects.exclude(kind="digest").values_list("key", "state"))


@pytest.mark.parametrize(
    ("at", "zone", "daily", "weekly"),
    [
        # before and after seven o'clock
        (MORNING - A_MINUTE, "Europe/Stockholm", MORNING - timedelta(days=1), MONDAY - timedelta(days=7)),
        (MORNING, "Europe/Stockholm", MORNING, MONDAY - timedelta(days=7)),
        (MONDAY, "Europe/Stockholm", MONDAY, MONDAY),
        # the nights in which the clock changes, north and south
        (
            datetime(2027, 3, 28, 5, tzinfo=UTC),
            "Europe/Stockholm",
            datetime(2027, 3, 28, 5, tzinfo=UTC),
            None,
        ),
        (
            datetime(2027, 3, 28, 4, 59, tzinfo=UTC),
            "Europe/Stockholm",
            datetime(2027, 3, 27, 6, tzinfo=UTC),
            None,
        ),
        (
            datetime(2026, 10, 25, 6, tzinfo=UTC),
            "Europe/Stockholm",
            datetime(2026, 10, 25, 6, tzinfo=UTC),
            None,
        ),
        (
            datetime(2026, 9, 6, 10, tzinfo=UTC),
            "America/Santiago",
            datetime(2026, 9, 6, 10, tzinfo=UTC),
            None,
        ),
        # it is Monday there already
        (
            datetime(2026, 11, 29, 18, tzinfo=UTC),
            "Pacific/Auckland",
            datetime(2026, 11, 29, 18, tzinfo=UTC),
            datetime(2026, 11, 29, 18, tzinfo=UTC),
        ),
    ],
)
def test_the_last_digest_was_at_seven_on_the_readers_clock(at, zone, daily, weekly):
    assert last_digest(at, zone, "daily") == daily
    if weekly:
        assert last_digest(at, zone, "weekly") == weekly
    assert next_digest(at, zone, "daily") > at
    assert last_digest(next_digest(at, zone, "daily"), zone, "daily") == next_digest(at, zone, "daily")


@pytest.mark.django_db
def test_a_day_of_messages_is_one_mail_with_what_needs_action_first(kinds):
    person = reader(language="sv")
    prefers(person, "daily")
    first, second = held(person, "a"), held(person, "b", action=True, path="/calls/b/")
    held(person, "c", about={"matters": False})
    held(person, "d", expires_at=MORNING)
    assert gather(at=MORNING - A_MINUTE) == 1  # what expires before seven goes by itself
    assert states() == {"a": "held", "b": "held", "c": "held", "d": "waiting"}
    assert gather(at=MORNING) == 3
    mail = Message.objects.get(kind="digest")
    assert states() == {"a": "digested", "b": "digested", "c": "lapsed", "d": "waiting"}
    assert (mail.key, mail.state, mail.not_before) == (f"digest:{person.pk}:2026-11-26", "waiting", MORNING)
    assert (mail.recipient, mail.language, mail.action) == (person.email, "sv", True)
    assert mail.about == {"parts": [second.pk, first.pk], "topics": ["deadlines"]}
    assert mail.subject.startswith("Subject b")
    assert mail.body.index("Subject b") < mail.body.index("Subject a")
    assert "/calls/b/" in mail.body
    assert f"/sv/my/messages/{first.pk}/" in mail.body
    assert {row.digest_id for row in Message.objects.filter(state="digested")} == {mail.pk}
    assert gather(at=MORNING + A_MINUTE) == 0


@pytest.mark.django_db
def test_nothing_to_say_is_no_mail(kinds):
    person = reader()
    prefers(person, "daily")
    held(person, "a", about={"matters": False})
    gather(at=MORNING)
    assert states() == {"a": "lapsed"}
    assert not Message.objects.filter(kind="digest").exists()


@pytest.mark.django_db
def test_a_week_ends_on_monday_and_after_downtime_the_mail_still_comes(kinds):
    person, late = reader(), reader()
    prefers(person, "weekly")
    prefers(late, "weekly")
    held(person, "a")
    assert gather(at=MORNING) == 0
    assert gather(at=MONDAY - A_MINUTE) == 0
    assert gather(at=MONDAY) == 1
    held(late, "b")
    assert gather(at=MONDAY + timedelta(days=2)) == 1
    keys = set(Message.objects.filter(kind="digest").values_list("key", flat=True))
    assert keys == {f"digest:{person.pk}:2026-11-30", f"digest:{late.pk}:2026-12-02"}


@pytest.mark.django_db
def test_what_comes_after_the_digest_of_the_day_waits_for_the_next(kinds):
    person = reader()
    prefers(person, "daily")
    held(person, "a")
    gather(at=MORNING)
    held(person, "b", not_before=MORNING - A_MINUTE)
    assert gather(at=MORNING + A_MINUTE) == 0
    assert gather(at=MORNING + timedelta(days=1)) == 1
    assert Message.objects.filter(kind="digest").count() == 2


@pytest.mark.django_db
def test_the_digest_waits_for_the_end_of_longer_quiet_hours(kinds):
    person = reader()
    prefers(person, "daily")
    Quiet.objects.create(reader=person, from_hour=20, until_hour=9)
    held(person, "a")
    gather(at=MORNING)
    assert Message.objects.get(kind="digest").not_before == MORNING + timedelta(hours=2)


@pytest.mark.django_db
def test_what_is_read_in_the_portal_only_is_worded_there(kinds):
    person = reader()
    prefers(person, "portal")
    late = held(person, "late", kind="test_late", subject="", body="")
    held(person, "gone", kind="test_late", subject="", body="", about={"gone": True})
    held(person, "not yet", not_before=NOON + timedelta(hours=1))
    assert gather(at=NOON) == 2
    assert states() == {"late": "portal", "gone": "lapsed", "not yet": "held"}
    late.refresh_from_db()
    assert (late.subject, late.path) == ("Worded late", "/calls/late/")
    assert list(Message.objects.in_inbox_of(person.pk)) == [late]
    assert not Message.objects.filter(kind="digest").exists()


@pytest.mark.django_db
def test_what_cannot_be_worded_is_left_to_the_delivery_and_holds_up_nobody(kinds):
    person, other = reader(), reader()
    for each in (person, other):
        prefers(each, "daily")
    held(person, "broken", kind="test_broken")
    held(person, "fine")
    held(other, "also fine")
    gather(at=MORNING)
    assert states() == {"broken": "waiting", "fine": "digested", "also fine": "digested"}


@pytest.mark.django_db
def test_what_was_held_follows_a_new_choice(kinds):
    person = reader()
    prefers(person, "weekly")
    held(person, "a")
    message(person, "own", kind="test_own", state="waiting")
    choose_topics(reader=person, modes={Topic.DEADLINES: "at_once"})
    gather(at=NOON)
    assert states() == {"a": "waiting", "own": "waiting"}
    choose_topics(reader=person, modes={Topic.DEADLINES: "portal"})
    assert states() == {"a": "held", "own": "waiting"}
    gather(at=NOON)
    assert states() == {"a": "portal", "own": "waiting"}
    with pytest.raises(ValueError, match="always mailed"):
        choose_topics(reader=person, modes={Topic.OWN: "portal"})


@pytest.mark.django_db
def test_a_flood_is_one_mail_and_three_are_three(kinds):
    flooded, calm, night = reader(), reader(), reader()
    for number in range(4):
        message(flooded, f"f{number}", kind="test_note", state="waiting", action=number == 3)
        message(night, f"n{number}", kind="test_note", state="waiting", not_before=NOON + A_MINUTE)
    for number in range(3):
        message(calm, f"c{number}", kind="test_note", state="waiting")
    message(flooded, "own", kind="test_own", state="waiting")
    assert calm_floods(at=NOON) == 4
    mail = Message.objects.get(kind="digest")
    assert (mail.reader, mail.not_before, mail.state) == (flooded, NOON, "waiting")
    assert mail.subject.startswith("Subject f3")
    assert set(Message.objects.filter(digest=mail).values_list("key", flat=True)) == {"f0", "f1", "f2", "f3"}
    assert set(Message.objects.exclude(kind="digest").filter(state="waiting", reader=calm)) == set(
        Message.objects.filter(reader=calm)
    )
    assert states()["own"] == "waiting"
    assert calm_floods(at=NOON) == 0


@pytest.mark.django_db
def test_what_no_longer_matters_makes_no_flood(kinds):
    person = reader()
    for number in range(4):
        about = {"matters": number > 0}
        message(person, f"f{number}", kind="test_note", state="waiting", about=about)
    assert calm_floods(at=NOON) == 0
    assert states() == {"f0": "lapsed", "f1": "waiting", "f2": "waiting", "f3": "waiting"}


@pytest.mark.django_db
def test_a_digest_matters_while_one_part_does(kinds):
    person = reader()
    rows = [message(person, key, kind="test_note", state="digested") for key in ("a", "b")]
    about = {"parts": [row.pk for row in rows]}
    assert digests.digest_matters(about, NOON)
    Message.objects.update(about={"matters": False})
    assert not digests.digest_matters(about, NOON)


@pytest.mark.django_db(transaction=True)
def test_four_gatherers_at_once_send_each_reader_one_mail(kinds):
    people = [reader() for _number in range(6)]
    for person in people:
        prefers(person, "daily")
        for key in "abc":
            held(person, f"{key}{person.pk}")
    settled = together(*[lambda: gather(at=MORNING)] * 4)
    # who was passed over by one was gathered for by another
    assert sum(settled) + gather(at=MORNING) == 18
    assert Message.objects.filter(kind="digest").count() == 6
    assert Message.objects.filter(state="digested", digest__isnull=False).count() == 18


@pytest.mark.django_db(transaction=True)
def test_a_gatherer_killed_in_the_middle_leaves_everything_held(kinds, monkeypatch):
    person = reader()
    prefers(person, "daily")
    for key in "abc":
        held(person, key)

    class Killed(BaseException):
        pass

    def die(*_args, **_more):
        # the mail is written, its parts are not settled yet
        assert Message.objects.filter(kind="digest").exists()
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("django.db.models.query.QuerySet.bulk_update", die)
        with pytest.raises(Killed):
            gather(at=MORNING)
    assert states() == {"a": "held", "b": "held", "c": "held"}
    assert not Message.objects.filter(kind="digest").exists()
    assert gather(at=MORNING) == 3
    assert Message.objects.filter(kind="digest").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_reader_who_chooses_while_a_digest_is_written_gets_one_or_the_other(kinds):
    person = reader()
    prefers(person, "daily")
    held(person, "a")
    with transaction.atomic():
        assert gathering.locked(person.pk) == person
        chooser = threading.Thread(target=_choose, args=(person,))
        chooser.start()
        chooser.join(0.3)
        assert chooser.is_alive()  # waits for the digest
    chooser.join()
    gather(at=MORNING)
    assert states() == {"a": "portal"}


def _choose(person) -> None:
    choose_topics(reader=person, modes={Topic.DEADLINES: "portal"})
    connection.close()


@pytest.mark.django_db
def test_nothing_is_mailed_to_an_account_that_was_closed_meanwhile(kinds, mailoutbox):
    left, stayed = reader(is_active=False), reader()
    for person in (left, stayed):
        prefers(person, "daily")
        held(person, f"held:{person.pk}")
        message(person, f"own:{person.pk}", kind="test_own", state="waiting")
    gather(at=NOON)
    gather(at=MORNING)
    deliver_due(clock=lambda: MORNING)
    assert {mail.to[0] for mail in mailoutbox} == {stayed.email}
    assert len(mailoutbox) == 2
    assert set(left.messages.values_list("state", flat=True)) == {"lapsed"}


@pytest.mark.django_db
def test_a_message_goes_to_the_address_that_its_reader_has_when_it_leaves(kinds, mailoutbox):
    person = reader()
    message(person, "a", kind="test_own", state="waiting", recipient="former@example.org")
    deliver_due(clock=lambda: NOON)
    assert mailoutbox[0].to == [person.email]
    assert Message.objects.get().recipient == person.email


@pytest.mark.django_db
def test_a_reader_on_a_clock_that_nobody_knows_holds_up_nobody(kinds):
    for zone in ("Europe/Atlantis", "Europe/Stockholm"):
        person = reader(time_zone=zone)
        prefers(person, "daily")
        held(person, zone)
    gather(at=MORNING)
    assert states()["Europe/Stockholm"] == "digested"


@pytest.mark.django_db
def test_mail_leaves_although_floods_cannot_be_calmed(kinds, mailoutbox, monkeypatch):
    def locked_away(at):
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(tasks, "calm_floods", locked_away)
    message(reader(), "a", kind="test_own", state="waiting", not_before=NOON - timedelta(days=400))
    tasks.sweep()
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_many_that_wait_for_monday_hold_up_none_of_today(kinds, monkeypatch):
    monkeypatch.setattr(gathering, "MOST_PARTS", 2)
    person = reader()
    prefers(person, "weekly")
    prefers(person, "daily", "calls")
    for number in range(3):
        held(person, f"weekly:{number}", created_at=NOON - timedelta(hours=1))
    monkeypatch.setitem(KINDS, "test_news", Kind("test_news", Topic.CALLS))
    held(person, "daily", kind="test_news")
    gather(at=MORNING)
    assert states()["daily"] == "digested"


@pytest.mark.django_db
def test_a_failure_quotes_no_row_and_no_secret_to_staff(kinds):
    secret = "s" * 43
    broken = Exception(f"https://portal.example.org/consent/{secret}/ is listed\nDETAIL: Karin, {secret}")
    monkeypatched = Kind("test_raises", Topic.OWN, matters=lambda about, at: _raise(broken))
    KINDS["test_raises"] = monkeypatched
    try:
        message(reader(), "a", kind="test_raises", state="waiting")
        deliver_due(clock=lambda: NOON)
    finally:
        KINDS.pop("test_raises")
    assert Message.objects.get().last_error == "Exception: https://portal.example.org/consent/…/ is listed"


def _raise(error: Exception) -> bool:
    raise error
