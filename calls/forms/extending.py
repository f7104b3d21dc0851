"""An individual extension as staff type it, and the reference by which they find whose it is."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.forms.staff import NoteField
from calls.forms.wall_time import WallTimeField, WallTimesForm
from calls.models import Application


class ExtensionForm(WallTimesForm):
    """The new deadline as a wall time in the call's zone, and why."""

    wall_times = ("closes",)
    closes = WallTimeField(
        label=_("New deadline of this application"), error_messages={"required": _("Enter the new deadline.")}
    )
    reason = NoteField(
        label=_("Reason"),
        help_text=_("The applicant reads it."),
        error_messages={"required": _("Give the reason: the applicant reads it.")},
    )

    def __init__(self, *args: Any, application: Application, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, zone=application.call.zone, **kwargs)
        self.at = at
        about = {"city": application.call.zone_city}
        self.fields["closes"].help_text = _("Date and time on the clocks of %(city)s.") % about

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if (closes := data.get("closes")) and closes <= self.at:
            self.add_error("closes", _("This time has passed. Choose a later one."))
        return data


class FindApplication(forms.Form):
    """Whose deadline is extended: a draft is found by its whole reference only."""

    use_required_attribute = False
    reference = forms.CharField(
        label=_("Reference"),
        help_text=_("The whole reference, such as ICLD-2026-0147; the city finds it on its draft."),
        max_length=60,
        error_messages={"required": _("Enter the reference of the application.")},
    )
    found: Application | None = None

    def clean_reference(self) -> str:
        words = self.cleaned_data["reference"].strip().upper()
        rows = Application.objects.select_related("call__programme", "lead__city")
        self.found = rows.filter(reference=words).first()
        if self.found is None:
            raise forms.ValidationError(_("No application has this reference. Check it sign by sign."))
        return words
