"""The settings of a selection, and of a what-if."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.queries.selection_input import CENTS, in_cents
from calls.selection.profile import Method, Pin, Quota, Settings, WhenShort

MOST_PLACES = 32_767
MOST_PINS = 100
METHODS = [
    (Method.LINE.value, gettext_lazy("Rank order, until places or money end")),
    (Method.OPTIMUM.value, gettext_lazy("The highest sum of scores within quotas and budget")),
]
WHEN_SHORT = [
    (WhenShort.STOP.value, gettext_lazy("End the list there")),
    (WhenShort.SKIP.value, gettext_lazy("Pass it over and go on")),
]


def _places(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=MOST_PLACES, help_text=help_text
    )


class SettingsForm(forms.Form):
    """How to select. Empty fields set no limit. `RARELY` names what a page folds away."""

    RARELY = ("when_short", "reviews_needed", "word", "leniency", "pins")
    places = _places(gettext_lazy("Places"), gettext_lazy("Empty: as many as the quotas give."))
    budget = forms.DecimalField(
        label=gettext_lazy("Budget"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text=gettext_lazy("Empty: money does not limit the list."),
    )
    pass_mark = forms.IntegerField(
        label=gettext_lazy("Pass mark, of 100"), required=False, min_value=0, max_value=100
    )
    reviews_needed = forms.IntegerField(
        label=gettext_lazy("Finished reviews that an application needs"), min_value=1, max_value=20
    )
    reserve_places = _places(gettext_lazy("Places on the reserve list"), gettext_lazy("Empty: all who pass."))
    method = forms.ChoiceField(label=gettext_lazy("How to select"), choices=METHODS, widget=forms.RadioSelect)
    when_short = forms.ChoiceField(
        label=gettext_lazy("When the budget does not cover the next in rank order"),
        choices=WHEN_SHORT,
        widget=forms.RadioSelect,
    )
    word = forms.CharField(
        label=gettext_lazy("Word for the lot"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Published where the lot decided: anybody can draw it again with it."),
    )

    def __init__(self, data: Any, *, now: Settings, currency: str = "") -> None:
        self.now = now
        super().__init__(data, initial=self._initial(now))
        if currency:
            self.fields["budget"].label = _("Budget in %(currency)s") % {"currency": currency}

    @staticmethod
    def _initial(now: Settings) -> dict[str, Any]:
        same = ("places", "pass_mark", "reviews_needed", "reserve_places")
        return {name: getattr(now, name) for name in same} | {
            "budget": None if now.budget is None else Decimal(now.budget) / CENTS,
            "method": now.method.value,
            "when_short": now.when_short.value,
            "word": now.salt,
        }

    @property
    def rare(self) -> list[forms.BoundField]:
        return [self[name] for name in self.RARELY if name in self.fields]

    @property
    def rare_wrong(self) -> bool:
        """Something folded away was refused, so that the fold stands open."""
        return any(name in self.errors for name in self.RARELY)

    @property
    def settings(self) -> Settings:
        """What was entered; what the form does not ask stays as it was."""
        given = self.cleaned_data
        return replace(
            self.now,
            places=given["places"],
            budget=in_cents(given["budget"]),
            pass_mark=given["pass_mark"],
            reviews_needed=given["reviews_needed"],
            reserve_places=given["reserve_places"],
            method=Method(given["method"]),
            when_short=WhenShort(given["when_short"]),
            salt=given["word"],
        )


class RunForm(SettingsForm):
    """A new list from the reviews as they are now."""

    leniency = forms.BooleanField(
        label=gettext_lazy("Correct each score by its reviewer’s leniency"),
        required=False,
        help_text=gettext_lazy("Leave it out to count the scores as they were given."),
    )
    pins = forms.CharField(
        label=gettext_lazy("Settled beforehand"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line: reference, “in” or “out”, and the reason."),
    )

    def clean_pins(self) -> tuple[Pin, ...]:
        lines = [line.split(maxsplit=2) for line in self.cleaned_data["pins"].splitlines() if line.strip()]
        found = {}
        for line in lines[: MOST_PINS + 1]:
            if len(line) < 3 or line[1].lower() not in ("in", "out"):
                raise forms.ValidationError(
                    _("Write each line as: reference, “in” or “out”, reason. This one is not: %(line)s")
                    % {"line": " ".join(line)}
                )
            found[line[0]] = Pin(line[0], line[1].lower() == "in", line[2])
        if len(found) < len(lines):
            raise forms.ValidationError(_("Settle each application once, and at most a hundred."))
        return tuple(found.values())

    @property
    def settings(self) -> Settings:
        return replace(super().settings, leniency=self.cleaned_data["leniency"])


class WhatIfForm(SettingsForm):
    """The same scores under other limits: the quotas can be changed too.

    `names`: those of quotas in the reader's language, by their frozen name.
    """

    def __init__(
        self,
        data: Any,
        *,
        now: Settings,
        quotas: Sequence[Quota],
        names: Mapping[str, str],
        currency: str = "",
    ) -> None:
        super().__init__(data, now=now, currency=currency)
        self.names = [names.get(quota.label, quota.label) for quota in quotas]
        self.quotas_now = quotas
        for number, quota in enumerate(quotas):
            for part, label in (("floor", _("at least")), ("ceiling", _("at most"))):
                field = forms.IntegerField(
                    label=_("%(quota)s, %(part)s") % {"quota": self.names[number], "part": label},
                    min_value=0,
                    max_value=MOST_PLACES,
                    initial=getattr(quota, part),
                )
                self.fields[f"{part}_{number}"] = field

    @property
    def quota_rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Each quota's name with its two fields, as one line of a table."""
        return [
            (name, self[f"floor_{number}"], self[f"ceiling_{number}"])
            for number, name in enumerate(self.names)
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for number, _quota in enumerate(self.quotas_now):
            floor, ceiling = given.get(f"floor_{number}"), given.get(f"ceiling_{number}")
            if floor is not None and ceiling is not None and floor > ceiling:
                self.add_error(f"floor_{number}", _("The least cannot be above the most."))
        return given

    @property
    def quotas(self) -> tuple[Quota, ...]:
        given = self.cleaned_data
        return tuple(
            replace(quota, floor=given[f"floor_{number}"], ceiling=given[f"ceiling_{number}"])
            for number, quota in enumerate(self.quotas_now)
        )
