"""Dates, settings, letters and texts of a call as staff fill them in."""

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BooleanField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.forms.wall_time import WallTimeField
from calls.forms.wordings import PartForm
from calls.models import Call, CallText
from calls.models.decision import Outcome

LONGEST_TEXT = 100_000  # characters
MOST_DAYS = 365


class _OfCall(PartForm):
    """Fields of the call itself, some of them times on the clocks of its zone."""

    def _time(self, name: str, label: Any, help_text: Any = "") -> WallTimeField:
        kept: datetime | None = getattr(self.call, name)
        initial = kept.astimezone(self.call.zone_info).replace(tzinfo=None) if kept else None
        return WallTimeField(label=label, help_text=help_text, required=False, initial=initial)

    def _instant(self, name: str) -> datetime | None:
        """The instant typed; one that was left as it is keeps its seconds, which the page does not show."""
        typed, kept = self.cleaned_data[name], getattr(self.call, name)
        return kept if kept and typed == kept.replace(second=0, microsecond=0) else typed


class DatesForm(_OfCall):
    """When the call opens and closes, and on which clocks."""

    wall_times = ("opens_at", "closes_at", "questions_until")
    zone_name = forms.CharField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Such as Europe/Stockholm. All times are on its clocks."),
        max_length=64,
    )
    opens_at = WallTimeField(label=gettext_lazy("Opens"))
    closes_at = WallTimeField(label=gettext_lazy("Closes"), required=False)
    questions_until = WallTimeField(label=gettext_lazy("Questions until"), required=False)

    def __init__(self, data: Any = None, *, call: Call, **kwargs: Any) -> None:
        typed = str(data.get("zone_name", "")).strip() if data else ""
        zone = typed if typed in available_timezones() else call.zone
        super().__init__(data, call=call, zone=zone, **kwargs)
        self.fields["zone_name"].initial = call.zone
        for name in self.wall_times:
            self.fields[name].initial = self._time(name, "").initial
        self.fields["closes_at"].help_text = _("Empty: no deadline.")
        self.fields["questions_until"].help_text = _("Empty: as long as the call is open.")
        self.close_others()

    def clean_zone_name(self) -> str:
        zone: str = self.cleaned_data["zone_name"]
        if zone not in available_timezones():
            raise ValidationError(_("No such time zone. Write it like Europe/Stockholm."))
        return zone

    @property
    def fields_of_part(self) -> dict[str, Any]:
        return {
            "zone": self.cleaned_data["zone_name"],
            **{name: self._instant(name) for name in self.wall_times},
        }


class SettingsForm(_OfCall):
    """How applications are reviewed, put in order, and answered."""

    NAMES = ("reviews_wanted", "pass_mark", "tie_break", "waiting_list", "reserve_places", "reserve_public")
    DAYS = ("acceptance_days", "complaint_days")
    wall_times = ("review_due_at", "discussion_at")
    review_due_at = WallTimeField(label=gettext_lazy("Reviews are due"), required=False)
    discussion_at = WallTimeField(label=gettext_lazy("Discussion begins"), required=False)

    def __init__(self, data: Any = None, *, call: Call, **kwargs: Any) -> None:
        super().__init__(data, call=call, **kwargs)
        for name in ("reviews_wanted", *self.wall_times, *self.NAMES[1:], *self.DAYS):
            self.fields[name] = self._of_model(name)
        times = [part for name in self.wall_times for part in (name, f"{name}_fold")]
        self.order_fields(["reviews_wanted", *times])
        self.close_others()

    def _of_model(self, name: str) -> forms.Field:
        field = next(row for row in Call._meta.concrete_fields if row.name == name)
        label, help_text = str(field.verbose_name).capitalize(), field.help_text
        if name in self.wall_times:
            return self._time(name, label, help_text)
        kept = getattr(self.call, name)
        if isinstance(field, BooleanField):
            return forms.BooleanField(label=label, help_text=help_text, required=False, initial=kept)
        if field.choices:
            return forms.ChoiceField(
                label=label,
                choices=field.choices,
                widget=forms.RadioSelect,
                initial=kept,
                help_text=help_text,
            )
        most = {"pass_mark": 100, "reviews_wanted": 20, "reserve_places": 10_000}.get(name, MOST_DAYS)
        return forms.IntegerField(
            label=label,
            help_text=help_text,
            min_value=0,
            max_value=most,
            required=not field.null,
            initial=kept,
        )

    def part_field(self, name: str) -> str:
        return name.removesuffix("_fold")

    @property
    def fields_of_part(self) -> dict[str, Any]:
        data = self.cleaned_data
        found = {name: data[name] for name in (*self.NAMES, *self.DAYS)}
        found |= {name: self._instant(name) for name in self.wall_times}
        return found


class LettersForm(PartForm):
    """A paragraph of the programme's own for each outcome and language."""

    def __init__(self, data: Any = None, *, call: Call, **kwargs: Any) -> None:
        super().__init__(data, call=call, **kwargs)
        for outcome in Outcome:
            kept = call.letters.get(outcome.value) or {}
            self.add_wording(f"letter_{outcome.value}", outcome.label, kept, required=False, long=True)
        self.close_others()

    def part_field(self, name: str) -> str:
        return "letters"

    @property
    def fields_of_part(self) -> dict[str, Any]:
        said = {outcome.value: self.wording(f"letter_{outcome.value}") for outcome in Outcome}
        others = {name: words for name, words in self.call.letters.items() if name not in said}
        return {"letters": {**others, **{name: words for name, words in said.items() if words}}}


class TextForm(PartForm):
    """The call in one language."""

    LINES = ("title", "with_whom", "money", "duration")

    def __init__(self, data: Any = None, *, text: CallText | None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name in ("title", "summary", "body", "with_whom", "money", "duration"):
            self.fields[name] = self._of_model(name, getattr(text, name) if text else "")
        self.fields["authoritative"] = forms.BooleanField(
            label=_("This text decides when languages differ"),
            required=False,
            initial=text.authoritative if text else not self.call.texts.all(),
        )
        self.close_others()

    def _of_model(self, name: str, kept: str) -> forms.Field:
        field = next(row for row in CallText._meta.concrete_fields if row.name == name)
        label = str(field.verbose_name).capitalize()
        options: dict[str, Any] = {"initial": kept, "required": not field.blank}
        if name in self.LINES:
            line = forms.CharField(label=label, max_length=field.max_length, **options)
            line.widget.attrs.pop("maxlength", None)
            return line
        rows = 18 if name == "body" else 4
        return forms.CharField(
            label=label,
            help_text=field.help_text,
            max_length=LONGEST_TEXT,
            widget=forms.Textarea({"rows": rows, "maxlength": None}),
            **options,
        )

    @property
    def fields_of_part(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
