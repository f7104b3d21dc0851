"""The dates of the next round: the last round's, moved by whole weeks, so that each keeps its weekday."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calls.models import Call, Milestone
from calls.models.form import QuestionType
from calls.operations.status import NotPossible
from calls.operations.wall_clock import FIRST_YEAR, LAST_YEAR, SkippedTime, fold_of, instant
from calls.queries.deadlines import word_day, word_instant
from calls.queries.form_versions import Form
from calls.queries.set_up import form_data

MOMENTS: Mapping[str, Any] = {
    "opens_at": gettext_lazy("Opens"),
    "questions_until": gettext_lazy("Questions until"),
    "closes_at": gettext_lazy("Closes"),
    "review_due_at": gettext_lazy("Reviews are due"),
    "discussion_at": gettext_lazy("Discussion begins"),
}


@dataclass(frozen=True)
class Shift:
    """By how many weeks a round moves, and the day on which it then opens."""

    weeks: int
    opens_on: date
    wanted: date

    def day(self, day: date) -> date:
        """A day of the last round in the next one."""
        return day + timedelta(weeks=self.weeks)

    def moment(self, moment: datetime, zone: str) -> tuple[datetime, bool]:
        """The same wall-clock time that many weeks later, and whether it had to give way.

        A time that the clock skips that day becomes the next one that exists.
        """
        local = moment.astimezone(Call(zone=zone).zone_info)
        wall = local.replace(tzinfo=None, fold=0) + timedelta(weeks=self.weeks)
        try:
            return instant(wall, zone, fold=fold_of(moment, zone)), False
        except SkippedTime as skipped:
            return instant(skipped.around[1].replace(tzinfo=None), zone), True

    @property
    def words(self) -> str:
        """The shift in one or two sentences."""
        weeks = abs(self.weeks)
        if self.weeks < 0:
            text = ngettext(
                "Every date moves back by %(count)s week, so that its weekday stays.",
                "Every date moves back by %(count)s weeks, so that its weekday stays.",
                weeks,
            )
        else:
            text = ngettext(
                "Every date moves by %(count)s week, so that its weekday stays.",
                "Every date moves by %(count)s weeks, so that its weekday stays.",
                weeks,
            )
        sentence = text % {"count": weeks}
        if self.opens_on == self.wanted:
            return sentence
        about = {"day": word_day(self.opens_on), "wanted": word_day(self.wanted)}
        nearest = _("The call opens on %(day)s, the day nearest to %(wanted)s that is the same weekday.")
        return f"{sentence} {nearest % about}"


@dataclass(frozen=True)
class Moved:
    """One date in the preview; `note` says what had to give way or what was left out."""

    what: str
    before: str
    after: str
    weekday: date
    note: str = ""


def shift_to(call: Call, opens_on: date) -> Shift:
    """The whole number of weeks that brings the opening nearest to a day. Raises NotPossible."""
    if not FIRST_YEAR <= opens_on.year < LAST_YEAR:
        about = {"first": FIRST_YEAR, "last": LAST_YEAR - 1}
        raise NotPossible(_("Choose a year from %(first)s to %(last)s.") % about)
    opened = call.day_of(call.opens_at)
    weeks = round((opens_on - opened).days / 7)
    return Shift(weeks, opened + timedelta(weeks=weeks), opens_on)


def moved_dates(call: Call, shift: Shift) -> list[Moved]:
    """Every date of the next round beside that of the last, as `clone_call` writes them."""
    rows = [
        _moved_moment(call, shift, str(label), moment)
        for name, label in MOMENTS.items()
        if (moment := getattr(call, name))
    ]
    rows += [_moved_moment(call, shift, _("Cut-off date"), row.at) for row in call.cut_offs.all()]
    for milestone in call.milestones.all():
        if day := planned_day(milestone):
            note = "" if milestone.planned_on else _("It had no planned day: this is when it happened.")
            rows.append(_moved_day(shift, str(milestone), day, note))
    rows += [
        _moved_day(shift, _("Due: %(document)s") % {"document": label}, day)
        for label, day in _due_days(form_data(call))
    ]
    return rows


def planned_day(milestone: Milestone) -> date | None:
    """The day a milestone was planned for; where nobody planned it, the day on which it happened."""
    return milestone.planned_on or milestone.actual_on


def moved_form(form: Form, shift: Shift) -> Form:
    """The form with the days on which documents are due moved too."""
    return [
        {**section, "questions": [_moved_question(row, shift) for row in section["questions"]]}
        for section in form
    ]


def _moved_question(row: dict[str, Any], shift: Shift) -> dict[str, Any]:
    if (day := due_day(row)) is None:
        return row
    return {**row, "settings": {**row["settings"], "due_on": shift.day(day).isoformat()}}


def due_day(question: Mapping[str, Any]) -> date | None:
    """The day after the deadline on which a document may still come; None where none is said."""
    said = question["settings"] if isinstance(question["settings"], dict) else {}
    try:
        return date.fromisoformat(str(said.get("due_on", "")))
    except ValueError:
        return None


def _due_days(form: Form) -> Iterator[tuple[str, date]]:
    for section in form:
        for row in section["questions"]:
            if row["type"] == QuestionType.FILE and (day := due_day(row)):
                yield next(iter(row["labels"].values()), row["key"]), day


def _moved_moment(call: Call, shift: Shift, what: str, moment: datetime) -> Moved:
    after, gave_way = shift.moment(moment, call.zone)
    note = _("The clock skips the hour of the last round that day: this is the next time that exists.")
    return Moved(
        what,
        word_instant(moment, call.zone),
        word_instant(after, call.zone),
        call.day_of(after),
        note if gave_way else "",
    )


def _moved_day(shift: Shift, what: str, day: date, note: str = "") -> Moved:
    return Moved(what, word_day(day), word_day(shift.day(day)), shift.day(day), note)
