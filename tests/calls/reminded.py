"""What tests of reminders share: a call's rules written out, and the words of a message."""

from datetime import datetime

from django.db.models import QuerySet

from calls.models import Call, ReminderRule
from calls.queries.reminder_audiences import SORT_OF
from cooperation.notifications.kinds import kind_of
from cooperation.notifications.models import Message
from cooperation.notifications.rendering import Words, render


def rules(call: Call, *rows: tuple) -> None:
    """These reminders and no others: audience, days, and every so many days."""
    call.reminders.all().delete()
    for audience, days, *again in rows:
        ReminderRule.objects.create(
            call=call, audience=audience, days=days, repeat_days=again[0] if again else None
        )


def reminders(kind: str = "") -> QuerySet[Message]:
    """Reminders that were posted, of one kind or of all."""
    return Message.objects.filter(kind__in=[kind] if kind else list(SORT_OF))


def words_of(message: Message, at: datetime) -> Words | None:
    """The words with which a message would be sent at an instant; None when it would lapse."""
    kind = kind_of(message.kind)
    if kind.matters and not kind.matters(message.about, at):
        return None
    letter = kind.compose(message, at) if kind.compose else None
    return render(letter.template, letter.context, letter.language) if letter else None
