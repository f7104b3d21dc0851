"""Amending a published call: moved instants, who hears of it, what the pages say, and folded clocks."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.access import NotAllowed
from calls.models import Amendment, Application, Call
from calls.operations.amending import amend_call
from calls.operations.relevance import amendment_matters
from calls.operations.reminding import remind
from calls.operations.status import NotPossible
from calls.operations.submission import submit
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from tests.calls.desk_world import staff_person
from tests.calls.worlds import World, small_world
from tests.factories import CallFactory, OrganisationFactory

NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
CLOSES = datetime(2027, 3, 1, 22, 59, tzinfo=UTC)
REASONS = {"en": "More time for partners.", "sv": "Mer tid för partner."}


@pytest.fixture
def marta(db) -> User:
    return staff_person("marta@example.org", "change_call")


@pytest.fixture
def world(db) -> World:
    return small_world(
        opens_at=NOW - timedelta(days=10), closes_at=CLOSES, questions_until=CLOSES - timedelta(days=14)
    )


def amend(call: Call, by: User, **more: object) -> Amendment:
    return amend_call(**{"call": call, "reasons": REASONS, "by": by, "at": NOW, **more})


# --- the operation ---


def test_a_moved_deadline_is_numbered_and_keeps_the_old_one(world, marta):
    later = CLOSES + timedelta(days=14)
    assert amend(world.call, marta).number == 1
    amendment = amend(world.call, marta, closes_to=later)
    world.call.refresh_from_db()
    assert (amendment.number, amendment.closes_from, amendment.closes_to) == (2, CLOSES, later)
    assert amendment.published_on == NOW.date()
    assert world.call.closes_at == later


def test_the_question_window_moves_alone(world, marta):
    before, later = world.call.questions_until, world.call.questions_until + timedelta(days=3)
    amendment = amend(world.call, marta, questions_to=later)
    world.call.refresh_from_db()
    assert (amendment.questions_from, amendment.questions_to, amendment.closes_to) == (before, later, None)
    assert (world.call.questions_until, world.call.closes_at) == (later, CLOSES)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"closes_to": NOW - timedelta(days=11)}, "Choose a later one"),
        ({"closes_to": NOW}, "close at once"),
        ({"questions_to": NOW}, "nobody could ask"),
        ({"questions_to": CLOSES + timedelta(days=1)}, "end with the call"),
        ({"reasons": {"en": "  "}}, "Give the reason"),
        ({"seen": 3}, "Another amendment was published"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(world, marta, changes, words):
    with pytest.raises(NotPossible, match=words):
        amend(world.call, marta, **changes)
    world.call.refresh_from_db()
    assert (world.call.closes_at, world.call.amendments.count()) == (CLOSES, 0)


def test_a_deadline_is_shortened_only_before_every_submission(world, marta):
    earlier = NOW + timedelta(days=2)
    application = world.complete()
    Application.objects.filter(pk=application.pk).update(status="submitted", submitted_at=earlier)
    with pytest.raises(NotPossible, match="arrived after this new deadline"):
        amend(world.call, marta, closes_to=earlier)
    Application.objects.update(submitted_at=earlier - timedelta(microseconds=1))
    amend(world.call, marta, closes_to=earlier)
    world.call.refresh_from_db()
    assert world.call.closes_at == earlier


def test_a_draft_is_changed_and_not_amended(world, marta):
    Call.objects.update(editorial="draft", published_at=None)
    with pytest.raises(NotPossible, match="is a draft"):
        amend(world.call, marta)


def test_staff_without_the_right_do_not_amend(world):
    with pytest.raises(NotAllowed):
        amend(world.call, staff_person("reader@example.org"))


# --- who hears of it ---


def mails() -> dict[str, Message]:
    return {row.recipient: row for row in Message.objects.filter(kind="amendment")}


def test_writers_of_drafts_are_told_the_old_and_the_new_deadline_in_three_zones(world, marta):
    world.officer.language = "sv"
    world.officer.save()
    world.draft(title="Youth")
    amend(world.call, marta, closes_to=CLOSES + timedelta(days=7))
    found = mails()
    assert set(found) == {world.officer.email, world.approver.email}
    body = found[world.approver.email].body
    assert "More time for partners." in body
    for line in ("1 March 2027, 23:59 Stockholm", "8 March 2027, 23:59 Stockholm", "8 March 2027, 22:59 UTC"):
        assert line in body
    assert "Mer tid för partner." in found[world.officer.email].body


def test_each_amendment_is_told_once_and_lapses_with_the_application(world, marta):
    draft = world.draft(title="Youth")
    for days in (7, 8):
        amend(world.call, marta, closes_to=CLOSES + timedelta(days=days))
    rows = Message.objects.filter(kind="amendment", recipient=world.officer.email)
    assert rows.count() == 2
    assert all(amendment_matters(row.about, timezone.now()) for row in rows)
    Application.objects.filter(pk=draft.pk).update(status="withdrawn")
    assert not any(amendment_matters(row.about, timezone.now()) for row in rows)


def test_who_submitted_reads_that_the_submission_counts(world, marta):
    application = world.complete()
    application.partners.create(city=world.gaborone)
    submit(application=application, version=None, by=world.officer, at=NOW)
    Message.objects.all().delete()
    amend(world.call, marta, closes_to=CLOSES + timedelta(days=7))
    assert "Your submission counts" in mails()[world.officer.email].body


def test_reminders_follow_the_new_deadline(world, marta):
    world.draft(title="Youth")
    due = CLOSES - timedelta(days=1)
    amend(world.call, marta, closes_to=CLOSES + timedelta(days=30))
    assert remind(at=due) == 0
    assert remind(at=due + timedelta(days=30)) == 2


# --- pages ---


def test_the_call_and_the_applications_begun_before_show_the_amendment(world, marta, client):
    draft = world.draft(title="Youth")
    Application.objects.update(created_at=NOW)
    amend(world.call, marta, closes_to=CLOSES + timedelta(days=7))
    amend(world.call, marta, reasons={"en": "Clearer."}, questions_to=CLOSES - timedelta(days=10))
    page = client.get(world.call.get_absolute_url()).content.decode()
    assert "Amendment 1, 1 February 2027" in page
    assert "Closing moved from 1 March 2027, 23:59 Stockholm to 8 March 2027, 23:59 Stockholm." in page
    assert "Questions until moved from" in page
    client.force_login(world.officer)
    page = client.get(draft.get_absolute_url()).content.decode()
    assert "Amendment 2 of 1 February 2027" in page
    Application.objects.update(created_at=NOW + timedelta(days=3))
    assert "Amendment 2 of" not in client.get(draft.get_absolute_url()).content.decode()


# --- the page of staff ---


def post(client, call: Call, **fields: str):
    fields = {"closes": "", "questions": "", "reason_en": "More time.", **fields}
    return client.post(reverse("admin:calls_call_amend", args=[call.pk]), fields)


def test_the_form_asks_which_of_two_equal_hours_is_meant(client, marta):
    call = CallFactory()
    client.force_login(marta)
    response = post(client, call, closes="2090-10-29T02:30")
    page = response.content.decode()
    assert response.status_code == 422
    assert "2090-10-29 02:30 happens twice in Europe/Stockholm" in page
    assert "first 02:30 (UTC+2)" in page
    assert "second 02:30 (UTC+1)" in page
    assert not Amendment.objects.exists()
    for fold, hour in (("0", 0), ("1", 1)):
        assert post(client, call, closes="2090-10-29T02:30", closes_fold=fold).status_code == 302
        call.refresh_from_db()
        assert call.closes_at == datetime(2090, 10, 29, hour, 30, tzinfo=UTC)


def test_a_santiago_midnight_is_asked_and_a_choice_that_is_none_refused(client, marta):
    call = CallFactory(zone="America/Santiago")
    client.force_login(marta)
    response = post(client, call, closes="2090-04-01T23:59")
    assert "first 23:59 (UTC−3)" in response.content.decode()
    for wrong in ("2", "x", "\x00", "9" * 30):
        assert post(client, call, closes="2090-04-01T23:59", closes_fold=wrong).status_code == 422
    assert not Amendment.objects.exists()


def test_a_fold_without_need_is_ignored(client, marta):
    call = CallFactory()
    client.force_login(marta)
    assert post(client, call, closes="2090-06-15T23:59", closes_fold="1").status_code == 302
    call.refresh_from_db()
    assert call.closes_at == datetime(2090, 6, 15, 21, 59, tzinfo=UTC)


def test_an_amendment_published_meanwhile_is_read_first(client, marta):
    call = CallFactory()
    client.force_login(marta)
    assert post(client, call, seen="0").status_code == 302
    response = post(client, call, seen="0", reason_en="Kept words.")
    assert response.status_code == 409
    page = response.content.decode()
    assert "Another amendment was published" in page
    assert "Kept words." in page


def test_other_organisations_hear_nothing_of_another_call(world, marta):
    CallFactory().applications.create(
        lead=OrganisationFactory(), reference="X-1", created_at=NOW, changed_at=NOW,
        created_by=marta, changed_by=marta,
    )  # fmt: skip
    amend(world.call, marta)
    assert not Message.objects.filter(kind="amendment").exists()
