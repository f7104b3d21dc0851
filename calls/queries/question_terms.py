"""What a question asks for, said before anybody writes: type, limit, choices, columns, documents."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calls.models import Question
from calls.models.form import QuestionType, option_label
from calls.queries.deadlines import word_day
from calls.queries.document_slots import asked_of
from calls.queries.table_columns import TABLES, Cells, Column, columns_of
from cooperation.web.file_words import word_endings

CELLS = {
    Cells.TEXT: gettext_lazy("Some words"),
    Cells.CHOICE: gettext_lazy("One of the parties"),
    Cells.MONEY: gettext_lazy("An amount"),
    Cells.DATE: gettext_lazy("A day"),
    Cells.EMAIL: gettext_lazy("An address"),
    Cells.COUNT: gettext_lazy("A number"),
}


@dataclass(frozen=True)
class ColumnTerms:
    """One column of a table: its head, what a cell holds, and what may be chosen in it."""

    label: str
    words: str
    options: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Terms:
    """What kind of answer is asked for, and its conditions in short sentences."""

    kind: str
    notes: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    columns: list[ColumnTerms] = field(default_factory=list)


def terms_of(question: Question) -> Terms:
    """The terms of one question, in the reader's language; one query where themes are asked for."""
    return Terms(
        kind=capfirst(str(question.get_type_display())),
        notes=_notes(question),
        options=_options(question),
        columns=[_column(question, column) for column in columns_of(question, {})],
    )


def _options(question: Question) -> list[str]:
    if question.type == QuestionType.THEMES:
        return sorted(str(theme) for theme in question.section.call.themes.all())
    return [option_label(option) for option in question.options]


def _notes(question: Question) -> list[str]:
    if question.type == QuestionType.FILE:
        return _of_documents(question)
    if question.type == QuestionType.TEAM:
        return _of_team(question.settings)
    if question.type == QuestionType.BUDGET and (percent := question.section.call.grant_share_percent):
        return [_("The grant pays at most %(percent)s %% of the whole.") % {"percent": percent}]
    if question.limit:
        number = number_format(question.limit, use_l10n=True, force_grouping=True)
        return [_("At most %(number)s characters.") % {"number": number}]
    return []


def _of_documents(question: Question) -> list[str]:
    asked = asked_of(question, question.section)
    notes = [_("From each party.")] if asked.each_party else []
    notes.append(
        ngettext(
            "At most %(count)s file: %(endings)s.", "At most %(count)s files: %(endings)s.", asked.at_most
        )
        % {"count": asked.at_most, "endings": word_endings([sort.extension for sort in asked.accepts])}
    )
    if asked.signed:
        notes.append(_("You say who signed it, and when."))
    if asked.functions:
        names = "; ".join(label for _value, label in asked.functions)
        notes.append(_("Signed by: %(functions)s.") % {"functions": names})
    if asked.due_on:
        notes.append(_("May follow until %(day)s.") % {"day": word_day(asked.due_on)})
    return notes


def _of_team(settings: dict[str, Any]) -> list[str]:
    least, most = settings.get("minimum"), settings.get("maximum")
    if least and most:
        return [_("%(least)s to %(most)s people of each side.") % {"least": least, "most": most}]
    return [_("At least %(least)s people of each side.") % {"least": least}] if least else []


def _column(question: Question, column: Column) -> ColumnTerms:
    options = list(column.choices.values())
    if column.cells == Cells.CHOICE and options and question.type in TABLES:
        words = _("The city of a party, online or elsewhere") if column.key == "where" else _("One of")
        return ColumnTerms(column.label, words, [] if column.key == "where" else options)
    words = str(CELLS[column.cells])
    if column.cells == Cells.MONEY and (currency := question.section.call.currency):
        words = _("An amount in %(currency)s") % {"currency": currency}
    return ColumnTerms(
        column.label, words if column.required else _("%(words)s, or empty") % {"words": words}
    )
