"""When a message may leave, and in which shape: quiet hours of the reader, digests, the portal only.

The rules, in one place for whoever computes them elsewhere (such as in SQL, for thousands of readers):

1. A kind that is not `quiet` leaves at `at`. So does everything to an address without an account.
2. Quiet hours are those of the reader's Quiet row, without one QUIET_FROM to QUIET_UNTIL, on the clock of
   User.time_zone. From and until the same: there are none. From later than until: they go over midnight.
3. Within them a quiet kind waits for their end, unless it expires by then or within URGENT of it.
4. An optional kind is HELD for a reader whose Preference for its topic is "once a day" or "once a week", and
   PORTAL for "in the portal only". What has no words yet is HELD there too: `gathering` words it.
5. A digest leaves at DIGEST_HOUR of the reader's clock, the weekly one on Mondays, and later where the
   reader's quiet hours end later. What expires by the next digest, or within URGENT of it, is mailed alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cooperation.accounts.models import User
from cooperation.notifications.kinds import Kind, kind_of
from cooperation.notifications.models import MessageState, Mode

if TYPE_CHECKING:
    from cooperation.notifications.operations import Letter

QUIET_FROM, QUIET_UNTIL = 21, 7  # hours on the reader's clock
DIGEST_HOUR = 7  # on the reader's clock
# What expires within this time of the morning is not kept back until then.
URGENT = timedelta(hours=6)
Hours = tuple[int, int]


@dataclass(frozen=True)
class Choices:
    """What readers chose: a mode by reader and topic, and own quiet hours by reader."""

    modes: Mapping[tuple[int, str], str] = field(default_factory=dict)
    hours: Mapping[int, Hours] = field(default_factory=dict)

    def mode(self, kind: Kind, reader_id: int | None) -> str:
        """How a reader is told of a kind; what is not optional, at once."""
        if reader_id is None or not kind.optional:
            return Mode.AT_ONCE
        return self.modes.get((reader_id, kind.topic.value), Mode.AT_ONCE)

    def quiet(self, reader_id: int) -> Hours:
        """A reader's quiet hours, from and until."""
        return self.hours.get(reader_id, (QUIET_FROM, QUIET_UNTIL))


def choices_for(letters: Iterable["Letter"]) -> Choices:
    """The choices of these letters' readers: one query, none where no kind leaves a choice."""
    return choices_of({row.reader.pk for row in letters if row.reader and kind_of(row.kind).optional})


def choices_of(readers: Iterable[int]) -> Choices:
    """The choices of readers, in one query; none for nobody."""
    asked = set(readers)
    if not asked:
        return Choices()
    rows = User.objects.filter(pk__in=asked).values_list(
        "pk", "preferences__topic", "preferences__mode", "quiet__from_hour", "quiet__until_hour"
    )
    modes, hours = {}, {}
    for reader, topic, mode, begins, ends in rows:
        if topic is not None:
            modes[reader, topic] = mode
        if begins is not None:
            hours[reader] = (begins, ends)
    return Choices(modes, hours)


def state_for(kind: Kind, reader: User | None, choices: Choices) -> MessageState:
    """WAITING for what is mailed by itself, HELD for a digest, PORTAL for what is read there only."""
    mode = choices.mode(kind, reader.pk if reader else None)
    if mode == Mode.PORTAL:
        return MessageState.PORTAL
    return MessageState.HELD if mode in (Mode.DAILY, Mode.WEEKLY) else MessageState.WAITING


def not_before(
    kind: Kind, reader: User | None, at: datetime, expires_at: datetime | None, choices: Choices
) -> datetime:
    """`at`, or the end of the reader's quiet hours for a kind that keeps them.

    What would expire during them, or within URGENT of their end, leaves at once.
    """
    if not kind.quiet or reader is None:
        return at
    morning = end_of_quiet(at, reader.time_zone, choices.quiet(reader.pk))
    return at if expires_at and morning + URGENT >= expires_at else morning


def clock_of(zone: str) -> tzinfo:
    """The clock of a zone; UTC for a name that does not exist: one reader's row must not stop the others'."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def end_of_quiet(at: datetime, zone: str, hours: Hours = (QUIET_FROM, QUIET_UNTIL)) -> datetime:
    """The end of the quiet hours that `at` falls into on the clock of a zone; `at` where it falls into none.

    In the spring night in which the clock skips the hour of the end, the first instant that exists.
    """
    begins, ends = hours
    local = at.astimezone(clock_of(zone))
    quiet = begins <= local.hour < ends if begins <= ends else local.hour >= begins or local.hour < ends
    if not quiet:
        return at
    day = local.date() + timedelta(days=1 if local.hour >= begins > ends else 0)
    morning = datetime(day.year, day.month, day.day, ends, tzinfo=clock_of(zone))
    return morning.astimezone(UTC)


def last_digest(at: datetime, zone: str, mode: str) -> datetime:
    """The instant of the newest digest of a mode (daily, weekly) that is not after `at`."""
    local = at.astimezone(clock_of(zone))
    day = local.date() if local.hour >= DIGEST_HOUR else local.date() - timedelta(days=1)
    if mode == Mode.WEEKLY:
        day -= timedelta(days=day.weekday())
    return datetime(day.year, day.month, day.day, DIGEST_HOUR, tzinfo=clock_of(zone)).astimezone(UTC)


def next_digest(at: datetime, zone: str, mode: str) -> datetime:
    """The instant of the first digest of a mode that is after `at`."""
    step = timedelta(days=7 if mode == Mode.WEEKLY else 1)
    local = last_digest(at, zone, mode).astimezone(clock_of(zone))
    # the same hour of another day, on the wall
    return (local + step).astimezone(UTC)
