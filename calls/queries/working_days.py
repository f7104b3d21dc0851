"""Time limits counted in days of the call's zone."""

from collections.abc import Container
from datetime import date, datetime, time, timedelta

from calls.models import Call

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
    """Until when a city may complain; None where complaints are not taken."""
    if not call.complaint_days:
        return None
    return end_of(after_working_days(call.day_of(told_at), call.complaint_days), call)
