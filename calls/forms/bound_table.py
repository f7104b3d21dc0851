"""A table as a page draws it: its lines with what was typed or kept, errors beside their cells, sums."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.forms import BoundField
from django.utils.formats import get_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from calls.queries.budget import GRANT, BudgetSums, amount_in, sums_of
from calls.queries.table_columns import MOST_ROWS, Cells, Column, Row
from calls.queries.tables import word_share, word_sum

if TYPE_CHECKING:
    from calls.forms.tables import TableAnswer


@dataclass(frozen=True)
class Cell:
    """One cell as the page draws it."""

    column: Column
    id: str
    name: str
    value: str
    error: str = ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be chosen; a choice that is no longer offered stays visible."""
        offered = list(self.column.choices.items())
        gone = self.value and self.value not in self.column.choices
        return [*offered, (self.value, self.value)] if gone else offered


@dataclass(frozen=True)
class Line:
    index: str
    number: int
    cells: list[Cell]
    total: str = ""


@dataclass
class Reading:
    """What the cells of a table say: rows to keep, and sentences for those that cannot be read.

    `errors` name line and column; `beside` says the same where the reader sees the cell.
    """

    rows: list[Row] = field(default_factory=list)
    errors: dict[tuple[int, str], str] = field(default_factory=dict)
    beside: dict[tuple[int, str], str] = field(default_factory=dict)


class BoundTable(BoundField):
    """A table on the page: its lines with what was typed or kept, errors beside their cells, and sums."""

    field: "TableAnswer"
    template = "portal/table.html"
    is_budget = has_line_totals = False

    @cached_property
    def reading(self) -> Reading:
        return self.field.read(self.typed)

    @cached_property
    def typed(self) -> list[Row]:
        return list(self.value())

    @property
    def columns(self) -> Sequence[Column]:
        return self.field.columns

    @cached_property
    def lines(self) -> list[Line]:
        """What holds something, and empty lines up to what was shown before or the form begins with."""
        empty: list[Row] = [{}] * max(self._shown - len(self.typed), 0)
        return [self._line(str(index), row) for index, row in enumerate([*self.typed, *empty])]

    @property
    def blank(self) -> Line:
        """The line that JavaScript copies: its index is a word to replace."""
        return self._line("NEW", {})

    @property
    def full(self) -> bool:
        return len(self.lines) >= MOST_ROWS

    @property
    def error_links(self) -> list[tuple[str, str]]:
        """The cell to go to and its sentence, for each error; the first cell for those of the whole table."""
        if not self.form.is_bound:
            return []
        cells = [(self._id(str(line), key), text) for (line, key), text in self.reading.errors.items()]
        return [*cells, *((self.id_for_label, text) for text in self.about_all)]

    @property
    def about_all(self) -> list[str]:
        """Errors of the whole table; those of one cell stand beside it."""
        return [str(error) for error in self.errors if error not in self.reading.errors.values()]

    def as_hidden(self, attrs: Any = None, **kwargs: Any) -> SafeString:
        pairs = [(name, value) for name, value in posted_rows(self.html_name, self.typed)]
        return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)

    @property
    def _shown(self) -> int:
        begins_with = int(self.field.question.settings.get("rows", 1))
        posted = str(self.form.data.get(f"{self.html_name}-lines", "")) if self.form.is_bound else ""
        if re.fullmatch(r"[0-9]{1,4}", posted):
            return max(min(int(posted), MOST_ROWS), 1)
        return max(begins_with, 1)

    def _line(self, index: str, row: Row) -> Line:
        return Line(
            index=index,
            number=int(index) + 1 if index.isdigit() else 0,
            cells=[self._cell(index, column, row) for column in self.columns],
            total=self._total(index),
        )

    def _total(self, index: str) -> str:
        """What stands at the end of a line; a budget's lines end with their sum."""
        return ""

    def _cell(self, index: str, column: Column, row: Row) -> Cell:
        value = str(row.get(column.key, ""))
        if column.cells == Cells.MONEY and not self.form.is_bound and value:
            value = word_sum(amount_in(value))
        error = self.reading.beside.get((int(index), column.key), "") if index.isdigit() else ""
        return Cell(
            column, self._id(index, column.key), f"{self.html_name}-{index}-{column.key}", value, error
        )

    def _id(self, index: str, key: str) -> str:
        return f"{self.auto_id}-{index}-{key}"


class BoundBudget(BoundTable):
    """A budget with its sums, which are shown as far as amounts can be read."""

    is_budget = True

    def _total(self, index: str) -> str:
        if not index.isdigit() or int(index) >= len(self.sums.lines):
            return ""
        return word_sum(self.sums.lines[int(index)])

    @cached_property
    def sums(self) -> BudgetSums:
        return sums_of(self.columns, self.reading.rows)

    @property
    def has_line_totals(self) -> bool:  # type: ignore[override]
        """With one source a line's sum would repeat its only amount."""
        return len(self.sources) > 1

    @property
    def sources(self) -> list[Column]:
        return [column for column in self.columns if column.source]

    @property
    def source_totals(self) -> list[tuple[Column, str]]:
        return [(column, word_sum(self.sums.by_source[column.source])) for column in self.sources]

    @property
    def total(self) -> str:
        return word_sum(self.sums.total)

    @property
    def party_totals(self) -> list[tuple[str, str, list[tuple[Column, str]], str]]:
        """Key, name, sum of each source and total of every party that can be chosen."""
        names = next(column.choices for column in self.columns if column.key == "party")
        found = []
        for key, name in names.items():
            sums = self.sums.by_party.get(key, {})
            amounts = [
                (column, word_sum(amount_in(str(sums.get(column.source, 0))))) for column in self.sources
            ]
            found.append((key, name, amounts, word_sum(sum(sums.values(), amount_in("0")))))
        return found

    @property
    def currency(self) -> str:
        return self.field.question.section.call.currency

    @property
    def separators(self) -> tuple[str, str]:
        """The signs between thousands and before hundredths, so that JavaScript writes sums the same way."""
        return get_format("THOUSAND_SEPARATOR"), get_format("DECIMAL_SEPARATOR")

    @property
    def share(self) -> str:
        return word_share(self.sums, self.limit)

    @property
    def share_words(self) -> str:
        """The sentence of `share` with a place for the number, for JavaScript."""
        about = {"percent": "{percent}", "limit": self.limit}
        if self.limit is None:
            return _("The grant pays %(percent)s %% of the whole.") % about
        return _("The grant pays %(percent)s %% of the whole; at most %(limit)s %% is possible.") % about

    @property
    def limit(self) -> int | None:
        return self.field.question.section.call.grant_share_percent

    @property
    def over_limit(self) -> bool:
        percent = self.sums.grant_percent
        return self.limit is not None and percent is not None and percent > self.limit

    @property
    def shares(self) -> bool:
        """A share says something where the grant is one source of several."""
        roles = {column.role for column in self.sources}
        return GRANT in roles and len(roles) > 1


def posted_rows(name: str, rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Rows as the names and values under which a page posts them."""
    cells = [
        (f"{name}-{line}-{key}", str(text)) for line, row in enumerate(rows) for key, text in row.items()
    ]
    return [*cells, (f"{name}-lines", str(len(rows)))]
