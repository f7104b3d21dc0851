"""F38: a deadline is moved, or the call goes, while reminders of it lie in the outbox."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from calls.models import Application
from calls.operations.amending import amend_call
from calls.operations.applications import withdraw
from calls.operations.cancelling import cancel_call
from calls.operations.extending import extend
from calls.operations.reminding import remind
from calls.operations.submission import submit
from cooperation.notifications.delivery import deliver_due
from cooperation.notifications.models import Message
from tests.calls.worlds import small_world
from tests.factories import UserFactory
from tests.faults.oracle import Tally

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def world(chance):
    """A draft, its writers reminded on the eve of the deadline, and nothing sent yet."""
    noon = timezone.now().replace(hour=12, minute=0) + 20 * DAY  # nobody's quiet hours
    made = small_world(closes_at=noon + timedelta(minutes=chance.randrange(180)))
    made.application = made.complete()
    made.at = made.call.closes_at - DAY
    made.staff = UserFactory(is_staff=True, is_superuser=True)
    assert remind(at=made.at) > 0
    return made


def reminders() -> Counter[str]:
    """How many reminders are in each state."""
    return Counter(Message.objects.filter(kind="reminder").values_list("state", flat=True))


def amend(world, closes_to: datetime) -> None:
    reasons = {"en": "The holidays."}
    amend_call(call=world.call, reasons=reasons, by=world.staff, at=world.at, closes_to=closes_to)


@pytest.mark.parametrize("days", [+20, +1])
def test_extended(world, note, days):
    """What waits is not sent; the new deadline is reminded of when its own time comes, once."""
    moved = world.call.closes_at + days * DAY
    posted = sum(reminders().values())
    amend(world, moved)
    deliver_due(clock=lambda: world.at)
    assert reminders() == {"lapsed": posted}
    for at in (moved - DAY, moved - DAY, moved - DAY / 2):
        remind(at=at)
        deliver_due(clock=lambda at=at: at)
    assert reminders() == {"lapsed": posted, "sent": posted}
    assert Message.objects.filter(kind="reminder", state="sent", expires_at=moved).count() == posted
    note("F38 deadline moved with reminders queued", Tally(1))


def test_shortened(world, note):
    """Who was to hear "one day left" hears of the hours that are left now, and not both."""
    posted, moved = sum(reminders().values()), world.at + timedelta(hours=3)
    amend(world, moved)
    remind(at=world.at)
    deliver_due(clock=lambda: world.at)
    assert reminders() == {"lapsed": posted, "sent": posted}
    assert set(
        Message.objects.filter(kind="reminder", state="sent").values_list("expires_at", flat=True)
    ) == {moved}
    note("F38 deadline moved with reminders queued", Tally(1))


def test_extended_for_one_alone(world, note):
    """The applicant with a deadline of their own is reminded of that one."""
    posted, own = sum(reminders().values()), world.call.closes_at + 5 * DAY
    extend(application=world.application, closes_to=own, reason="Illness.", by=world.staff, at=world.at)
    deliver_due(clock=lambda: world.at)
    assert reminders() == {"lapsed": posted}
    remind(at=own - DAY)
    deliver_due(clock=lambda: own - DAY)
    assert reminders() == {"lapsed": posted, "sent": posted}
    note("F38 deadline moved with reminders queued", Tally(1))


@pytest.mark.parametrize("end", ["cancelled", "withdrawn", "submitted"])
def test_what_needs_no_reminder_any_more_is_silent(world, note, end):
    posted = sum(reminders().values())
    draft = Application.objects.get()
    if end == "cancelled":
        cancel_call(call=world.call, reasons={"en": "No funds."}, by=world.staff, at=world.at)
    elif end == "withdrawn":
        withdraw(application=draft, by=world.officer, at=world.at)
    else:
        submit(application=draft, version=None, by=world.officer, at=world.at)
    deliver_due(clock=lambda: world.at)
    assert reminders() == {"lapsed": posted}
    assert remind(at=world.at + timedelta(hours=1)) == 0
    note("F38 call or application gone", Tally(1))
