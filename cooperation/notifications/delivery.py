"""Delivering the outbox: claim by lease, re-check, talk SMTP, record. Usable without any broker."""

import random
import smtplib
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError, transaction
from django.db.models import Min, Q
from django.utils import timezone

from cooperation.notifications.models import Message, MessageState
from cooperation.notifications.operations import RELEVANCE
from cooperation.web.health import Health

# Longer than one message can take: every step of SMTP ends after EMAIL_TIMEOUT.
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 10
LAG_ALARM = timedelta(minutes=10)
# A receipt may arrive twice with the same Message-ID, and so may a link; a reminder may not.
RESENT_WHEN_UNCERTAIN = frozenset(
    {
        *("receipt", "partner_receipt", "decision", "team_invitation"),
        *("consent_request", "consent_answer", "consent_copy"),
    }
)
Clock = Callable[[], datetime]
logger = structlog.get_logger("portal.outbox")


def deliver_due(*, clock: Clock = timezone.now, most: int = 500) -> int:
    """Send what is due, at most `most` messages; return how many were sent."""
    settle_expired_leases(at=clock())
    sent = 0
    for _number in range(most):
        message = claim(at=clock())
        if message is None:
            break
        sent += _deliver(message, clock)
    return sent


@transaction.atomic
def settle_expired_leases(*, at: datetime) -> int:
    """A sender that died in mid-send leaves a lease: resend receipts, show the rest as uncertain.

    A message that has stopped MOST_ATTEMPTS senders is not tried again, whatever its kind.
    """
    expired = Message.objects.filter(state=MessageState.SENDING, lease_until__lt=at)
    resent = expired.filter(kind__in=RESENT_WHEN_UNCERTAIN, attempts__lt=MOST_ATTEMPTS).update(
        state=MessageState.WAITING, lease_until=None, lease_token=None
    )
    shown = expired.update(
        state=MessageState.UNCERTAIN,
        lease_until=None,
        lease_token=None,
        last_error="The sender stopped in mid-send.",
    )
    return resent + shown


@transaction.atomic
def claim(*, at: datetime) -> Message | None:
    """Lease the message that has waited longest; None when nothing is due that another process has not.

    One at a time: a sender that dies or meets a slow server leaves one message in doubt, never a batch.
    """
    due = Message.objects.select_for_update(skip_locked=True).filter(
        state=MessageState.WAITING, not_before__lte=at
    )
    message = due.order_by("not_before", "id").first()
    if message is None:
        return None
    message.state, message.attempts = MessageState.SENDING, message.attempts + 1
    message.lease_until, message.lease_token = at + LEASE, uuid.uuid4()
    message.save(update_fields=["state", "attempts", "lease_until", "lease_token"])
    return message


def _deliver(message: Message, clock: Clock) -> bool:
    try:
        if not _still_matters(message, clock()):
            _record(message, state=MessageState.LAPSED)
            return False
        _send(message)
    except (SoftTimeLimitExceeded, DatabaseError):
        raise  # this process is stopped, or nothing can be recorded now: the lease expires and is settled
    except Exception as error:  # a message that cannot be sent must not hold up those behind it
        _record_failure(message, error, clock())
        return False
    _record(message, state=MessageState.SENT, sent_at=clock(), last_error="")
    return True


def _still_matters(message: Message, at: datetime) -> bool:
    if message.expires_at and message.expires_at <= at:
        return False
    check = RELEVANCE.get(message.kind)
    return check(message.about) if check else True


def _send(message: Message) -> None:
    headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(message.subject, message.body, to=[message.recipient], headers=headers)
    mail.connection = get_connection()
    mail.send()


def _record(message: Message, **changes: object) -> None:
    """Write the outcome only while the lease is still ours."""
    Message.objects.filter(pk=message.pk, lease_token=message.lease_token).update(
        lease_until=None, lease_token=None, **changes
    )


def _record_failure(message: Message, error: Exception, at: datetime) -> None:
    final = message.attempts >= MOST_ATTEMPTS or _refused_for_good(error)
    wait = min(timedelta(seconds=30) * 2 ** (message.attempts - 1), timedelta(hours=6))
    wait *= 0.75 + random.random() / 2  # noqa: S311 - jitter, not a secret
    logger.warning("mail not sent", message=message.pk, error=type(error).__name__, final=final)
    _record(
        message,
        state=MessageState.DEAD if final else MessageState.WAITING,
        not_before=at + wait,
        last_error=f"{type(error).__name__}: {error}"[:300],
    )


def _refused_for_good(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def lag(*, at: datetime) -> timedelta:
    """How long the oldest due message has waited; zero when nothing is due."""
    oldest = Message.objects.filter(
        Q(state=MessageState.WAITING) | Q(state=MessageState.SENDING), not_before__lte=at
    ).aggregate(oldest=Min("not_before"))["oldest"]
    return at - oldest if oldest else timedelta()


def outbox_health() -> Health:
    """Fine while the oldest due message has waited under ten minutes; the detail is the lag in seconds."""
    waited = lag(at=timezone.now())
    return Health(waited < LAG_ALARM, round(waited.total_seconds()))
