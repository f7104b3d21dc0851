"""Questions answered in a table: read cell by cell, drawn with whatever was typed, lines added and removed.

A cell is posted as `<field>-<line>-<column>`; `<field>-lines` says how many lines the page showed. Lines that
hold nothing are left out. Buttons named `table` rearrange the page without saving, for readers without
JavaScript: their value is a verb, a field and, to remove one, a line.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.http import QueryDict
from django.utils.translation import gettext as _

from calls.forms.bound_table import BoundBudget, BoundTable, Reading
from calls.forms.fields import DateAnswer, NumberAnswer
from calls.models import Question
from calls.models.form import QuestionType
from calls.queries.table_columns import MOST_ROWS, Cells, Column, Row, rows_of

LONGEST_CELL = 1_000
LARGEST_COUNT = 120
CHANGE = re.compile(
    r"(?P<verb>add|remove|recalculate):(?P<name>[\w-]{1,80}?)(?::(?P<line>\d{1,4}))?", re.ASCII
)


class TableWidget(forms.Widget):
    """Finds a table's cells among what was posted; templates/portal/table.html draws them."""

    use_fieldset = True

    class Media:
        js = [Script("js/tables.js", defer=True)]

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = columns

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, str]]:
        """One dict of typed texts for each line that holds any, in the order of the lines."""
        known = {column.key for column in self.columns}
        cell = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-(.+)", re.ASCII)
        found: dict[int, dict[str, str]] = {}
        for posted in data:
            if (match := cell.fullmatch(posted)) and match[2] in known and str(data[posted]).strip():
                found.setdefault(int(match[1]), {})[match[2]] = str(data[posted])
        return [found[line] for line in sorted(found)]

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}-0-{self.columns[0].key}" if id_ else id_


class TableAnswer(forms.Field):
    """A table of at most 60 lines; its cleaned value is the rows to keep."""

    def __init__(self, *, question: Question, columns: Sequence[Column], kept: Any, **options: Any) -> None:
        super().__init__(widget=TableWidget(columns), **options)
        self.question, self.columns = question, columns
        # What was once chosen may be kept although it is no longer offered.
        self.known = {
            column.key: {str(row.get(column.key, "")) for row in rows_of(kept)} for column in columns
        }

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundTable:
        kind = BoundBudget if self.question.type == QuestionType.BUDGET else BoundTable
        return kind(form, self, field_name)

    def prepare_value(self, value: Any) -> list[Row]:
        return rows_of(value)

    def clean(self, value: Any) -> list[Row]:
        reading = self.read(rows_of(value))
        if len(reading.rows) > MOST_ROWS:
            about = {"count": len(reading.rows), "most": MOST_ROWS}
            raise ValidationError(
                _("%(count)s lines are more than the %(most)s a table can keep. Put some of them together.")
                % about
            )
        if reading.errors:
            raise ValidationError([ValidationError(sentence) for sentence in reading.errors.values()])
        return reading.rows

    def read(self, typed: Sequence[Row]) -> Reading:
        """Each cell as it is kept; a cell that cannot be read is left out and named."""
        reading = Reading()
        for line, row in enumerate(typed):
            kept: dict[str, str] = {}
            for column in self.columns:
                try:
                    value = self._cell(column, row.get(column.key, ""))
                except ValidationError as wrong:
                    about = {"line": line + 1, "column": column.label, "problem": wrong.messages[0]}
                    reading.beside[line, column.key] = wrong.messages[0]
                    reading.errors[line, column.key] = _("Line %(line)s, %(column)s: %(problem)s") % about
                else:
                    kept |= {column.key: value} if value else {}
            reading.rows.append(kept)
        return reading

    def _cell(self, column: Column, typed: str) -> str:
        if column.cells == Cells.MONEY:
            return str(NumberAnswer(required=False).clean(typed))
        if column.cells == Cells.DATE:
            return str(DateAnswer(required=False).clean(typed))
        text = typed.strip()
        if column.cells == Cells.CHOICE and text and text not in {*column.choices, *self.known[column.key]}:
            raise ValidationError(_("Choose one of the answers in the list."))
        if column.cells == Cells.COUNT and text:
            return _count(text)
        if len(text) > LONGEST_CELL:
            about = {"length": f"{len(text):,}", "most": f"{LONGEST_CELL:,}"}
            raise ValidationError(
                _("This text has %(length)s characters; a cell keeps %(most)s. Shorten it.") % about
            )
        return text.replace("\r\n", "\n").replace("\r", "\n")


def _count(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) > LARGEST_COUNT:
        raise ValidationError(_("“%(typed)s” is not a number of years.") % {"typed": text[:40]})
    return str(int(text))


def rearranged(data: QueryDict) -> QueryDict | None:
    """What was posted, with the lines a `table` button asks for; None when no such button was pressed."""
    match = CHANGE.fullmatch(data.get("table", ""))
    if match is None:
        return None
    changed = data.copy()
    name = match["name"]
    shown = changed.get(f"{name}-lines", "1")
    lines = int(shown) if re.fullmatch(r"[0-9]{1,4}", shown) else 1
    if match["verb"] == "add":
        lines += 1
    elif match["verb"] == "remove" and match["line"] is not None:
        lines -= 1
        for posted in [posted for posted in changed if posted.startswith(f"{name}-{match['line']}-")]:
            del changed[posted]
    changed[f"{name}-lines"] = str(max(lines, 1))
    return changed
