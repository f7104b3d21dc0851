"""The form of one section, built from its questions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from calls.forms.bound_table import posted_rows
from calls.forms.fields import (
    ChoiceAnswer,
    ChoicesAnswer,
    CityAnswer,
    DateAnswer,
    DocumentAnswer,
    MonthsAnswer,
    NumberAnswer,
    TextAnswer,
)
from calls.forms.tables import TableAnswer
from calls.models import Application, Question, Section
from calls.models.form import QuestionType, option_label
from calls.queries.answers import PREFIX, is_blank, parties_in
from calls.queries.clock import database_now
from calls.queries.document_rows import QuestionRows, question_rows
from calls.queries.document_slots import slots_of
from calls.queries.table_columns import TABLES, Parties, columns_of, rows_of
from partnerships.models import Theme

Settings = dict[str, Any]


@dataclass(frozen=True)
class Surroundings:
    """What fields need to know of the application: themes and parties to choose from, answers kept before."""

    themes: list[tuple[str, str]] = field(default_factory=list)
    parties: Parties = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict)
    documents: Mapping[str, QuestionRows] = field(default_factory=dict)


class SectionForm(forms.Form):
    """Fields named by question keys. Blank is fine; over-long is kept; what cannot be read is an error."""

    use_required_attribute = False

    def __init__(self, data: QueryDict | None = None, *, initial: Mapping[str, Any]) -> None:
        self.cleansed: set[str] = set()
        super().__init__(data and self._without_nul(data), prefix=PREFIX, initial=dict(initial))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.include_media = False  # the page names its scripts once, at its end

    def _without_nul(self, data: QueryDict) -> QueryDict:
        """The database cannot keep NUL characters: take them out, and remember where they were."""
        found = {name for name, values in data.lists() if any("\x00" in value for value in values)}
        if not found:
            return data
        clean = data.copy()
        for name in found:
            clean.setlist(name, [value.replace("\x00", "") for value in data.getlist(name)])
        self.cleansed = found
        return clean

    def clean(self) -> dict[str, Any]:
        for name in self.fields:
            posted = self.add_prefix(name)
            if any(found == posted or found.startswith(f"{posted}-") for found in self.cleansed):
                self.add_error(name, ValidationError(_(
                    "This answer held a character that cannot be kept, often pasted in from another program. "
                    "It is taken out below. Read the answer and save again."
                )))  # fmt: skip
        return self.cleaned_data

    @property
    def answers(self) -> dict[str, Any]:
        """Question key -> answer; only of a valid form. A blank answer is None."""
        return {key: None if is_blank(value) else value for key, value in self.cleaned_data.items()}


def section_form(
    section: Section,
    application: Application,
    data: QueryDict | None = None,
    initial: Mapping[str, Any] | None = None,
) -> SectionForm:
    """The form of a section, bound to what was typed or filled with what is kept."""
    questions = list(section.questions.all())
    kept = application.answers if initial is None else initial
    asked = {question.type for question in questions}
    around = Surroundings(
        themes=_themes(application) if QuestionType.THEMES in asked else [],
        parties=parties_in(application, [section]),
        kept=application.answers,
        documents=_documents(application, section) if QuestionType.FILE in asked else {},
    )
    fields = {question.key: field_for(question, around) for question in questions}
    form_class = type("FormOfSection", (SectionForm,), fields)
    return form_class(data, initial={question.key: kept.get(question.key) for question in questions})


def posted_as(question: Question, answer: Any) -> list[tuple[str, str]]:
    """A kept answer as the names and values under which its field posts it."""
    name = f"{PREFIX}-{question.key}"
    if question.type in TABLES:
        return posted_rows(name, rows_of(answer))
    values = answer if isinstance(answer, list) else [] if is_blank(answer) else [answer]
    return [(name, str(value)) for value in values]


def field_for(question: Question, around: Surroundings) -> forms.Field:
    """The field that reads a question's answer."""
    settings = {"label": question.label, "help_text": question.hint, "required": question.required}
    return BUILDERS[QuestionType(question.type)](question, settings, around)


def _text(question: Question, settings: Settings, around: Surroundings) -> forms.Field:
    attrs = {"data-limit": question.limit} if question.limit else {}
    if question.type == QuestionType.LONG_TEXT:
        rows = 12 if (question.limit or 0) > 2000 else 7
        return TextAnswer(widget=forms.Textarea({**attrs, "rows": rows}), **settings)
    return TextAnswer(widget=forms.TextInput(attrs), **settings)


def _number(question: Question, settings: Settings, around: Surroundings) -> forms.Field:
    attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "w-16"}
    return NumberAnswer(widget=forms.TextInput(attrs), **settings)


def _months(question: Question, settings: Settings, around: Surroundings) -> forms.Field:
    return MonthsAnswer(widget=forms.TextInput({"inputmode": "numeric", "class": "w-4"}), **settings)


def _date(question: Question, settings: Settings, around: Surroundings) -> forms.Field:
    how = _("Write it as 2027-03-15.")
    settings["help_text"] = f"{settings['help_text']} {how}".strip()
    return DateAnswer(widget=forms.TextInput({"class": "w-8", "autocomplete": "off"}), **settings)


def _yes_no(question: Question, settings: Settings, around: Surroundings) -> forms.Field:
    choices = [("yes", pgettext("answer", "Yes")), ("no", pgettext("answer", "No"))]
    return ChoiceAnswer(choices=choices, **settings)


def _choice(question: Question, settings: Settings, around: Surroundings) -> forms.Field:
    choices = [(option["value"], option_label(option)) for option in question.options]
    kind = ChoicesAnswer if question.type == QuestionType.CHOICES else ChoiceAnswer
    return kind(choices=choices, **settings)


def _theme_choices(question: Question, settings: Settings, around: Surroundings) -> forms.Field:
    return ChoicesAnswer(choices=around.themes, **settings)


def _city(question: Question, settings: Settings, around: Surroundings) -> forms.Field:
    how = _("With its country where several share the name: “Rosario, Argentina”.")
    settings["help_text"] = f"{settings['help_text']} {how}".strip()
    return CityAnswer(widget=forms.TextInput({"class": "w-24", "autocomplete": "off"}), **settings)


def _table(question: Question, settings: Settings, around: Surroundings) -> forms.Field:
    columns = columns_of(question, around.parties)
    return TableAnswer(question=question, columns=columns, kept=around.kept.get(question.key), **settings)


def _file(question: Question, settings: Settings, around: Surroundings) -> forms.Field:
    return DocumentAnswer(rows=around.documents.get(question.key), **settings)


BUILDERS: dict[QuestionType, Callable[[Question, Settings, Surroundings], forms.Field]] = {
    QuestionType.TEXT: _text,
    QuestionType.LONG_TEXT: _text,
    QuestionType.NUMBER: _number,
    QuestionType.MONEY: _number,
    QuestionType.MONTHS: _months,
    QuestionType.DATE: _date,
    QuestionType.YES_NO: _yes_no,
    QuestionType.CHOICE: _choice,
    QuestionType.CHOICES: _choice,
    QuestionType.THEMES: _theme_choices,
    QuestionType.CITY: _city,
    QuestionType.BUDGET: _table,
    QuestionType.ACTIVITIES: _table,
    QuestionType.TEAM: _table,
    QuestionType.FILE: _file,
}


def _themes(application: Application) -> list[tuple[str, str]]:
    """The call's themes; all themes where the call names none."""
    rows = list(application.call.themes.all()) or list(Theme.objects.all())
    return sorted(((row.slug, str(row)) for row in rows), key=lambda pair: pair[1])


def _documents(application: Application, section: Section) -> dict[str, QuestionRows]:
    """What is attached, by the question it answers."""
    at = database_now()
    found = question_rows(application, slots_of(application, at, [section]), at)
    return {rows.rows[0].slot.asked.question.key: rows for rows in found}
