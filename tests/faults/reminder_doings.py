"""What tests of reminders have processes of the portal do, each at an instant of its own."""

from datetime import datetime

from calls.models import Application
from calls.operations.reminding import remind
from cooperation.notifications import gathering
from cooperation.notifications.delivery import deliver_due
from cooperation.notifications.kinds import Topic
from cooperation.notifications.models import Mode, Preference
from tests.calls.worlds import small_world
from tests.faults.web_doings import draft


def drafts(number: int, daily: int, closes_at: str) -> None:
    """Drafts of a call with the usual reminders; so many of their officers want those once a day."""
    call = small_world(closes_at=datetime.fromisoformat(closes_at)).call
    for place in range(number):
        made = draft(call, place)
        if place < daily:
            writer = Application.objects.get(pk=made["pk"]).created_by
            Preference.objects.create(reader=writer, topic=Topic.DEADLINES, mode=Mode.DAILY)


def remind_at(at: str) -> int:
    """Post the reminders that are due; how many are new."""
    return remind(at=datetime.fromisoformat(at))


def gather_at(at: str) -> int:
    """Gather what is held; how many messages were settled."""
    return gathering.gather(at=datetime.fromisoformat(at))


def deliver_at(at: str) -> int:
    """Deliver what is due; how many were sent."""
    instant = datetime.fromisoformat(at)
    return deliver_due(clock=lambda: instant)
