"""What a receipt and its mail show: the instant of arrival on several clocks, what comes next, who knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import Application, Snapshot
from calls.queries.deadlines import UTC, Place, clocks, place_of, word_day, word_offset
from cooperation.accounts.models import User
from cooperation.notifications.models import Message

Zones = list[tuple[str, str]]


@dataclass(frozen=True)
class Moment:
    """An instant on the clock of one place. `fraction` is the part of a second, six digits."""

    place: str
    offset: str
    day: str
    time: str
    fraction: str


@dataclass(frozen=True)
class NextDate:
    """One line of "what happens next"."""

    day: str
    what: str
    note: str


def zones_of(application: Application, reader: User | None = None) -> Zones:
    """Clocks that matter, as (zone, place): the call's, one of the parties' or the reader's, UTC."""
    call_zone = application.call.zone
    cities = [application.lead.city, *(partner.city for partner in application.partners.all())]
    others = [(city.time_zone, city.name) for city in cities if city]
    if reader:
        others.append((reader.time_zone, ""))
    other = next((pair for pair in others if pair[0] not in (call_zone, UTC)), None)
    ends = [(UTC, "")] if call_zone != UTC else []
    return [(call_zone, ""), *([other] if other else []), *ends]


def deadline_clocks(application: Application, reader: User | None = None) -> list[Place]:
    """The deadline on these clocks; empty when the call has none."""
    closes_at = application.closes_at
    return clocks(closes_at, zones_of(application, reader)) if closes_at else []


def moments(instant: datetime, zones: Iterable[tuple[str, str]]) -> list[Moment]:
    """The instant on each clock, to the microsecond."""
    return [_moment(instant.astimezone(ZoneInfo(zone)), name or place_of(zone)) for zone, name in zones]


def _moment(local: datetime, place: str) -> Moment:
    day = f"{date_format(local.date(), 'l')} {word_day(local)}"
    return Moment(place, word_offset(local), day, f"{local:%H:%M:%S}", f"{local:%f}")


def before_closing(application: Application, received_at: datetime) -> str:
    """ "7 days, 9 hours and 51 minutes before the deadline"; empty without one."""
    closes_at = application.closes_at
    if closes_at is None or received_at >= closes_at:
        return ""
    left = closes_at - received_at
    hours, minutes = left.seconds // 3600, left.seconds % 3600 // 60
    parts = {
        "days": ngettext("%(count)s day", "%(count)s days", left.days) % {"count": left.days},
        "hours": ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours},
        "minutes": ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes},
    }
    return _("%(days)s, %(hours)s and %(minutes)s before the deadline.") % parts


def next_dates(application: Application, *, after: date) -> list[NextDate]:
    """This applicant's deadline and the call's milestones that are still to come, in order."""
    rows: list[tuple[date, str, str]] = []
    call, closes_at = application.call, application.closes_at
    if closes_at:
        local = closes_at.astimezone(call.zone_info)
        note = f"{local:%H:%M} {call.zone_city}"
        words = _("Your deadline. You can change it until then, and withdraw until the decision")
        rows.append((local.date(), words, note))
    rows += [
        (milestone.day, str(milestone), "" if milestone.actual_on else _("planned"))
        for milestone in call.milestones.all()
        if milestone.day
    ]
    return [NextDate(word_day(day), what, note) for day, what, note in sorted(rows) if day >= after]


def mailed_to(snapshot: Snapshot) -> list[str]:
    """Addresses that the receipt was posted to."""
    about = f"{snapshot.application_id}:{snapshot.number}:"
    receipts = Message.objects.filter(
        Q(key__startswith=f"receipt:{about}") | Q(key__startswith=f"partner_receipt:{about}")
    )
    return sorted(set(receipts.values_list("recipient", flat=True)))
