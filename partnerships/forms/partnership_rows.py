"""What members write down about their partnership: milestones, figures, people, stories, budget lines."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Choices
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cooperation.web.readable import ReadableForm
from partnerships.forms.city_fields import CountField, DayField, LinkField, YearField, long_text, short_text
from partnerships.models import City, Partnership
from partnerships.models.milestone import MilestoneKind
from partnerships.models.partnership import ExchangeDirection, ExchangedPeople
from partnerships.models.wording import localise, reword
from partnerships.queries.portfolio import city_of

LONGEST_TEXT = 5000
NUMBER = {"invalid": _("Write a number, such as 1250.50."), "max_digits": _("This number is too long.")}
NOT_NEGATIVE = _("Write 0 or more.")


def sentences(kinds: type[Choices]) -> Callable[[], list[tuple[str, str]]]:
    """The choices of a model's field as a form shows them: each begins with a capital letter."""
    return lambda: [(str(value), capfirst(str(label))) for value, label in kinds.choices]


class AmountField(forms.DecimalField):
    """A sum or a figure with at most two decimals; a comma and blanks are read as people mean them."""

    def __init__(self, *, digits: int = 12, **kwargs: Any) -> None:
        messages = {
            **NUMBER,
            "max_whole_digits": NUMBER["max_digits"],
            "max_decimal_places": _("At most two decimals."),
            "min_value": NOT_NEGATIVE,
            **kwargs.pop("error_messages", {}),
        }
        widget = forms.TextInput({"inputmode": "decimal", "class": "w-8"})
        super().__init__(
            max_digits=digits, decimal_places=2, widget=widget, error_messages=messages, **kwargs
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = value.replace(" ", "").replace("\u202f", "").replace("\u00a0", "")[:30]
            value = value.replace(",", ".") if "." not in value else value.replace(",", "")
        found = super().to_python(value)
        return found if found is None or found.is_finite() else super().to_python("x")


class RowForm(ReadableForm):
    """A form of one row of a partnership; `said_in` is the row as the form shows it, `facts` what is kept."""

    def __init__(self, data: Any = None, *, partnership: Partnership, row: Any = None, **kwargs: Any) -> None:
        self.partnership, self.row = partnership, row
        if row is not None:
            kwargs["initial"] = self.said_in(row)
        super().__init__(data, **kwargs)

    @classmethod
    def said_in(cls, row: Any) -> dict[str, Any]:
        return {name: getattr(row, name) for name in cls.base_fields if hasattr(row, name)}

    @property
    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

    def beside(self, current: Any) -> list[tuple[str, str, str]]:
        """Where the kept row differs from what was typed: label, mine, theirs."""
        kept, found = self.said_in(current), []
        for field in self:
            mine, theirs = str(field.value() or ""), _words(field, kept.get(field.name))
            if mine != theirs:
                found.append((str(field.label), mine, theirs))
        return found


def _words(field: forms.BoundField, value: Any) -> str:
    shown = field.field.prepare_value(value)
    return "" if shown in (None, False) else str(shown)


class MilestoneForm(RowForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=sentences(MilestoneKind))
    label = short_text(
        label=_("What"), max_length=200, error_messages={"required": _("Say what is planned.")}
    )
    planned_on = DayField(label=_("Planned for"), required=False)
    actual_on = DayField(label=_("Happened on"), required=False)
    place = short_text(label=_("Where"), required=False, max_length=200)
    host: Any = forms.ModelChoiceField(
        label=_("Hosted by"), queryset=None, required=False, empty_label=_("Nobody in particular")
    )
    online_link = LinkField(
        label=_("Link to take part online"), required=False, help_text=_("Only members see it.")
    )
    dropped_reason = short_text(
        label=_("It does not take place, because"),
        required=False,
        max_length=500,
        help_text=_("Leave this empty while it is planned."),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        present = self.partnership.members.present().select_related("city", "organisation")
        self.fields["host"].queryset = present  # type: ignore[attr-defined]

    @classmethod
    def said_in(cls, row: Any) -> dict[str, Any]:
        return {**super().said_in(row), "label": localise(row.labels)}

    @property
    def facts(self) -> dict[str, Any]:
        facts = dict(self.cleaned_data)
        facts["labels"] = reword(self.row.labels if self.row else {}, facts.pop("label"))
        return facts


class IndicatorForm(RowForm):
    label = short_text(
        label=_("What is counted"), max_length=200, error_messages={"required": _("Say what is counted.")}
    )
    sdg = forms.TypedChoiceField(
        label=_("Sustainable Development Goal"), required=False, coerce=int, empty_value=None
    )
    unit = forms.CharField(
        label=_("Unit"), required=False, max_length=40, widget=forms.TextInput({"class": "w-8"}),
        help_text=_("Such as tonnes, % or people."),
    )  # fmt: skip
    baseline = AmountField(label=_("At the start"), required=False, digits=14)
    target = AmountField(label=_("Target"), required=False, digits=14)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        goals = [(str(number), _("Goal %(number)s") % {"number": number}) for number in range(1, 18)]
        self.fields["sdg"].choices = [("", _("None")), *goals]  # type: ignore[attr-defined]


class MeasurementForm(ReadableForm):
    value = AmountField(label=_("Value"), digits=14, error_messages={"required": _("Write the value.")})
    on = DayField(label=_("Measured on"))


class StoryForm(RowForm):
    title = short_text(label=_("Title"), max_length=200, error_messages={"required": _("Give it a title.")})
    text = long_text(LONGEST_TEXT, rows=8, label=_("Text"), help_text=_("What changed, and for whom."))
    link = LinkField(label=_("Link"), required=False)


class BudgetLineForm(RowForm):
    label = short_text(label=_("Line"), max_length=200, error_messages={"required": _("Name the line.")})
    amount = AmountField(label=_("Amount"), min_value=0)
    currency = forms.RegexField(
        "^[A-Z]{3}$",
        label=_("Currency"),
        widget=forms.TextInput({"class": "w-4", "maxlength": 3, "autocomplete": "off"}),
        help_text=_("Three letters, such as EUR or SEK."),
        error_messages={"invalid": _("Write three capital letters, such as EUR.")},
    )


class ExchangeForm(RowForm):
    """People who went from one city to another, told from one of them."""

    sort = forms.ChoiceField(label=_("Who"), choices=sentences(ExchangedPeople))
    people = CountField(label=_("How many"), most=100_000)
    city: Any = forms.ModelChoiceField(
        label=_("City"),
        queryset=None,
        empty_label=_("Choose a city"),
        help_text=_("The page of this city shows them, too."),
    )
    direction = forms.ChoiceField(
        label=_("Did it send or receive them?"), choices=sentences(ExchangeDirection)
    )
    other_city: Any = forms.ModelChoiceField(
        label=_("To or from"), queryset=None, required=False, empty_label=_("Elsewhere")
    )
    subject = short_text(label=_("On what"), max_length=200)
    since_year = YearField(label=_("Year"), required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        rows = self.partnership.members.select_related("city", "organisation__city")
        cities = City.objects.filter(pk__in=[city.pk for row in rows if (city := city_of(row))])
        for name in ("city", "other_city"):
            self.fields[name].queryset = cities  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        said = super().clean()
        if said.get("city") and said.get("city") == said.get("other_city"):
            self.add_error("other_city", _("Choose another city than the first."))
        return said

    @property
    def facts(self) -> dict[str, Any]:
        facts = dict(self.cleaned_data)
        other = facts["other_city"]
        facts["fields"] = {get_language() or "en": [facts.pop("subject")]}
        return {**facts, "country": other.country.code if other else ""}
