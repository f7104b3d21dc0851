"""Time limits counted in days of the call's zone."""

from collections.abc import Container
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from calls.models import Call
from calls.queries.holidays import country_of_zone, free_days, holiday_on

SATURDAY = 5
LAST_MINUTE = time(23, 59)


def after_working_days(day: date, count: int, *, free: Container[date] = ()) -> date:
    """The `count`-th working day after a day: Saturdays, Sundays and `free` days are none."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY and day not in free:
            count -= 1
    return day


def end_of(day: date, call: Call) -> datetime:
    """The last minute of a day where the call counts its days; a limit passes when it begins."""
    return datetime.combine(day, LAST_MINUTE, tzinfo=call.zone_info)


def answer_due(call: Call, published_at: datetime) -> datetime | None:
    """Until when a place is accepted; None where no answer is asked."""
    if not call.acceptance_days:
        return None
    return end_of(call.day_of(published_at) + timedelta(days=call.acceptance_days), call)


def complain_until(call: Call, told_at: datetime) -> datetime | None:
    """Until when a city may complain; None where complaints are not taken.

    Public holidays are those of the country of the call's zone.
    """
    if not call.complaint_days:
        return None
    free = free_days(country_of_zone(call.zone))
    return end_of(after_working_days(call.day_of(told_at), call.complaint_days, free=free), call)


def day_off(at: datetime | None, call: Call) -> str:
    """A sentence where an instant falls on no working day of the call's zone; empty on others."""
    day = call.day_of(at) if at else None
    if day is None:
        return ""
    if name := holiday_on(day, country_of_zone(call.zone)):
        return _("That day is a public holiday: %(name)s.") % {"name": name}
    return _("That day is in a weekend.") if day.weekday() >= SATURDAY else ""
