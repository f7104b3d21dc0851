"""A request for correction as staff put it together: reasons that combine, a comment, and until when."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.forms.staff import NoteField
from calls.forms.wall_time import WallTimeField, WallTimesForm
from calls.models import Application
from calls.operations.wall_clock import in_days
from calls.queries.correction_reasons import OTHER, REASONS

DAYS_GIVEN = 7


class CorrectionForm(WallTimesForm):
    """The reasons, the comment, the due date on the call's clocks, and the version that the reader saw."""

    wall_times = ("due",)
    reasons = forms.MultipleChoiceField(
        label=_("What to correct"),
        help_text=_(
            "Choose all that apply. Each adds its sentence to the message, in the reader’s language."
        ),
        choices=[(key, reason.label) for key, reason in REASONS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one reason.")},
    )
    note = NoteField(
        label=_("Comment"),
        help_text=_("Which document, which sum, which answer. It is not translated."),
        required=False,
    )
    due = WallTimeField(
        label=_("To be submitted again by"),
        error_messages={"required": _("Enter until when the city has time.")},
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, application: Application, at: datetime) -> None:
        call = application.call
        initial = {"due": in_days(call.day_of(at), DAYS_GIVEN, "23:59"), "version": application.version}
        super().__init__(data, zone=call.zone, initial=initial)
        self.at = at
        about = {"city": call.zone_city}
        self.fields["due"].help_text = _("Date and time on the clocks of %(city)s.") % about

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if (due := data.get("due")) and due <= self.at:
            self.add_error("due", _("This time has passed. Choose a later one."))
        if (
            OTHER in data.get("reasons", [])
            and not data.get("note", "").strip()
            and "note" not in self.errors
        ):
            self.add_error("note", _("Say in the comment what else is to be corrected."))
        return data
