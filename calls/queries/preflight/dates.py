"""Dates of a draft: in order, to come, and not at an hour at which nobody is there to help."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.models.call import Process
from calls.queries.deadlines import word_day, word_instant, word_time
from calls.queries.holidays import country_of_zone, holiday_on
from calls.queries.preflight.material import Material, Point, look, stop

SATURDAY = 5
WEEKDAYS = [
    *(gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"), gettext_lazy("Thursday")),
    *(gettext_lazy("Friday"), gettext_lazy("Saturday"), gettext_lazy("Sunday")),
]


def dates(material: Material) -> Iterator[Point]:
    """Opening, deadline, questions, reviews, and the cut-offs."""
    yield from _order(material)
    call = material.call
    for moment, part in [(call.closes_at, "dates"), *((row.at, "cut_offs") for row in material.cut_offs)]:
        if moment and moment > material.at:
            yield from _at_the_desk(moment, call.zone, part)
            yield from _clock(moment, call.zone, part)
    if call.process == Process.CUT_OFFS and not material.cut_offs:
        yield stop("cut_offs", _("Applications are decided at cut-off dates. Add the first one."))
    elif material.cut_offs and all(row.at <= material.at for row in material.cut_offs):
        yield stop("cut_offs", _("Every cut-off date has passed. Add the next one."))


def _order(material: Material) -> Iterator[Point]:
    call, at = material.call, material.at
    closes = call.closes_at
    if closes and closes <= call.opens_at:
        yield stop("dates", _("The call closes before it opens."))
    elif closes and closes <= at:
        about = {"when": word_instant(closes, call.zone)}
        yield stop("dates", _("The deadline has passed: %(when)s.") % about)
    elif call.opens_at <= at:
        yield look("dates", _("The opening has passed: the call opens at the moment it is published."))
    if call.questions_until and closes and call.questions_until > closes:
        yield stop("dates", _("Questions are taken after the call has closed. Choose an earlier time."))
    if call.questions_until and call.questions_until <= call.opens_at:
        yield look("dates", _("Questions end before the call opens: nobody can ask any."))
    if call.review_due_at and closes and call.review_due_at <= closes:
        yield stop("settings", _("Reviews are due before the call closes. Choose a later time."))
    if call.discussion_at and closes and call.discussion_at <= closes:
        yield look("settings", _("The discussion begins before the call closes."))


def _at_the_desk(moment: datetime, zone: str, part: str) -> Iterator[Point]:
    """A deadline on a day off leaves the last questions unanswered."""
    day = word_day_of(moment, zone)
    local = moment.astimezone(ZoneInfo(zone))
    about = {"day": day, "weekday": WEEKDAYS[local.weekday()]}
    if local.weekday() >= SATURDAY:
        text = _("The deadline of %(day)s is a %(weekday)s: nobody answers at the last moment.")
        yield look(part, text % about)
    if name := holiday_on(local.date(), country_of_zone(zone)):
        about["name"] = name
        yield look(part, _("The deadline of %(day)s is a public holiday: %(name)s.") % about)


def _clock(moment: datetime, zone: str, part: str) -> Iterator[Point]:
    """On a day on which the clock is changed, a time is easily misread."""
    local = moment.astimezone(ZoneInfo(zone))
    about = {"day": word_day_of(moment, zone), "time": word_time(local)}
    first, second = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    next_midnight = midnight + timedelta(days=1)
    if first != second:
        which = _("the second time") if local.fold else _("the first time")
        text = _("%(time)s comes twice on %(day)s, when the clock is put back. This deadline is %(which)s.")
        yield look(part, text % {**about, "which": which})
    elif midnight.utcoffset() != next_midnight.utcoffset():
        text = _("The clock is changed on %(day)s. Check that %(time)s is meant.")
        yield look(part, text % about)


def word_day_of(moment: datetime, zone: str) -> str:
    """The day of an instant on the clocks of a zone."""
    return word_day(moment.astimezone(ZoneInfo(zone)))
