"""One field for each sort of rule parameter. Each field's cleaned value is what the rule keeps, as JSON."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from calls.eligibility import Check, Sort
from calls.eligibility.parameters import ORGANISATION_KINDS
from calls.forms.country_field import CountriesField
from calls.forms.fields import DateAnswer
from calls.models import Call, Programme
from calls.queries.eligibility_terms import kind, spoken
from partnerships.models import Network, Theme

LONGEST_WORD = 60
LARGEST = 10**12  # more than any budget or city; larger numbers are mistakes
Choices = list[tuple[str, str]]

LABELS: Mapping[str, Any] = {
    "countries": gettext_lazy("Countries or territories"),
    "among": gettext_lazy("Counted only among these countries or territories"),
    "who": gettext_lazy("Whom the rule binds"),
    "combined": gettext_lazy("All parties count together"),
    "from_each_party": gettext_lazy("From each party"),
    "per_year": gettext_lazy("The cap is per year"),
    "maximum": gettext_lazy("At most"),
    "minimum": gettext_lazy("At least"),
    "maximum_percent": gettext_lazy("At most, percent"),
    "minimum_percent": gettext_lazy("At least, percent"),
    "evidence": gettext_lazy("Something has to show it"),
    "fact": gettext_lazy("Fact, as a short name"),
    "document": gettext_lazy("Sort of document, as a short name"),
    "allowed": gettext_lazy("Allowed"),
    "since": gettext_lazy("Since the day"),
    "months": gettext_lazy("Within so many months"),
    "passive": gettext_lazy("Roles that do not count"),
}
WHO: Mapping[str, Any] = {
    "lead": gettext_lazy("the lead"),
    "partners": gettext_lazy("each partner"),
    "all": gettext_lazy("every party"),
}


def label_of(name: str) -> str:
    """What a parameter is called on a form."""
    return str(LABELS.get(name) or spoken(name).capitalize())


@dataclass(frozen=True)
class Records:
    """The portal's records that parameters name, as choices: slug and name."""

    themes: Choices
    networks: Choices
    programmes: Choices
    calls: Choices

    @classmethod
    def current(cls) -> "Records":
        return cls(
            [(row.slug, str(row)) for row in Theme.objects.all()],
            [(row.slug, str(row)) for row in Network.objects.all()],
            [(row.slug, str(row)) for row in Programme.objects.all()],
            [(row.slug, row.title) for row in Call.objects.prefetch_related("texts")],
        )


class Words(forms.CharField):
    """Short names separated by commas or spaces; kept as a list."""

    def __init__(self, *, upper: bool = False, **settings: Any) -> None:
        super().__init__(**settings)
        self.upper = upper

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        words = [word for word in re.split(r"[\s,;]+", super().to_python(value) or "") if word]
        if long := next((word for word in words if len(word) > LONGEST_WORD), None):
            raise ValidationError(
                _("“%(word)s…” is too long for a short name. Separate the names by commas.")
                % {"word": long[:20]}
            )
        return list(dict.fromkeys(word.upper() if self.upper else word for word in words))


class Number(forms.DecimalField):
    """A number as JSON keeps it: whole where it is whole."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if isinstance(found, Decimal):
            return int(found) if found == found.to_integral_value() else float(found)
        return found


class Day(DateAnswer):
    """A day, or nothing at all."""

    def clean(self, value: Any) -> Any:
        return super().clean(value) or None


class Codes(Words):
    """Country codes such as SE, BW."""

    def to_python(self, value: Any) -> Any:
        codes, known = super().to_python(value), {code for code, _name in countries}
        if unknown := [code for code in codes if code not in known]:
            raise ValidationError(
                _("Not a country code: %(codes)s. Write codes of two letters, such as SE, BW.")
                % {"codes": ", ".join(unknown[:5])}
            )
        return codes


def field_of(
    name: str, check: Check, records: Records, *, optional: bool = False, kept: Any = None
) -> forms.Field:
    """The field for a parameter; blank only where that has a meaning. Chosen countries come first."""
    settings = {"label": label_of(name), "required": not (optional or check.blank)}
    if check.sort is Sort.COUNTRIES:
        return CountriesField(kept=kept or (), **settings)
    return BUILDERS[check.sort](check, settings, records)


def cell_of(name: str, check: Check, records: Records) -> forms.Field:
    """The field for one column of a table: narrow, and blank in a row that is not used."""
    settings = {"label": label_of(name), "required": False}
    if check.sort is Sort.COUNTRIES:
        return Codes(upper=True, **settings)
    return BUILDERS[check.sort](check, settings, records)


def _several(choices: Callable[[Check, Records], Choices]) -> Callable[..., forms.Field]:
    def build(check: Check, settings: dict[str, Any], records: Records) -> forms.Field:
        return forms.MultipleChoiceField(
            choices=choices(check, records), widget=forms.CheckboxSelectMultiple, **settings
        )

    return build


def _one(check: Check, settings: dict[str, Any], records: Records) -> forms.Field:
    choices = [(word, str(WHO.get(word) or spoken(word))) for word in check.choices]
    if not settings["required"]:
        choices = [("", "–"), *choices]
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **settings)


def _whole(check: Check, settings: dict[str, Any], records: Records) -> forms.Field:
    most = LARGEST if check.most is None else check.most
    return forms.IntegerField(min_value=check.least, max_value=most, **settings)


def _number(check: Check, settings: dict[str, Any], records: Records) -> forms.Field:
    most = LARGEST if check.most is None else check.most
    return Number(min_value=check.least, max_value=most, max_digits=15, decimal_places=2, **settings)


def _word(check: Check, settings: dict[str, Any], records: Records) -> forms.Field:
    hint = _("Small letters, figures and underscores, such as planning_tool.")
    return forms.CharField(max_length=LONGEST_WORD, empty_value=None, help_text=hint, **settings)


def _words(check: Check, settings: dict[str, Any], records: Records) -> forms.Field:
    return Words(help_text=_("Short names, separated by commas."), **settings)


def _currency(check: Check, settings: dict[str, Any], records: Records) -> forms.Field:
    return forms.CharField(max_length=3, help_text=_("Three letters, such as SEK."), **settings)


def _day(check: Check, settings: dict[str, Any], records: Records) -> forms.Field:
    return Day(help_text=_("Write it as 2027-03-15."), **settings)


def _flag(check: Check, settings: dict[str, Any], records: Records) -> forms.Field:
    return forms.BooleanField(**{**settings, "required": False})


BUILDERS: Mapping[Sort, Callable[[Check, dict[str, Any], Records], forms.Field]] = {
    Sort.KINDS: _several(lambda check, records: [(word, kind(word)) for word in ORGANISATION_KINDS]),
    Sort.THEMES: _several(lambda check, records: records.themes),
    Sort.NETWORKS: _several(lambda check, records: records.networks),
    Sort.PROGRAMMES: _several(lambda check, records: records.programmes),
    Sort.CALLS: _several(lambda check, records: records.calls),
    Sort.CHOICES: _several(lambda check, records: [(word, spoken(word)) for word in check.choices]),
    Sort.CHOICE: _one,
    Sort.LANGUAGES: _words,
    Sort.SLUGS: _words,
    Sort.SLUG: _word,
    Sort.NUMBER: _number,
    Sort.PERCENT: _number,
    Sort.WHOLE: _whole,
    Sort.CURRENCY: _currency,
    Sort.DATE: _day,
    Sort.FLAG: _flag,
}
