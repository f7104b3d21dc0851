"""Delivering the outbox: claim by lease, re-check, word, talk SMTP, record. Usable without any broker.

1. Leases that ended are settled.
2. A batch is claimed in one short transaction.
3. Each message is asked whether it still matters, and worded where it was posted without a text.
4. Just before its text goes to the mail server, that is put down: only from then on it is in doubt.
5. The outcome is recorded, also by a database that was away for a moment.
"""

import smtplib
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection

from cooperation.notifications.claiming import (
    BATCH,
    MOST_ATTEMPTS,
    begin,
    claim,
    give_back,
    hand_over,
    record,
    settle_expired_leases,
    wait_after,
)
from cooperation.notifications.handing import LeaseLost, Sender, ServerAway, Uncertain
from cooperation.notifications.kinds import kind_of
from cooperation.notifications.models import Message, MessageState
from cooperation.notifications.preparing import Pointless, prepare
from cooperation.notifications.secret_addresses import without_secrets
from cooperation.web.clock import database_now, following

RECORDING = 20.0  # seconds in which an outcome is tried to be put down
Clock = Callable[[], datetime]
logger = structlog.get_logger("portal.outbox")


def deliver_due(*, clock: Clock | None = None, most: int = 500, seconds: float | None = None) -> int:
    """Send what is due, at most `most` messages in about so many seconds; return how many were sent.

    The clock is PostgreSQL's, read for each batch; another one only where time is told to pass.
    """
    settle_expired_leases(at=clock() if clock else database_now())
    ends = time.monotonic() + seconds if seconds else None
    sent = taken = 0
    with Sender() as sender:
        while taken < most:
            now = clock or following(database_now())
            batch = claim(at=now(), most=min(BATCH, most - taken))
            if not batch:
                break
            taken += len(batch)
            for place, message in enumerate(batch):
                try:
                    sent += _deliver(message, sender, now)
                except ServerAway as error:
                    # one message a sweep asks whether the server is back; the others lose no attempt
                    _record_failure(message, error, now())
                    taken = most
                if taken == most or (ends and time.monotonic() > ends):
                    give_back(batch[place + 1 :])
                    taken = most
                    break
    return sent


def _deliver(message: Message, sender: Sender, clock: Clock) -> bool:
    if not begin(message, at=clock()):
        return False
    try:
        prepare(message, clock())
        sender.send(message, before_text=lambda: _tell(message, clock))
    except (SoftTimeLimitExceeded, OperationalError, InterfaceError, ServerAway):
        raise  # this process is stopped, or nothing can be recorded now: the lease expires and is settled
    except LeaseLost:
        return False
    except Pointless:
        record(message, state=MessageState.LAPSED)
        return False
    except Uncertain as error:
        _record_doubt(message, error, clock())
        return False
    except Exception as error:  # a message that cannot be sent must not hold up those behind it
        _record_failure(message, error, clock())
        return False
    _surely(lambda: record(message, state=MessageState.SENT, sent_at=clock(), last_error=""))
    return True


def _tell(message: Message, clock: Clock) -> None:
    if not hand_over(message, at=clock()):
        raise LeaseLost


def _surely(write: Callable[[], object]) -> None:
    """Put an outcome down, also past a moment without a database: what is known is not left in doubt."""
    ends = time.monotonic() + RECORDING
    while True:
        try:
            write()
            return
        except (OperationalError, InterfaceError):
            if time.monotonic() > ends or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(0.5)


def _record_doubt(message: Message, error: Exception, at: datetime) -> None:
    """The server may have it: what may come twice is tried again, the rest is shown as uncertain."""
    logger.warning("mail in doubt", message=message.pk)
    if kind_of(message.kind).twice:
        _record_failure(message, error, at)
        return
    _surely(lambda: record(message, state=MessageState.UNCERTAIN, last_error=_worded(error)))


def _record_failure(message: Message, error: Exception, at: datetime) -> None:
    final = message.attempts >= MOST_ATTEMPTS or _refused_for_good(error)
    logger.warning("mail not sent", message=message.pk, error=type(error).__name__, final=final)
    _surely(
        lambda: record(
            message,
            state=MessageState.DEAD if final else MessageState.WAITING,
            not_before=at + wait_after(message.attempts),
            last_error=_worded(error),
        )
    )


def _worded(error: Exception) -> str:
    """Its kind and first line, for staff: below it PostgreSQL quotes rows, and servers quote texts."""
    said = str(error).replace("\x00", "").strip().partition("\n")[0]
    return without_secrets(f"{type(error).__name__}: {said}")[:300]


def _refused_for_good(error: Exception) -> bool:
    """Whether the server will never take this message; a refusal of the portal itself is no such thing."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return isinstance(error, smtplib.SMTPNotSupportedError)
