"""Reminders of a call as staff fill them in: who, when, and whether they are sent."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.forms.wordings import PartForm
from calls.models import Call, ReminderRule
from calls.models.reminder import LATE, MOST_DAYS, Audience
from partnerships.models.reminder_days import MOST_DAYS as MOST_REPORT_DAYS

MOST_REMINDERS = 10  # of one report


class ReminderForm(PartForm):
    """One reminder: an audience and its days."""

    def __init__(self, data: Any = None, *, row: ReminderRule | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.row = row
        self.fields["audience"] = forms.ChoiceField(
            label=_("Who is reminded"),
            choices=Audience.choices,
            widget=forms.RadioSelect,
            initial=row.audience if row else None,
        )
        self.fields["days"] = forms.IntegerField(
            label=_("Days"),
            help_text=_("Before it is due; for reviews that are overdue, after it was."),
            min_value=0,
            max_value=MOST_DAYS,
            initial=row.days if row else None,
        )
        self.fields["repeat_days"] = forms.IntegerField(
            label=_("Again every so many days"),
            help_text=_("Only of reviews that are overdue. Empty: once."),
            min_value=1,
            max_value=MOST_DAYS,
            required=False,
            initial=row.repeat_days if row else None,
        )
        self.fields["active"] = forms.BooleanField(
            label=_("It is sent"),
            help_text=_("Not ticked, it is kept here and reminds nobody."),
            required=False,
            initial=row.active if row else True,
        )
        self.close_others()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        audience, days = data.get("audience"), data.get("days")
        if data.get("repeat_days") and audience not in (None, "", *LATE):
            self.add_error("repeat_days", _("Only overdue reviews are repeated. Leave this empty."))
        if days == 0 and audience not in (None, "", *LATE):
            self.add_error("days", _("At the due time it is too late. Choose 1 day or more."))
        rows = ReminderRule.objects.filter(call=self.call, audience=audience or "")
        if any(row.days == days and row.pk != getattr(self.row, "pk", None) for row in rows):
            self.add_error("days", _("The call has this reminder already. Choose another number of days."))
        return data

    @property
    def fields_of_part(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("audience", "days", "repeat_days", "active")}


class DaysField(forms.CharField):
    """Days before something is due, as "30, 7, -1": the earliest first, each once."""

    def to_python(self, value: Any) -> Any:
        words = [word for word in re.split(r"[\s,;]+", super().to_python(value) or "") if word]
        try:
            days = sorted({int(word) for word in words}, reverse=True)
        except ValueError as error:
            raise ValidationError(
                _("Write whole numbers with commas between them, such as 30, 7, -1.")
            ) from error
        if any(abs(day) > MOST_REPORT_DAYS for day in days):
            raise ValidationError(_("Choose days within a year: from -365 to 365."))
        if len(days) > MOST_REMINDERS:
            raise ValidationError(_("At most ten reminders. Take some out."))
        return days

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value


class ReportRemindersForm(PartForm):
    """What partnerships that the call founds begin with."""

    report_reminder_days = DaysField(
        label=gettext_lazy("Days before a report is due"),
        help_text=gettext_lazy(
            "Such as 30, 7, -1: a number below zero means days after. Empty: nobody is reminded."
            " Each partnership has days of its own from then on."
        ),
        max_length=100,
        required=False,
    )

    def __init__(self, data: Any = None, *, call: Call, **kwargs: Any) -> None:
        super().__init__(data, call=call, **kwargs)
        self.fields["report_reminder_days"].initial = call.report_reminder_days
        self.close_others()

    @property
    def fields_of_part(self) -> dict[str, Any]:
        return {"report_reminder_days": self.cleaned_data["report_reminder_days"]}
