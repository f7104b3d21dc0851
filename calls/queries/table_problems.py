"""What keeps a table from being submitted: each cell, with a sentence that names line and column."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import Question
from calls.models.form import QuestionType
from calls.queries.table_columns import AMOUNT, Cells, Column, Parties, Row, columns_of, rows_of
from calls.queries.tables import day_in

# A column, a sentence with places for the question and the line, and what else is named in it.
Point = tuple[str, str, dict[str, str]]


@dataclass(frozen=True)
class CellProblem:
    """What is wrong in one cell; `line` counts from 0."""

    line: int
    column: str
    sentence: str


def table_problems(question: Question, answer: Any, parties: Parties | None = None) -> list[CellProblem]:
    """Everything that keeps the table from being submitted. Without `parties` nobody is missing from them."""
    rows, columns = rows_of(answer), columns_of(question, parties or {})
    found = [
        CellProblem(line, column, sentence % {"question": question.label, "line": line + 1, **about})
        for line, row in enumerate(rows)
        for column, sentence, about in _of_row(row, columns, parties)
    ]
    if question.type == QuestionType.TEAM:
        found += [CellProblem(0, "name", sentence) for sentence in _of_sides(question, rows, parties)]
    return found


def _of_row(row: Row, columns: Sequence[Column], parties: Parties | None) -> Iterator[Point]:
    for column in columns:
        kept = str(row.get(column.key) or "")
        about = {"column": column.label, "value": kept[:40]}
        if not kept:
            if column.required:
                yield column.key, _("“%(question)s”, line %(line)s: fill in “%(column)s”."), about
        elif column.cells == Cells.CHOICE and _gone(column, kept, parties):
            sentence = _("“%(question)s”, line %(line)s: “%(value)s” is no longer offered. Choose again.")
            yield column.key, sentence, about
        elif column.cells == Cells.EMAIL and not _is_email(kept):
            sentence = _("“%(question)s”, line %(line)s: “%(value)s” is no e-mail address. Correct it.")
            yield column.key, sentence, about
    yield from _of_amounts(row, columns)
    yield from _of_days(row)


def _gone(column: Column, kept: str, parties: Parties | None) -> bool:
    """Parties are only judged when they are known; the options of the form always are."""
    named = column.key in ("party", "side", "where")
    return kept not in column.choices and not (named and parties is None)


def _of_amounts(row: Row, columns: Sequence[Column]) -> Iterator[Point]:
    money = [column for column in columns if column.key.startswith(AMOUNT)]
    if money and not any(row.get(column.key) for column in money):
        yield money[0].key, _("“%(question)s”, line %(line)s: write an amount."), {}


def _of_days(row: Row) -> Iterator[Point]:
    first, last = day_in(row.get("from")), day_in(row.get("to"))
    if first and last and last < first:
        sentence = _("“%(question)s”, line %(line)s: the last day is before the first. Correct one of them.")
        yield "to", sentence, {}


def _of_sides(question: Question, rows: Sequence[Row], parties: Parties | None) -> Iterator[str]:
    """Too few or too many people of a side."""
    least, most = question.settings.get("minimum"), question.settings.get("maximum")
    counts = Counter(str(row.get("side", "")) for row in rows)
    sides = parties or {key: key for key in counts if key}
    for key, name in sides.items():
        count = counts[key]
        about = {"question": question.label, "side": name, "count": count, "least": least, "most": most}
        if least and count < least:
            sentence = ngettext(
                "“%(question)s” names %(count)s person of %(side)s; at least %(least)s are needed.",
                "“%(question)s” names %(count)s people of %(side)s; at least %(least)s are needed.",
                count,
            )
            yield sentence % about
        elif most and count > most:
            sentence = _("“%(question)s” names %(count)s people of %(side)s; at most %(most)s may be named.")
            yield sentence % about


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
