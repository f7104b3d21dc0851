"""A reader's own messages: marking them read."""

from datetime import datetime

from cooperation.accounts.models import User
from cooperation.notifications.models import Message


def mark_read(*, message: Message, by: User, at: datetime) -> bool:
    """Note when its reader first read a message; False where it was read before, or is somebody else's."""
    return Message.objects.in_inbox_of(by.pk).unread().filter(pk=message.pk).update(read_at=at) == 1


def mark_all_read(*, by: User, newest: int, at: datetime) -> int:
    """Note that a reader read everything up to a message, as the list showed it; return how many were new."""
    return Message.objects.in_inbox_of(by.pk).unread().filter(pk__lte=newest).update(read_at=at)
