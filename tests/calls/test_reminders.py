"""Reminders: who has not submitted hears 7, 3 and 1 days before the deadline, once each, while it matters."""

from datetime import timedelta

import pytest

from calls.models import Application, Call
from calls.operations.applications import start, withdraw
from calls.operations.reminding import remind
from calls.operations.submission import submit
from calls.queries.reminder_steps import is_current
from cooperation.notifications.delivery import deliver_due
from cooperation.notifications.models import Message
from tests.calls.reminded import words_of
from tests.calls.worlds import World, small_world
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world()


def reminders():
    return Message.objects.filter(kind="reminder")


def run(world: World, **before) -> int:
    """The job, so long before the deadline."""
    return remind(at=world.call.closes_at - timedelta(**before))


def said(world: World, **before) -> str:
    """The subject of the newest reminder, sent so long before the deadline."""
    words = words_of(reminders().latest("pk"), world.call.closes_at - timedelta(**before))
    return words.subject if words else ""


def test_each_offset_is_mailed_once_to_each_writer(world):
    world.draft()
    posted = [
        run(world, days=8), run(world, days=7), run(world, days=6), run(world, days=3),
        run(world, days=2), run(world, days=1), run(world, hours=2),
    ]  # fmt: skip
    assert posted == [0, 2, 0, 2, 0, 2, 0]
    recipients = set(reminders().values_list("recipient", flat=True))
    assert recipients == {world.officer.email, world.approver.email}


def test_after_a_pause_only_the_nearest_is_sent(world):
    world.draft()
    assert run(world, hours=20) == 2
    assert "closes in 1 day" in said(world, hours=20)


def test_the_subject_says_the_days_that_are_left(world):
    world.draft()
    run(world, days=1, hours=20)
    assert "closes in 2 days" in said(world, days=1, hours=20)


def test_a_draft_that_cannot_be_worded_holds_up_nobody(world, mailoutbox):
    broken = world.draft()
    Application.objects.filter(pk=broken.pk).update(answers=["no object"])
    whole = start_elsewhere(world)
    at = world.call.closes_at - timedelta(days=3)
    assert run(world, days=3) == 3
    reminders().update(not_before=at)
    deliver_due(clock=lambda: at)
    assert reminders().get(state="sent").about["application"] == whole.pk
    failed = reminders().filter(about__application=broken.pk)
    assert {row.state for row in failed} == {"waiting"}
    assert all(row.last_error for row in failed)


def start_elsewhere(world: World) -> Application:
    """A draft of another organisation in the same call, with one writer."""
    member = MembershipFactory()
    return start(call=world.call, lead=member.organisation, by=member.user, at=world.call.opens_at)


def test_at_the_deadline_nobody_is_reminded(world):
    world.draft()
    assert run(world, seconds=0) == 0


def test_a_call_without_a_deadline_reminds_of_nothing(world):
    Call.objects.update(closes_at=None)
    world.draft()
    assert remind(at=world.call.closes_at - timedelta(days=1)) == 0


@pytest.mark.parametrize(("days", "due"), [(8, None), (7, 7), (4, 7), (3, 3), (1, 1), (0.01, 1)])
def test_the_nearest_offset_that_has_passed_is_due(world, days, due):
    at, rules = (
        world.call.closes_at - timedelta(days=days),
        list(world.call.reminders.filter(audience="draft")),
    )
    assert [row for row in (1, 3, 7) if is_current(rules, row, world.call.closes_at, at)] == (
        [due] if due else []
    )


def test_who_submitted_or_withdrew_is_not_reminded(world):
    at = world.call.closes_at - timedelta(days=9)
    submit(application=world.complete(), version=1, by=world.officer, at=at)
    reminders().all().delete()
    assert run(world, days=7) == 0
    withdraw(application=Application.objects.get(), by=world.officer, at=at)
    world.draft()
    assert run(world, days=3) == 2


def test_a_moved_deadline_reminds_anew(world):
    world.draft()
    assert run(world, days=7) == 2
    Call.objects.update(closes_at=world.call.closes_at + timedelta(days=14))
    world.call.refresh_from_db()
    assert run(world, days=7) == 2


def test_the_mail_names_the_deadline_in_three_zones_and_what_to_do(world):
    draft = world.draft()
    draft.partners.create(city=world.gaborone)
    run(world, days=3)
    posted = reminders().get(recipient=world.officer.email)
    assert (posted.subject, posted.expires_at) == ("", world.call.closes_at)
    mail = words_of(posted, world.call.closes_at - timedelta(days=3))
    assert mail.subject == f"{draft.reference} is not submitted: the call closes in 3 days"
    assert mail.body.startswith(f"{draft.reference} is a draft.")
    assert all(place in mail.body for place in (" Stockholm", " Gaborone", " UTC"))
    assert "2 answers are left before you can submit." in mail.body
    assert draft.get_absolute_url() in mail.body


def test_subjects_of_the_three_reminders_differ(world):
    world.draft()
    subjects = set()
    for days in (7, 3, 1):
        run(world, days=days)
        subjects.add(said(world, days=days))
    assert len(subjects) == 3


def test_a_reminder_in_the_readers_language_links_to_that_language(world):
    world.officer.language = "sv"
    world.officer.save()
    draft = world.draft()
    run(world, days=3)
    posted = reminders().get(recipient=world.officer.email)
    mail = words_of(posted, world.call.closes_at - timedelta(days=3))
    assert f"/sv{draft.get_absolute_url()}" in mail.body


def test_a_reminder_lapses_when_the_draft_was_submitted_meanwhile(world, mailoutbox):
    draft = world.complete()
    run(world, days=3)
    at = world.call.closes_at - timedelta(days=3)
    submit(application=draft, version=1, by=world.officer, at=at)
    reminders().update(not_before=at)
    deliver_due(clock=lambda: at)
    told = Message.objects.filter(kind__in=["reminder", "receipt"])
    states = set(told.values_list("kind", "state"))
    assert states == {("reminder", "lapsed"), ("receipt", "sent")}
    assert not any("is not submitted" in mail.subject for mail in mailoutbox)
