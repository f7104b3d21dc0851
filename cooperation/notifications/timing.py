"""When a message may leave, and in which shape: quiet hours of the reader, digests, the portal only."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cooperation.accounts.models import User
from cooperation.notifications.kinds import Kind, kind_of
from cooperation.notifications.models import MessageState, Mode, Preference

if TYPE_CHECKING:
    from cooperation.notifications.operations import Letter

QUIET_FROM, QUIET_UNTIL = 21, 7  # hours on the reader's clock
# What expires within this time of the morning is not kept back until then.
URGENT = timedelta(hours=6)
Modes = Mapping[tuple[int, str], str]


def modes_of(letters: Iterable["Letter"]) -> Modes:
    """The choices of these letters' readers, by reader and topic: one query, none where nobody has any."""
    asked = {row.reader.pk for row in letters if row.reader and kind_of(row.kind).optional}
    if not asked:
        return {}
    rows = Preference.objects.filter(reader__in=asked).values_list("reader_id", "topic", "mode")
    return {(reader, topic): mode for reader, topic, mode in rows}


def state_for(kind: Kind, reader: User | None, modes: Modes) -> MessageState:
    """WAITING for what is mailed by itself, HELD for a digest, PORTAL for what is read there only."""
    mode = modes.get((reader.pk, kind.topic.value)) if reader and kind.optional else None
    if mode == Mode.PORTAL:
        return MessageState.PORTAL
    return MessageState.HELD if mode in (Mode.DAILY, Mode.WEEKLY) else MessageState.WAITING


def not_before(kind: Kind, reader: User | None, at: datetime, expires_at: datetime | None) -> datetime:
    """`at`, or the end of the reader's quiet hours for a kind that keeps them.

    What would expire during them, or within URGENT of their end, leaves at once.
    """
    if not kind.quiet or reader is None:
        return at
    morning = end_of_quiet(at, reader.time_zone)
    return at if expires_at and morning + URGENT >= expires_at else morning


def end_of_quiet(at: datetime, zone: str, hours: tuple[int, int] = (QUIET_FROM, QUIET_UNTIL)) -> datetime:
    """The end of the quiet hours that `at` falls into on the clock of a zone; `at` where it falls into none.

    In the spring night in which the clock skips the hour of the end, the first instant that exists.
    """
    begins, ends = hours
    local = at.astimezone(ZoneInfo(zone))
    quiet = begins <= local.hour < ends if begins <= ends else local.hour >= begins or local.hour < ends
    if not quiet:
        return at
    day = local.date() + timedelta(days=1 if local.hour >= begins > ends else 0)
    morning = datetime(day.year, day.month, day.day, ends, tzinfo=ZoneInfo(zone))
    return morning.astimezone(ZoneInfo("UTC"))
