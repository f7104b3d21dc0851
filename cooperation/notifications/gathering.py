"""What is held for readers: gathered into one mail a day or a week, kept in the portal, or let go.

1. Once every few minutes the readers are found for whom something held is due: two queries.
2. Each of them is one transaction: killed in the middle, it never was. A reader whom another process is
   gathering for is passed over.
3. The key of the mail names the reader and the day on the reader's clock: no second one on the same day.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Min

from cooperation.accounts.models import User
from cooperation.notifications.digests import MOST_PARTS, PREPARED, post_digest, still_matters
from cooperation.notifications.kinds import kind_of
from cooperation.notifications.models import Message, MessageState, Mode
from cooperation.notifications.operations import nudge_after_commit
from cooperation.notifications.timing import (
    URGENT,
    Choices,
    choices_of,
    clock_of,
    end_of_quiet,
    last_digest,
    next_digest,
    not_before,
)

MOST_READERS = 500  # a run
MOST_HELD = 1_000  # of one reader that are looked at: what waits for Monday is no obstacle to today's
logger = structlog.get_logger("portal.outbox")


def gather(*, at: datetime, most: int = MOST_READERS) -> int:
    """Settle what is held and due, reader by reader; return how many messages were settled."""
    held = Message.objects.filter(state=MessageState.HELD)
    held.filter(reader__isnull=True).update(state=MessageState.LAPSED)
    return sum(one_by_one(_readers_due(held, at, most), lambda reader: _gather_for(reader, at)))


def one_by_one(readers: list[int], settle: Callable[[int], int]) -> Iterator[int]:
    """Settle reader by reader; one that cannot be settled holds up nobody."""
    for reader in readers:
        try:
            yield settle(reader)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("reader not gathered for", reader=reader)


def locked(reader_id: int) -> User | None:
    """The reader, for this transaction alone; None while another has it."""
    return User.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=reader_id).first()


def _readers_due(held: Any, at: datetime, most: int) -> list[int]:
    rows = held.filter(not_before__lte=at).order_by().values("reader_id", "reader__time_zone", "kind")
    found = list(rows.annotate(oldest=Min("not_before"), soonest=Min("expires_at")).order_by("oldest"))
    choices = choices_of(row["reader_id"] for row in found)
    due = (
        row["reader_id"]
        for row in found
        if _is_due(_mode(row["kind"], row["reader_id"], choices), row["reader__time_zone"], row, at)
    )
    return list(dict.fromkeys(due))[:most]


def _mode(kind: str, reader_id: int, choices: Choices) -> str:
    return choices.mode(kind_of(kind), reader_id)


def _is_due(mode: str, zone: str, row: dict[str, Any], at: datetime) -> bool:
    if mode in (Mode.AT_ONCE, Mode.PORTAL):
        return True
    return row["oldest"] <= last_digest(at, zone, mode) or _too_late(row["soonest"], zone, mode, at)


def _too_late(expires_at: datetime | None, zone: str, mode: str, at: datetime) -> bool:
    """Whether the next digest would come when a message no longer helps."""
    return expires_at is not None and expires_at <= next_digest(at, zone, mode) + URGENT


@transaction.atomic
def _gather_for(reader_id: int, at: datetime) -> int:
    reader = locked(reader_id)
    if reader is None:
        return 0
    rows = Message.objects.select_for_update(of=("self",)).filter(
        reader=reader, state=MessageState.HELD, not_before__lte=at
    )
    parts = list(rows.select_related("reader").order_by("created_at", "pk")[:MOST_HELD])
    choices = choices_of([reader.pk])
    today = last_digest(at, reader.time_zone, Mode.DAILY).astimezone(clock_of(reader.time_zone)).date()
    key = f"digest:{reader.pk}:{today.isoformat()}"
    came = Message.objects.filter(key=key).exists()
    together: list[Message] = []
    for row in parts:
        if _settle(row, reader, choices, at, came or len(together) >= MOST_PARTS):
            together.append(row)
    if together:
        leaves = _leaves(together, reader, choices, at)
        post_digest(key=key, reader=reader, parts=together, at=at, not_before=leaves)
    alone = [row for row in parts if row not in together and row.state != MessageState.HELD]
    Message.objects.bulk_update(alone, [*PREPARED, "not_before"])
    nudge_after_commit()
    return len(together) + len(alone)


def _settle(row: Message, reader: User, choices: Choices, at: datetime, came: bool) -> bool:
    """Whether a held message is a part of today's digest; if not, its state says what becomes of it.

    `came`: the digest of this day went out, or is full.
    """
    mode, zone = _mode(row.kind, reader.pk, choices), reader.time_zone
    if mode == Mode.PORTAL:
        if still_matters(row, at):
            row.state = MessageState.PORTAL
        return False
    if mode != Mode.AT_ONCE and not came and row.not_before <= last_digest(at, zone, mode):
        return still_matters(row, at)
    if mode == Mode.AT_ONCE or _too_late(row.expires_at, zone, mode, at):
        row.state = MessageState.WAITING
        row.not_before = not_before(kind_of(row.kind), reader, at, row.expires_at, choices)
    return False


def _leaves(parts: list[Message], reader: User, choices: Choices, at: datetime) -> datetime:
    """When the mail of the parts may leave: after the reader's quiet hours, unless a part cannot wait."""
    morning = end_of_quiet(at, reader.time_zone, choices.quiet(reader.pk))
    urgent = any(row.expires_at and row.expires_at <= morning + URGENT for row in parts)
    return at if urgent else morning
