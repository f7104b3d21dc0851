"""A later deadline for one application alone: who grants it, what it allows, who is told, who is reminded."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from calls.access import NotAllowed
from calls.models import Application, Attempt, Call, Extension
from calls.operations.extending import extend
from calls.operations.reminding import remind
from calls.operations.status import NotPossible
from calls.operations.submission import submit
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from tests.calls.reminded import words_of
from tests.calls.worlds import World, small_world
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world(
        zone="Europe/Stockholm", closes_at=datetime(2027, 3, 15, 22, 59, tzinfo=ZoneInfo("UTC"))
    )


@pytest.fixture
def staff() -> User:
    person = UserFactory(is_staff=True)
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="calls"))
    return person


def grant(application: Application, staff: User, **later: float) -> Extension:
    application.refresh_from_db()
    return extend(
        application=application,
        closes_to=application.call.closes_at + timedelta(**later),
        reason="The city’s network was down.",
        by=staff,
        at=timezone.now(),
    )


def page(application: Application) -> str:
    return reverse("admin:calls_application_extend", args=[application.pk])


# --- what it allows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("microseconds", "accepted"), [(-1, True), (0, False), (1, False)])
def test_the_extended_deadline_counts_to_the_microsecond(world, staff, microseconds, accepted):
    draft = world.complete()
    grant(draft, staff, days=1)
    at = world.call.closes_at + timedelta(days=1, microseconds=microseconds)
    draft.refresh_from_db()
    if accepted:
        assert submit(application=draft, version=draft.version, by=world.officer, at=at).received_at == at
    else:
        with pytest.raises(NotPossible, match="The call closed before"):
            submit(application=draft, version=draft.version, by=world.officer, at=at)
        assert not Attempt.objects.get().accepted


def test_a_call_moved_beyond_the_extension_counts(world, staff):
    draft = world.complete()
    grant(draft, staff, days=1)
    Call.objects.update(closes_at=world.call.closes_at + timedelta(days=5))
    draft.refresh_from_db()
    assert Application.objects.get().closes_at == world.call.closes_at + timedelta(days=5)


def test_it_is_kept_with_its_reason_and_told_to_those_who_write(world, staff):
    draft = world.complete()
    row = grant(draft, staff, days=1)
    assert (row.closes_from, row.by) == (world.call.closes_at, staff)
    told = Message.objects.filter(kind="extension")
    assert set(told.values_list("recipient", flat=True)) == {world.officer.email, world.approver.email}
    mail = told.first()
    assert mail.subject == f"{draft.reference}: your deadline is now 16 March 2027, 23:59 Stockholm"
    assert "The city’s network was down." in mail.body
    assert "UTC" in mail.body


# --- what it refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("later", "sentence"),
    [
        ({"seconds": -1}, "The call itself closes later"),
        ({"days": 0}, "This is the deadline already."),
    ],
)
def test_a_deadline_that_extends_nothing_is_refused(world, staff, later, sentence):
    with pytest.raises(NotPossible, match=sentence):
        grant(world.complete(), staff, **later)
    assert not Extension.objects.exists()


def test_the_same_extension_twice_is_one(world, staff):
    draft = world.complete()
    grant(draft, staff, days=1)
    with pytest.raises(NotPossible, match="This is the deadline already"):
        grant(draft, staff, days=1)
    assert Extension.objects.count() == 1


def test_a_time_before_the_submission_or_in_the_past_is_refused(world, staff):
    draft = world.complete()
    grant(draft, staff, days=9)
    late = world.call.closes_at + timedelta(days=3)
    draft.refresh_from_db()
    submit(application=draft, version=draft.version, by=world.officer, at=late)
    about = {"application": draft, "reason": "x", "by": staff}
    with pytest.raises(NotPossible, match="The application arrived after this time"):
        extend(**about, closes_to=late, at=late - timedelta(hours=1))
    with pytest.raises(NotPossible, match="This time has passed"):
        extend(**about, closes_to=late + timedelta(days=1), at=late + timedelta(days=2))


def test_without_a_reason_or_the_right_nothing_moves(world, staff):
    draft = world.complete()
    about = {
        "application": draft,
        "closes_to": world.call.closes_at + timedelta(days=1),
        "at": timezone.now(),
    }
    with pytest.raises(NotPossible, match="Give the reason"):
        extend(**about, reason="  ", by=staff)
    with pytest.raises(NotAllowed):
        extend(**about, reason="x", by=UserFactory(is_staff=True))
    with pytest.raises(NotAllowed):
        extend(**about, reason="x", by=world.officer)


@pytest.mark.parametrize("status", ["eligible", "withdrawn", "rejected"])
def test_what_takes_no_answers_is_not_extended(world, staff, status):
    draft = world.complete()
    Application.objects.filter(pk=draft.pk).update(status=status, submitted_at=timezone.now())
    with pytest.raises(NotPossible, match="it takes no answers any more"):
        grant(draft, staff, days=1)


def test_a_call_without_a_deadline_has_nothing_to_extend(world, staff):
    draft = world.complete()
    Call.objects.update(closes_at=None)
    with pytest.raises(NotPossible, match="no deadline that could be extended"):
        extend(application=draft, closes_to=timezone.now(), reason="x", by=staff, at=timezone.now())


# --- reminders ----------------------------------------------------------------------------------------------


def test_an_extended_draft_is_reminded_by_its_own_deadline(world, staff):
    draft = world.complete()
    grant(draft, staff, days=10)
    assert remind(at=world.call.closes_at - timedelta(days=1)) == 0
    assert remind(at=world.call.closes_at + timedelta(days=9, hours=1)) == 2
    mail = words_of(
        Message.objects.filter(kind="reminder").first(), world.call.closes_at + timedelta(days=9.1)
    )
    assert "Your own deadline" in mail.body
    assert "25 March 2027" in mail.body
    assert remind(at=world.call.closes_at + timedelta(days=10)) == 0


# --- the page -----------------------------------------------------------------------------------------------


def test_staff_find_a_draft_by_its_whole_reference_and_read_nothing_of_it(client, world, staff):
    draft = world.complete()
    client.force_login(staff)
    find = reverse("admin:calls_application_find")
    assert client.get(find, {"reference": f" {draft.reference.lower()} "}).url == page(draft)
    for unknown in ("", "NONE-2026-0001", draft.reference[:-1]):
        assert client.get(find, {"reference": unknown}).status_code == 422
    text = client.get(page(draft)).content.decode()
    assert draft.reference in text
    assert "Youth in local decisions" not in text
    assert "Young people decide." not in text


def test_staff_extend_on_the_clock_of_the_call(client, world, staff):
    draft = world.complete()
    client.force_login(staff)
    response = client.post(page(draft), {"closes": "2027-03-20T23:59", "reason": "Their network was down."})
    assert response.url == page(draft)
    draft.refresh_from_db()
    assert draft.extended_to == datetime(2027, 3, 20, 23, 59, tzinfo=ZoneInfo("Europe/Stockholm"))
    text = client.get(page(draft)).content.decode()
    assert "Until 20 March 2027, 23:59 Stockholm" in text
    assert "Their network was down." in text


@pytest.mark.parametrize(
    ("closes", "sentence"),
    [
        ("2027-03-28T02:30", "does not exist"),
        ("2027-10-31T02:30", "happens twice"),
        ("2001-01-01T10:00", "This time has passed."),
        ("", "Enter the new deadline."),
        ("soon", "valid date"),
    ],
)
def test_times_that_cannot_be_meant_are_refused_and_kept(client, world, staff, closes, sentence):
    draft = world.complete()
    client.force_login(staff)
    response = client.post(page(draft), {"closes": closes, "reason": "Kept words."})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "Kept words." in response.content.decode()
    assert not Extension.objects.exists()


def test_of_a_time_that_happens_twice_the_second_can_be_chosen(client, world, staff):
    draft = world.complete()
    client.force_login(staff)
    data = {"closes": "2027-10-31T02:30", "closes_fold": "1", "reason": "x"}
    assert client.post(page(draft), data).status_code == 302
    draft.refresh_from_db()
    assert draft.extended_to == datetime(2027, 10, 31, 1, 30, tzinfo=ZoneInfo("UTC"))


def test_staff_who_do_not_set_up_calls_are_refused(client, world):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(reverse("admin:calls_application_find")).status_code == 403
    assert client.get(page(world.complete())).status_code == 403


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_page_takes_the_same_queries_for_any_number(
    client, world, staff, count, django_assert_num_queries
):
    draft = world.complete()
    for days in range(1, count + 1):
        grant(draft, staff, days=days)
    client.force_login(staff)
    client.get(page(draft))
    with django_assert_num_queries(12):
        client.get(page(draft))
