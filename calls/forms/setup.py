"""Fields and checks for setting up programmes and calls by hand in the admin: nothing unsound is stored."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calls.forms.wall_time import WallTimePair, initial_fold, read_wall_times, repeated
from cooperation.web.admin_input import SoundJSONField

# Names of JSON fields that hold one text per language.
WORDINGS = frozenset({"names", "summaries", "objectives", "labels", "hints", "titles", "clauses", "reasons"})


class WordingField(SoundJSONField):
    """One text per language, such as {"en": "Waste", "sv": "Avfall"}."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value in self.empty_values:
            return
        sound = isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
        if not sound:
            raise ValidationError(_('Write one text per language, such as {"en": "Waste"}.'))
        known = {code for code, _label in settings.LANGUAGES} | {"pt"}
        if unknown := ", ".join(sorted(set(value) - known)):
            raise ValidationError(_("Not a language of the portal: %(codes)s.") % {"codes": unknown})


def json_field_of(field: models.JSONField) -> type[forms.JSONField]:
    """The form field for a model's JSON field."""
    return WordingField if field.name in WORDINGS else SoundJSONField


class ZoneCheck(forms.ModelForm):
    """A form whose `zone` is a time zone that exists."""

    def clean_zone(self) -> str:
        zone = self.cleaned_data["zone"]
        if zone not in available_timezones():
            raise ValidationError(_("No such time zone. Write it like Europe/Stockholm."))
        return zone


class CallForm(ZoneCheck):
    """A call whose times are read on the clocks of its zone."""

    TIMES = ("opens_at", "closes_at", "questions_until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        call = self.instance
        for name in self.TIMES:
            if f"{name}_fold" in self.fields:
                self.fields[f"{name}_fold"].initial = initial_fold(getattr(call, name), call.zone)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if zone := data.get("zone"):
            read_wall_times(self, [name for name in self.TIMES if name in data], zone)
        else:
            for name in self.TIMES:
                data.pop(name, None)
        return data


def ask_which(form: type[CallForm], typed: Mapping[str, list[str]], zone: str) -> type[CallForm]:
    """The form with a question for each time, as day and hour, that its zone shows twice."""
    fields = {name: (WallTimePair(required=False), typed[name]) for name in CallForm.TIMES if name in typed}
    asked = repeated(fields, zone) if zone in available_timezones() else {}
    return type(form.__name__, (form,), asked) if asked else form


class CutOffForm(forms.ModelForm):
    """A cut-off date on the clocks of the call's zone, which the page reads as the current one."""

    at_fold = forms.TypedChoiceField(
        label=_("If the clock shows it twice"),
        choices=[("", "–"), (0, _("the first")), (1, _("the second"))],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = timezone.get_current_timezone_name()
        self.fields["at_fold"].initial = initial_fold(self.instance.at, zone) or None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "at" in data:
            read_wall_times(self, ["at"], timezone.get_current_timezone_name())
        return data


class TextFormSet(forms.BaseInlineFormSet):
    """The language versions of a call; exactly one is authoritative."""

    def clean(self) -> None:
        super().clean()
        rows = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        kept = [row for row in rows if not row.get("DELETE")]
        if kept and sum(bool(row.get("authoritative")) for row in kept) != 1:
            raise ValidationError(_("Mark exactly one language version as authoritative."))
