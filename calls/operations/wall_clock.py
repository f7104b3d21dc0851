"""Wall-clock times become instants. Twice a year a zone's clock skips an hour, and once repeats one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from calls.operations.status import NotPossible

FIRST_YEAR, LAST_YEAR = 2000, 2100  # what a call's dates can mean; anything else is a slip of the hand


class SkippedTime(NotPossible):
    """A wall-clock time that its zone never shows. `around` are the last and first times that exist."""

    def __init__(self, wall: datetime, zone: str, around: tuple[datetime, datetime]) -> None:
        self.around = around
        super().__init__(
            _(
                "%(time)s does not exist in %(zone)s: the clock is put forward. "
                "The nearest times are %(before)s and %(after)s."
            )
            % {"time": _word(wall), "zone": zone, "before": _word(around[0]), "after": _word(around[1])}
        )


class RepeatedTime(NotPossible):
    """A wall-clock time that its zone shows twice. `instants` are both, in that zone, the first one first."""

    def __init__(self, wall: datetime, zone: str, instants: tuple[datetime, datetime]) -> None:
        self.instants = instants
        super().__init__(
            _(
                "%(time)s happens twice in %(zone)s, when the clock is put back. "
                "Choose the first or the second."
            )
            % {"time": _word(wall), "zone": zone}
        )


def instant(wall: datetime, zone: str, *, fold: int | None = None) -> datetime:
    """The instant of a wall-clock time in a zone, in UTC: Python compares equal hours of one zone as one.

    Of a time that happens twice, `fold` says which is meant: 0 the first, 1 the second. Without it
    RepeatedTime is raised; SkippedTime for a time that does not exist; both are NotPossible.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall-clock time has no zone of its own")
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        raise NotPossible(
            _("Choose a year from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    first, second = (wall.replace(tzinfo=ZoneInfo(zone), fold=which) for which in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC) > second.astimezone(UTC):
        raise SkippedTime(wall, zone, _around(second.astimezone(UTC), first.astimezone(UTC), zone))
    if fold is None:
        raise RepeatedTime(wall, zone, (first, second))
    return (second if fold else first).astimezone(UTC)


def fold_of(moment: datetime, zone: str) -> int:
    """1 for the second of two times that read the same in a zone, else 0."""
    return moment.astimezone(ZoneInfo(zone)).fold


def _around(before: datetime, after: datetime, zone: str) -> tuple[datetime, datetime]:
    """The minutes on both sides of the change of clocks that lies between two instants."""
    there = ZoneInfo(zone)
    offset = after.astimezone(there).utcoffset()
    while after - before > timedelta(minutes=1):
        middle = before + timedelta(minutes=(after - before) // timedelta(minutes=2))
        if middle.astimezone(there).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return before.astimezone(there), after.astimezone(there)


def _word(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def in_days(today: date, days: int, hour: str = "09:00") -> datetime:
    """The wall-clock time `hour` ("23:59") on the day `days` after today."""
    return datetime.combine(today + timedelta(days=days), datetime.strptime(hour, "%H:%M").time())  # noqa: DTZ007
