"""What the quick check reads from its address: every answer optional, none ever kept."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from calls.forms.fields import DateAnswer, MonthsAnswer, NumberAnswer
from calls.models import Call
from calls.queries.check_questions import CITY, PARTNERS, STEP, SUMS, CheckQuestion


class CheckForm(forms.Form):
    """The answers of the check besides its cities, named by the keys of their questions."""

    def __init__(self, data: QueryDict, *, questions: Iterable[CheckQuestion]) -> None:
        super().__init__(data)
        self.questions = [question for question in questions if question.key not in (CITY, PARTNERS)]
        for question in self.questions:
            self.fields[question.key] = _field_of(question)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.form_show_labels = False

    def values(self) -> Mapping[str, Any]:
        """Question key -> answer, of those given and understood."""
        self.is_valid()
        read = {key: _value_of(key, value) for key, value in self.cleaned_data.items()}
        return {key: value for key, value in read.items() if value not in (None, "", [])}

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The answers that were understood, as a form hands them on unseen."""
        given: Any = self.data
        return [(key, value) for key in self.values() for value in given.getlist(key)]

    def facts(self, call: Call) -> dict[str, Any]:
        """The answers as fields of the engine's Facts. Sums are in the call's currency."""
        found: dict[str, Any] = {"currency": call.currency, "declared": {}, "prior_steps": {}}
        for question in self.questions:
            value = self.values().get(question.key)
            if value is None:
                continue
            if question.declared:
                found["declared"][question.declared] = value == "yes"
            elif question.step:
                found["prior_steps"][question.step] = value
            else:
                found[question.key] = frozenset(value) if question.key == "themes" else value
        return found


def _field_of(question: CheckQuestion) -> forms.Field:
    settings: dict[str, Any] = {"label": question.title, "required": False}
    if question.declared:
        return forms.ChoiceField(choices=question.options, widget=forms.RadioSelect, **settings)
    if question.key == "themes":
        return forms.MultipleChoiceField(
            choices=question.options, widget=forms.CheckboxSelectMultiple, **settings
        )
    narrow = {"autocomplete": "off", "class": "w-16"}
    if question.key == "duration_months":
        return MonthsAnswer(widget=forms.TextInput({**narrow, "inputmode": "numeric"}), **settings)
    if question.key in SUMS:
        hint = _("In %(currency)s. A rough figure will do.") % {"currency": question.unit}
        return NumberAnswer(
            widget=forms.TextInput({**narrow, "inputmode": "decimal"}), help_text=hint, **settings
        )
    hint = _("Write it as 2027-03-15.")
    if question.step:
        hint = _("The day on which it was done, such as 2026-03-15. Leave it empty when it is not done yet.")
    return DateAnswer(widget=forms.TextInput(narrow), help_text=hint, **settings)


def _value_of(key: str, value: Any) -> Any:
    if key in SUMS:
        return Decimal(value) if value else None
    is_day = key == "starts_on" or key.startswith(STEP)
    return date.fromisoformat(value) if is_day and value else value
