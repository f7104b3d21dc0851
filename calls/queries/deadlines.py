"""Deadlines in words: an instant read in a zone, with its place named, and the days that are left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from calls.models import Call
from calls.models.call import Phase, Process

UTC = "UTC"
# English formats of Django are American; the portal writes "15 December 2026".
ENGLISH = {"DATE_FORMAT": "j F Y", "MONTH_DAY_FORMAT": "j F"}


@dataclass(frozen=True)
class Place:
    """One clock face: the place, the day with its time there."""

    name: str
    moment: str


@dataclass(frozen=True)
class Leaf:
    """The date beside a call in a list, as a calendar leaf: figure, month, time with place, what is left."""

    day: str
    month: str
    time: str
    left: str
    iso: str = ""
    reader_time: str = ""
    urgent: bool = False


def place_of(zone: str) -> str:
    """The place a zone is named after: "Buenos Aires" for America/Argentina/Buenos_Aires."""
    return zone.rpartition("/")[2].replace("_", " ")


def word_day(day: date, *, year: bool = True) -> str:
    """A day in the reader's notation: "15 December 2026", or without its year."""
    name = "DATE_FORMAT" if year else "MONTH_DAY_FORMAT"
    return date_format(day, ENGLISH[name] if (get_language() or "en").startswith("en") else name)


def word_time(moment: datetime) -> str:
    """Hours and minutes on the 24-hour clock, as calls print them in every language."""
    return date_format(moment, "H:i")


def word_offset(local: datetime) -> str:
    """How far a local time is from UTC: "UTC+2", "UTC−3:30"."""
    offset = local.utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes >= 0 else "−"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def word_instant(instant: datetime, zone: str) -> str:
    """An instant with the place of its clock: "15 December 2026, 23:59 Stockholm"."""
    local = instant.astimezone(ZoneInfo(zone))
    about = {"day": word_day(local), "time": word_time(local), "place": place_of(zone)}
    return _("%(day)s, %(time)s %(place)s") % about


def word_left(instant: datetime, at: datetime) -> str:
    """How long until an instant, rounded down: days, in the last two days hours; empty once it has passed."""
    left = instant - at
    if left <= timedelta(0):
        return ""
    if left < timedelta(hours=1):
        minutes = max(1, int(left.total_seconds() // 60))
        return ngettext("%(count)s minute left", "%(count)s minutes left", minutes) % {"count": minutes}
    if left < timedelta(days=2):
        hours = int(left.total_seconds() // 3600)
        return ngettext("%(count)s hour left", "%(count)s hours left", hours) % {"count": hours}
    return ngettext("%(count)s day left", "%(count)s days left", left.days) % {"count": left.days}


def word_ago(instant: datetime, at: datetime) -> str:
    """How long ago an instant was: in days, after two months in months, after two years in years."""
    days = (at - instant).days
    if days < 1:
        return _("today")
    if days < 60:
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    months = days * 12 // 365
    if months < 24:
        return ngettext("%(count)s month ago", "%(count)s months ago", months) % {"count": months}
    return ngettext("%(count)s year ago", "%(count)s years ago", months // 12) % {"count": months // 12}


def clocks(instant: datetime, zones: Iterable[tuple[str, str]]) -> list[Place]:
    """The instant on several clocks, given as (zone, name of the place); a zone is shown once."""
    found: dict[str, Place] = {}
    for zone, name in zones:
        local = instant.astimezone(ZoneInfo(zone))
        about = {"day": word_day(local), "time": word_time(local)}
        found.setdefault(zone, Place(name or place_of(zone), _("%(day)s, %(time)s") % about))
    return list(found.values())


def leaf_of(call: Call, at: datetime, reader: tuple[str, str] | None = None) -> Leaf:
    """The calendar leaf of a call: when it closes, or opens when that comes first.

    `reader` is the reader's zone and the name of its place; it adds the reader's time where it differs.
    """
    if call.cancelled and call.cancelled_at:
        return _cancelled_leaf(call, call.cancelled_at, at)
    phase = call.phase(at)
    if phase is Phase.OPEN and call.closes_at is None:
        at_dates = call.process == Process.CUT_OFFS
        decided = _("Decided at cut-off dates") if at_dates else _("Decided as they come")
        return Leaf(_("Any time"), _("No deadline"), decided, "")
    forthcoming = phase is Phase.FORTHCOMING
    instant = call.opens_at if forthcoming else call.closes_at or call.opens_at
    local = instant.astimezone(call.zone_info)
    about = {"time": word_time(local), "place": call.zone_city}
    words = {
        Phase.FORTHCOMING: _("Opens %(time)s %(place)s"),
        Phase.OPEN: _("%(time)s %(place)s"),
        Phase.CLOSED: _("Closed %(time)s %(place)s"),
    }
    this_year = local.year == at.year and phase is not Phase.CLOSED
    return Leaf(
        day=str(local.day),
        month=date_format(local, "F" if this_year else "F Y"),
        time=words[phase] % about,
        left=_left(call, phase, at),
        iso=instant.isoformat(timespec="minutes"),
        reader_time="" if phase is Phase.CLOSED else _reader_time(instant, call.zone, reader),
        urgent=call.closes_soon(at),
    )


def _cancelled_leaf(call: Call, cancelled_at: datetime, at: datetime) -> Leaf:
    """The day on which it was cancelled: its other dates mean nothing any more."""
    local = cancelled_at.astimezone(call.zone_info)
    return Leaf(
        day=str(local.day),
        month=date_format(local, "F Y"),
        time=_("Cancelled"),
        left=word_ago(cancelled_at, at),
        iso=cancelled_at.isoformat(timespec="minutes"),
    )


def _left(call: Call, phase: Phase, at: datetime) -> str:
    if phase is Phase.FORTHCOMING:
        if not call.closes_at:
            return ""
        day = call.closes_at.astimezone(call.zone_info)
        return _("Closes %(day)s") % {"day": word_day(day, year=day.year != at.year)}
    if not call.closes_at:
        return ""
    return word_ago(call.closes_at, at) if phase is Phase.CLOSED else word_left(call.closes_at, at)


def _reader_time(instant: datetime, zone: str, reader: tuple[str, str] | None) -> str:
    if not reader:
        return ""
    there, here = instant.astimezone(ZoneInfo(zone)), instant.astimezone(ZoneInfo(reader[0]))
    if there.utcoffset() == here.utcoffset():
        return ""
    about = {"time": word_time(here), "place": reader[1] or place_of(reader[0])}
    if there.date() == here.date():
        return _("%(time)s in %(place)s") % about
    return _("%(day)s, %(time)s in %(place)s") % {**about, "day": word_day(here, year=False)}
