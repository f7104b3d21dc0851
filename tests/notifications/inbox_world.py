"""Readers, and messages in the states in which they find them."""

from datetime import UTC, datetime, timedelta

from cooperation.accounts.models import User
from cooperation.notifications.models import Message, Preference
from cooperation.notifications.operations import message_id
from tests.factories import UserFactory

# A Wednesday, noon in Stockholm.
NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)


def reader(**fields) -> User:
    """A person in Stockholm."""
    return UserFactory(**{"time_zone": "Europe/Stockholm", **fields})


def message(of: User | None, key: str, **fields) -> Message:
    """A message as it stands in the outbox; of a topic about deadlines, unless said otherwise."""
    given = {
        "kind": "reminder", "state": "sent", "subject": f"Subject {key}", "body": f"Text of {key}.\n",
        "recipient": of.email if of else "nobody@example.org", "language": "en", "not_before": NOON,
        "created_at": NOON, "message_id": message_id(key), "about": {},
    }  # fmt: skip
    given |= fields
    if given["state"] == "sent":
        given.setdefault("sent_at", given["created_at"])
    return Message.objects.create(key=key, reader=of, **given)


def prefers(person: User, mode: str, topic: str = "deadlines") -> None:
    Preference.objects.update_or_create(reader=person, topic=topic, defaults={"mode": mode})


def days(number: float) -> timedelta:
    return timedelta(days=number)
