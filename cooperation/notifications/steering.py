"""Staff send a message on its way again, or call it off."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cooperation.accounts.access import NotAllowed, require
from cooperation.accounts.models import User
from cooperation.notifications.kinds import kind_of
from cooperation.notifications.models import Message, MessageState
from cooperation.notifications.operations import nudge_after_commit

RETRIED = (MessageState.DEAD, MessageState.UNCERTAIN, MessageState.WAITING)
CALLED_OFF = (MessageState.DEAD, MessageState.HELD, MessageState.WAITING)
LONGEST_REASON = 300  # characters


class NotPossible(Exception):
    """The state of the message does not allow it; `str()` is a sentence for the reader."""


def may_steer(user: User) -> bool:
    """Active staff with the right to change messages. Read afresh."""
    current = User.objects.filter(pk=user.pk, is_active=True, is_staff=True).first()
    return current is not None and current.has_perm("notifications.change_message")


def may_come_twice(message: Message) -> bool:
    """Whether a retry may bring the reader a second copy that nobody meant."""
    return message.state == MessageState.UNCERTAIN and not kind_of(message.kind).twice


@transaction.atomic
def retry(*, message: Message, by: User, at: datetime, although_twice: bool = False) -> Message:
    """Let a message leave now, with all its attempts before it again; the worker is nudged.

    `although_twice` is the word that a second copy is taken into account. Raises NotAllowed, NotPossible.
    """
    _require_steward(by)
    row = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    _require_possible(row.state in RETRIED, _("Only what waits, failed or is uncertain can be tried again."))
    expired = row.expires_at is not None and row.expires_at <= at
    _require_possible(not expired, _("Its time has passed: it would lapse unsent."))
    _require_possible(
        although_twice or not may_come_twice(row),
        _("It may have arrived already. Confirm that a second copy does no harm."),
    )
    row.state, row.not_before, row.attempts, row.handed_at = MessageState.WAITING, at, 0, None
    row.retried_at, row.retried_by = at, by
    row.save(update_fields=["state", "not_before", "attempts", "handed_at", "retried_at", "retried_by"])
    nudge_after_commit()
    return row


def retry_many(
    *, messages: Iterable[Message], by: User, at: datetime, although_twice: bool = False
) -> tuple[list[Message], list[tuple[Message, str]]]:
    """Retry each message by itself; return those on their way, and the others with the reason.

    Raises NotAllowed.
    """
    _require_steward(by)
    done, refused = [], []
    for message in messages:
        try:
            done.append(retry(message=message, by=by, at=at, although_twice=although_twice))
        except NotPossible as refusal:
            refused.append((message, str(refusal)))
    return done, refused


@transaction.atomic
def call_off(*, message: Message, reason: str, by: User, at: datetime) -> Message:
    """Never send a message, for a reason that is kept with it. Raises NotAllowed, NotPossible."""
    _require_steward(by)
    row = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    _require_possible(row.state in CALLED_OFF, _("Only what waits, is held or failed can be called off."))
    _require_possible(bool(reason.strip()), _("Say why it is called off."))
    row.state, row.cancelled_at, row.cancelled_by = MessageState.CANCELLED, at, by
    row.cancel_reason = reason.strip()[:LONGEST_REASON]
    row.save(update_fields=["state", "cancelled_at", "cancelled_by", "cancel_reason"])
    return row


def _require_steward(user: User) -> None:
    require(may_steer(user), _("Only staff with the right to change messages can do this."))


def _require_possible(possible: bool, reason: str) -> None:
    if not possible:
        raise NotPossible(reason)


__all__ = ["NotAllowed", "NotPossible", "call_off", "may_come_twice", "may_steer", "retry", "retry_many"]
