"""Answers that are tables, in words: head, rows, totals, sentences about the whole, activities in time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from calls.models import Question
from calls.models.form import QuestionType
from calls.queries.budget import NOTHING, BudgetSums, amount_in, sums_of
from calls.queries.deadlines import word_day
from calls.queries.table_columns import TABLES, Cells, Column, Parties, Row, columns_of, rows_of

SPAN = 1000  # units from the first day of a plan to its last


@dataclass(frozen=True)
class Head:
    """The head of a column; `numeric` columns are set to the right."""

    label: str
    numeric: bool = False


@dataclass(frozen=True)
class Bar:
    """One activity on the line of time: where it begins and how long it is, of SPAN units."""

    label: str
    words: str
    start: int
    length: int


@dataclass(frozen=True)
class Table:
    """An answer in the reader's words; every row and `totals` are as long as `header`.

    `notes` are sentences about the whole, `further` the same sums arranged otherwise, `bars` a plan in time.
    """

    header: list[Head]
    rows: list[list[str]]
    totals: list[str] = field(default_factory=list)
    caption: str = ""
    notes: list[str] = field(default_factory=list)
    further: list["Table"] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)

    @property
    def labelled(self) -> list[list[tuple[Head, str]]]:
        """Each row with the head of each cell beside it, for pages too narrow for columns."""
        return [list(zip(self.header, row, strict=True)) for row in self.rows]

    @property
    def labelled_totals(self) -> list[tuple[Head, str]]:
        return list(zip(self.header, self.totals, strict=True))


def table_of(question: Question, answer: Any, parties: Parties | None = None) -> Table | None:
    """An answer as a table; None for a question of another type, and while there is no row.

    `parties` names those who take part by key (calls.queries.parties); without it keys are shown.
    """
    rows = rows_of(answer) if question.type in TABLES else []
    if not rows:
        return None
    columns = columns_of(question, parties or {})
    if question.type == QuestionType.BUDGET:
        return _budget(columns, rows, question.section.call.currency)
    words = [[word_cell(column, row) for column in columns] for row in rows]
    bars = _bars(columns, rows) if question.type == QuestionType.ACTIVITIES else []
    return Table(_heads(columns), words, bars=bars)


def lines_of(question: Question, answer: Any, parties: Parties | None = None) -> str:
    """An answer as plain text, one line a row: for places that hold no table."""
    table = table_of(question, answer, parties)
    if table is None:
        return ""
    rows = [", ".join(word for word in row if word) for row in table.rows]
    return "\n".join([*(f"{number}. {row}" for number, row in enumerate(rows, start=1)), *table.notes])


def word_cell(column: Column, row: Row) -> str:
    """One cell in the reader's words; what is no longer offered stands as it was kept."""
    kept = str(row.get(column.key) or "")
    if column.cells == Cells.CHOICE:
        return column.choices.get(kept, kept)
    if column.cells == Cells.MONEY:
        return word_amount(kept)
    if column.cells == Cells.DATE and (day := day_in(kept)):
        return word_day(day)
    return kept


def word_amount(kept: Any) -> str:
    """A kept amount in words; empty where there is none."""
    return word_sum(amount_in(str(kept))) if kept else ""


def word_sum(amount: Decimal) -> str:
    """An amount with its thousands apart, and with hundredths where it has any."""
    places = 2 if amount % 1 else 0
    return number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)


def day_in(kept: str | None) -> date | None:
    """A kept day such as "2027-03-15"."""
    try:
        return date.fromisoformat(kept or "")
    except (TypeError, ValueError):
        return None


def word_share(sums: BudgetSums, limit: int | None = None) -> str:
    """How much of a budget the grant pays, and how much it may."""
    if sums.grant_percent is None:
        return ""
    percent = number_format(sums.grant_percent, use_l10n=True)
    if limit is None:
        return _("The grant pays %(percent)s %% of the whole.") % {"percent": percent}
    about = {"percent": percent, "limit": limit}
    return _("The grant pays %(percent)s %% of the whole; at most %(limit)s %% is possible.") % about


def _heads(columns: Sequence[Column]) -> list[Head]:
    return [Head(column.label, column.numeric) for column in columns]


def _budget(columns: Sequence[Column], rows: Sequence[Row], currency: str) -> Table:
    sums = sums_of(columns, rows)
    words = [
        [*(word_cell(column, row) for column in columns), word_sum(total)]
        for row, total in zip(rows, sums.lines, strict=True)
    ]
    sources = [column for column in columns if column.source]
    totals = [_("Total"), *[""] * (len(columns) - len(sources) - 1)]
    totals += [word_sum(sums.by_source[column.source]) for column in sources]
    shared = len(sources) > 1 and word_share(sums)
    return Table(
        header=[*_heads(columns), Head(_("Total"), numeric=True)],
        rows=words,
        totals=[*totals, word_sum(sums.total)],
        caption=_("Amounts in %(currency)s") % {"currency": currency} if currency else "",
        notes=[shared] if shared else [],
        further=_by(columns, sums),
    )


def _by(columns: Sequence[Column], sums: BudgetSums) -> list[Table]:
    """The totals by party, where more than one has a line."""
    if len(sums.by_party) < 2:
        return []
    names = next(column.choices for column in columns if column.key == "party")
    sources = [column for column in columns if column.source]
    rows = [
        [names.get(key, key) or _("No party chosen")]
        + [word_sum(amounts[column.source]) for column in sources]
        + [word_sum(sum(amounts.values(), NOTHING))]
        for key, amounts in sums.by_party.items()
    ]
    header = [Head(_("Party")), *_heads(sources), Head(_("Total"), numeric=True)]
    return [Table(header, rows, caption=_("By party"))]


def _bars(columns: Sequence[Column], rows: Sequence[Row]) -> list[Bar]:
    """Activities on a line of time from the first day of all to the last."""
    spans = [(row, day_in(row.get("from")), day_in(row.get("to"))) for row in rows]
    dated = [(row, begins, ends) for row, begins, ends in spans if begins and ends and begins <= ends]
    if not dated:
        return []
    first = min(begins for _row, begins, _ends in dated)
    days = (max(ends for _row, _begins, ends in dated) - first).days + 1
    return [
        Bar(
            label=str(row.get("what", "")),
            words=_("%(first)s to %(last)s") % {"first": word_day(begins), "last": word_day(ends)},
            start=(begins - first).days * SPAN // days,
            length=max(((ends - begins).days + 1) * SPAN // days, 8),
        )
        for row, begins, ends in dated
    ]
