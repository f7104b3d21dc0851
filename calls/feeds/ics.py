"""Entries as an iCalendar file (RFC 5545). The library escapes, folds and writes the time zones.

A deadline is an event of one hour that ENDS at the closing instant. An event without length is drawn as a
line or not at all; one that begins at the instant stands after it, and for 00:00 on a day that is too late.
It does not make the reader busy, and rings only where the reader's own calendar does.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from icalendar import Calendar, Event, vText

from calls.queries.calendar import Entry
from cooperation.notifications.operations import mail_domain

HOUR = timedelta(hours=1)
LONGEST_TITLE = 300  # characters; calendars show one line
REFRESH = timedelta(hours=6)


def ics(name: str, entries: Iterable[Entry], at: datetime) -> bytes:
    """A whole calendar. On one day the same entries give the same bytes, so that none is sent twice."""
    calendar = Calendar()
    calendar.add("prodid", "-//Cooperation Portal//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    # the library escapes what it knows to be text; of these two it has to be told
    shown = vText(" ".join(_plain(name).split())[:LONGEST_TITLE])
    calendar.add("x-wr-calname", shown)
    calendar.add("name", shown)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    today = _whole(at).replace(hour=0, minute=0, second=0)
    events = [_event(entry, today) for entry in entries]
    for event in events:
        calendar.add_component(event)
    if events:
        years = [event.start.year for event in events]
        first, last = datetime(min(years) - 1, 1, 1), datetime(max(years) + 2, 1, 1)  # noqa: DTZ001 - in any zone
        calendar.add_missing_timezones(first_date=first.date(), last_date=last.date())
    return calendar.to_ical()


def _event(entry: Entry, today: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@{mail_domain()}")
    event.add("dtstamp", _whole(entry.changed_at or today))
    if entry.changed_at:
        event.add("last-modified", _whole(entry.changed_at))
    event.add("sequence", entry.revision)
    if isinstance(entry.at, datetime):
        starts, ends = (entry.at, entry.at + HOUR) if entry.opens else (entry.at - HOUR, entry.at)
        event.add("dtstart", _local(starts, entry.zone))
        event.add("dtend", _local(ends, entry.zone))
    else:
        event.add("dtstart", entry.at)
        event.add("dtend", entry.at + timedelta(days=1))
    event.add("summary", _plain(entry.title)[:LONGEST_TITLE], parameters={"LANGUAGE": get_language() or "en"})
    if description := _plain("\n".join(filter(None, [entry.details, entry.url]))):
        event.add("description", description)
    if entry.place:
        event.add("location", _plain(entry.place))
    if entry.url:
        event.add("url", entry.url)
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    return event


def _local(instant: datetime, zone: str) -> datetime:
    """On the clock of its zone; in UTC where that clock shows the time twice and this is the second one.

    RFC 5545, 3.3.5: a local time that occurs twice means the first.
    """
    local = instant.astimezone(ZoneInfo(zone))
    return _whole(instant) if local.fold or zone == "UTC" else local.replace(microsecond=0)


def _whole(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(microsecond=0)


def _plain(text: str) -> str:
    """Without signs that no line of a calendar may hold; line breaks are the library's to escape."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t").replace("\x7f", "")
