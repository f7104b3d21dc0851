"""Fields for times on the clocks of a zone; where a clock repeats an hour, the form asks which is meant."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from calls.operations.status import NotPossible
from calls.operations.wall_clock import RepeatedTime, fold_of, instant
from calls.queries.deadlines import word_day, word_offset, word_time


class WallTimeField(forms.DateTimeField):
    """A date and a time as the clock on the wall shows them; its value has no zone."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**{"widget": widget, **kwargs})

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        return found.replace(tzinfo=None) if isinstance(found, datetime) else found


class WallTimePair(forms.SplitDateTimeField):
    """The same in two fields, as the admin shows it."""

    def compress(self, data_list: Any) -> datetime | None:
        if not data_list:
            return None
        for part, code in zip(data_list, ("invalid_date", "invalid_time"), strict=False):
            if part in self.empty_values:
                raise ValidationError(self.error_messages[code], code=code)
        return datetime.combine(*data_list)


def fold_field(both: RepeatedTime) -> forms.TypedChoiceField:
    """The question which of two equal times is meant: "first 02:30 (UTC+2)" or "second 02:30 (UTC+1)"."""
    words = (_("first %(time)s (%(offset)s)"), _("second %(time)s (%(offset)s)"))
    choices = [
        (fold, sentence % {"time": word_time(moment), "offset": word_offset(moment)})
        for fold, (sentence, moment) in enumerate(zip(words, both.instants, strict=True))
    ]
    moment = both.instants[0]
    label = _("Which %(time)s on %(day)s?") % {"time": word_time(moment), "day": word_day(moment)}
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": str(both)},
    )


def repeated(fields: Mapping[str, tuple[forms.Field, Any]], zone: str) -> dict[str, forms.TypedChoiceField]:
    """The fold fields that typed times ask for, by name; `fields` gives each field with its raw value."""
    found = {}
    for name, (field, raw) in fields.items():
        try:
            if wall := field.clean(raw):
                instant(wall.replace(tzinfo=None), zone)
        except RepeatedTime as both:
            found[f"{name}_fold"] = fold_field(both)
        except (ValidationError, NotPossible, ValueError, OverflowError):
            continue  # said where the field itself is cleaned
    return found


def read_wall_times(form: forms.BaseForm, names: Iterable[str], zone: str) -> None:
    """In a form's `clean`: put an instant in place of each wall time, or say what is wrong with it."""
    data = form.cleaned_data
    for name in names:
        wall = data.get(name)
        if wall is None or _waits(form, f"{name}_fold"):
            data[name] = None
            continue
        try:
            data[name] = instant(wall, zone, fold=data.get(f"{name}_fold"))
        except NotPossible as refusal:
            form.add_error(name, str(refusal))


def _waits(form: forms.BaseForm, fold: str) -> bool:
    """Whether the form asks which time is meant and has no answer; the missing answer is said there."""
    return fold in form.fields and form.fields[fold].required and form.cleaned_data.get(fold) is None


class WallTimesForm(forms.Form):
    """A form with `wall_times` on the clocks of a zone. Cleaned, each is an instant."""

    wall_times: tuple[str, ...] = ()

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self._ask_which()

    def _ask_which(self) -> None:
        """Right after each time that happens twice comes the question which is meant."""
        typed = {name: (self.fields[name], self._raw(name)) for name in self.wall_times} if self.data else {}
        asked = repeated(typed, self.zone)
        for name in list(self.fields):
            field = self.fields.pop(name)
            self.fields[name] = field
            if fold := asked.get(f"{name}_fold"):
                self.fields[f"{name}_fold"] = fold

    def _raw(self, name: str) -> Any:
        """What was typed; not by way of `self[name]`, which would keep the field as it is before its help."""
        return self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        read_wall_times(self, self.wall_times, self.zone)
        return data


def initial_fold(moment: datetime | None, zone: str) -> int | None:
    """Which of two equal times an instant is, to show it again."""
    return fold_of(moment, zone) if moment else None
