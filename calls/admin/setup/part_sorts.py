"""The sorts of parts of a call: their words, their forms, and how one of them reads in the list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calls.forms.call_parts import CriterionForm, CutOffForm, MilestoneForm, QuotaForm, SideForm
from calls.forms.reminders import ReminderForm
from calls.forms.wordings import PartForm
from calls.models import Call, Criterion, CutOff, Milestone, Quota, ReminderRule
from calls.models.decision import Side
from calls.queries.deadlines import word_day, word_instant
from calls.queries.eligibility_terms import country
from calls.queries.reminder_words import days_in_words

MOST_NAMED = 6  # countries of a quota that its line names


@dataclass(frozen=True)
class Part:
    """One sort of part: its model, its form, its words, and how one of them reads in the list."""

    model: type[Any]
    form: type[PartForm]
    title: Any
    add: Any
    empty: Any
    line: Callable[[Call, Any], str]


def _of_criterion(call: Call, row: Criterion) -> str:
    if row.threshold is None:
        return _("%(weight)s percent") % {"weight": row.weight}
    return _("%(weight)s percent, threshold %(least)s of 5") % {"weight": row.weight, "least": row.threshold}


def _of_quota(call: Call, row: Quota) -> str:
    names = [country(code) for code in row.countries[:MOST_NAMED]]
    if (rest := len(row.countries) - len(names)) > 0:
        names.append(_("%(count)s more") % {"count": rest})
    about = {"places": row.places, "countries": ", ".join(names), "least": row.minimum}
    if row.minimum:
        return _("%(least)s to %(places)s places: %(countries)s") % about
    text = ngettext("%(places)s place: %(countries)s", "%(places)s places: %(countries)s", row.places)
    return text % about


def _of_milestone(call: Call, row: Milestone) -> str:
    planned = word_day(row.planned_on) if row.planned_on else "–"
    if row.actual_on:
        about = {"planned": planned, "actual": word_day(row.actual_on)}
        return _("planned %(planned)s, happened %(actual)s") % about
    return _("planned %(planned)s") % {"planned": planned}


def _of_cut_off(call: Call, row: CutOff) -> str:
    return word_instant(row.at, call.zone)


def _of_side(call: Call, row: Side) -> str:
    return ", ".join(person.name or person.email for person in row.members.all()) or _("nobody yet")


def _of_reminder(call: Call, row: ReminderRule) -> str:
    words = days_in_words(row)
    return words if row.active else _("%(words)s; not sent") % {"words": words}


PARTS = {
    "criteria": Part(
        Criterion,
        CriterionForm,
        gettext_lazy("Criteria"),
        gettext_lazy("Add a criterion"),
        gettext_lazy("Reviewers have nothing to score by yet."),
        _of_criterion,
    ),
    "quotas": Part(
        Quota,
        QuotaForm,
        gettext_lazy("Quotas"),
        gettext_lazy("Add a quota"),
        gettext_lazy("Places go to any country."),
        _of_quota,
    ),
    "milestones": Part(
        Milestone,
        MilestoneForm,
        gettext_lazy("Milestones"),
        gettext_lazy("Add a milestone"),
        gettext_lazy("Nothing is announced beyond the deadline."),
        _of_milestone,
    ),
    "cut-offs": Part(
        CutOff,
        CutOffForm,
        gettext_lazy("Cut-off dates"),
        gettext_lazy("Add a cut-off date"),
        gettext_lazy("Only calls decided several times need them."),
        _of_cut_off,
    ),
    "sides": Part(
        Side,
        SideForm,
        gettext_lazy("Sides that decide"),
        gettext_lazy("Add a side"),
        gettext_lazy("Only calls that two sides decide need them."),
        _of_side,
    ),
    "reminders": Part(
        ReminderRule,
        ReminderForm,
        gettext_lazy("Reminders"),
        gettext_lazy("Add a reminder"),
        gettext_lazy("The portal reminds nobody of anything in this call."),
        _of_reminder,
    ),
}
