"""Claiming messages by lease, marking how far each came, and settling what a dead sender left behind."""

import random
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from cooperation.notifications.kinds import KINDS
from cooperation.notifications.models import Message, MessageState

# Longer than one message can take: its talk with the mail server ends after EMAIL_LONGEST. Renewed for each.
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 10
BATCH = 20
STOPPED = "The sender stopped after the text was handed over."


@transaction.atomic
def claim(*, at: datetime, most: int = BATCH) -> Sequence[Message]:
    """Lease the messages that have waited longest; none when nothing is due that another process has not.

    A sender that dies loses none of them: only the one that it was handing over is in doubt, the others
    wait again when the lease ends.
    """
    _need_not_wait_for_the_disk()
    due = Message.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        state=MessageState.WAITING, not_before__lte=at
    )
    messages = list(due.select_related("reader").order_by("not_before", "id")[:most])
    token, until = uuid.uuid4(), at + LEASE
    for message in messages:
        message.state, message.lease_token, message.lease_until = MessageState.SENDING, token, until
        message.handed_at = None
    Message.objects.filter(pk__in=[row.pk for row in messages]).update(
        state=MessageState.SENDING, lease_token=token, lease_until=until, handed_at=None
    )
    return messages


def _need_not_wait_for_the_disk() -> None:
    """What a crash of the database may take back from this transaction costs a lease or a count, no mail."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


@transaction.atomic
def begin(message: Message, *, at: datetime) -> bool:
    """Count an attempt and renew the lease; False where the message is no longer this sender's."""
    _need_not_wait_for_the_disk()
    message.attempts += 1
    return ours(message).update(attempts=message.attempts, lease_until=at + LEASE) == 1


def hand_over(message: Message, *, at: datetime) -> bool:
    """Put down, durably, that the text goes to the mail server now; False where the lease is lost.

    What was worded only now is kept with it, so that the portal shows what was sent, and where.
    """
    words: dict[str, object] = {"subject": message.subject, "body": message.body, "html": message.html}
    words |= {"path": message.path, "action": message.action, "recipient": message.recipient}
    return ours(message).update(handed_at=at, lease_until=at + LEASE, **words) == 1


def ours(message: Message):
    """The row while the lease is still this sender's."""
    return Message.objects.filter(pk=message.pk, state=MessageState.SENDING, lease_token=message.lease_token)


def record(message: Message, **changes: object) -> bool:
    """Write the outcome and give the lease back, only while it is still ours."""
    return ours(message).update(lease_until=None, lease_token=None, **changes) == 1


def give_back(messages: Sequence[Message]) -> None:
    """Let messages that were claimed and not begun wait again."""
    tokens = {row.lease_token for row in messages}
    claimed = Message.objects.filter(pk__in=[row.pk for row in messages], lease_token__in=tokens)
    claimed.filter(state=MessageState.SENDING).update(
        state=MessageState.WAITING, lease_until=None, lease_token=None
    )


@transaction.atomic
def settle_expired_leases(*, at: datetime) -> int:
    """What a sender that died left behind; return how many messages.

    What was not handed over waits again, and so does what may come twice rather than not at all. The rest
    may or may not have left: it is shown as uncertain. What was begun waits longer each time, so that a
    message that stops its senders does not stop those behind it; after MOST_ATTEMPTS it is not tried again.
    """
    # A lease longer than any that is given was taken while the clock was wrong.
    ended = Q(lease_until__lt=at) | Q(lease_until__gt=at + 2 * LEASE)
    expired = Message.objects.filter(ended, state=MessageState.SENDING)
    if not expired.exists():
        return 0
    twice = [kind.name for kind in KINDS.values() if kind.twice]
    again = expired.filter(Q(handed_at__isnull=True) | Q(kind__in=twice), attempts__lt=MOST_ATTEMPTS)
    begun = again.filter(attempts__gt=0).order_by()
    for attempts in begun.values_list("attempts", flat=True).distinct():
        begun.filter(attempts=attempts).update(not_before=at + wait_after(attempts))
    waiting = again.update(state=MessageState.WAITING, lease_until=None, lease_token=None, handed_at=None)
    dead = expired.filter(handed_at__isnull=True).update(
        state=MessageState.DEAD,
        lease_until=None,
        lease_token=None,
        last_error="It stopped every sender that took it.",
    )
    uncertain = expired.update(
        state=MessageState.UNCERTAIN, lease_until=None, lease_token=None, last_error=STOPPED
    )
    return waiting + dead + uncertain


def wait_after(attempts: int) -> timedelta:
    """How long a message waits after so many attempts: from half a minute to six hours, with jitter.

    Ten attempts take most of a day, so that a mail server may be away for a night.
    """
    wait = min(timedelta(seconds=30) * 3 ** (attempts - 1), timedelta(hours=6))
    return wait * (0.75 + random.random() / 2)  # noqa: S311 - jitter, not a secret
