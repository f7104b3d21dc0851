"""An amendment as staff type it: why, in each language of the call, and which instants move."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.forms.staff import NoteField
from calls.forms.wall_time import WallTimeField, WallTimesForm
from calls.models import Call
from calls.queries.deadlines import word_instant
from calls.queries.enquiries import asked_until
from cooperation.web.languages import language_name


def add_reasons(form: forms.Form, call: Call) -> None:
    """One reason for each language of the call; the authoritative one is required."""
    for text in call.texts.all():
        form.fields[f"reason_{text.language}"] = NoteField(
            label=_("Reason, %(language)s") % {"language": language_name(text.language)},
            required=text.authoritative,
        )


def reasons_in(form: forms.Form) -> dict[str, str]:
    """Language -> reason, of those written. Only after validation."""
    return {
        name.removeprefix("reason_"): text.strip()
        for name, text in form.cleaned_data.items()
        if name.startswith("reason_") and text.strip()
    }


class AmendmentForm(WallTimesForm):
    """A numbered change to a published call: why, and perhaps new instants as wall times in its zone."""

    wall_times = ("closes", "questions")
    closes = WallTimeField(label=_("New deadline"), required=False)
    questions = WallTimeField(label=_("Questions until, new"), required=False)
    # how many amendments the page showed: nobody amends over one that they have not read
    seen = forms.IntegerField(min_value=0, max_value=32_000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, call: Call, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, zone=call.zone, **kwargs)
        self.call, self.at = call, at
        self.fields["closes"].help_text = _(
            "Date and time on the clocks of %(city)s. Leave it empty when the deadline stays."
        ) % {"city": call.zone_city}
        until = asked_until(call)
        self.fields["questions"].help_text = (
            _("Now: %(when)s. Leave it empty when this stays.") % {"when": word_instant(until, call.zone)}
            if until
            else _("Questions are taken as long as the call is open. Leave it empty when this stays.")
        )
        self.fields["seen"].initial = call.amendments.count()
        add_reasons(self, call)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name, sentence in (
            ("closes", _("This time has passed: the call would close at once. Check the year.")),
            ("questions", _("This time has passed: nobody could ask any more. Check the year.")),
        ):
            if (moment := data.get(name)) and moment <= self.at:
                self.add_error(name, sentence)
        return data

    @property
    def reasons(self) -> dict[str, str]:
        return reasons_in(self)
