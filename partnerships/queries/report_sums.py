"""A financial report beside its budget: planned, spent, the difference, and what is left to say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from partnerships.models import BudgetLine, DueReport, SpentLine
from partnerships.models.follow_up import DueKind

TOLERANCE = Decimal("0.10")  # share of a line's amount; a larger difference is explained
WITH_LINES = (DueKind.FINANCIAL, DueKind.FINAL)


@dataclass(frozen=True)
class Spent:
    """What was typed for one line; None while nothing was."""

    spent: Decimal | None = None
    explanation: str = ""


@dataclass(frozen=True)
class SumLine:
    """One line of the budget and what a report says of it."""

    line: BudgetLine
    said: Spent

    @property
    def difference(self) -> Decimal | None:
        """Spent less planned, in the line's currency."""
        return None if self.said.spent is None else self.said.spent - self.line.amount

    @property
    def to_explain(self) -> bool:
        """More than a tenth over or under what was planned."""
        return self.difference is not None and abs(self.difference) > TOLERANCE * self.line.amount


@dataclass(frozen=True)
class Total:
    """The sums of one currency."""

    currency: str
    planned: Decimal
    spent: Decimal

    @property
    def difference(self) -> Decimal:
        return self.spent - self.planned


def asks_for_lines(report: DueReport) -> bool:
    return report.kind in WITH_LINES


def said_in(report: DueReport) -> dict[int, Spent]:
    """What a report says, by line."""
    rows: Iterable[SpentLine] = report.spent_lines.all()
    return {row.line_id: Spent(row.spent, row.explanation) for row in rows}


def sum_lines(lines: Iterable[BudgetLine], said: Mapping[int, Spent]) -> list[SumLine]:
    return [SumLine(line, said.get(line.pk, Spent())) for line in lines]


def totals(lines: Sequence[SumLine]) -> list[Total]:
    """One sum for each currency, in the order of the lines."""
    found: dict[str, Total] = {}
    for row in lines:
        known = found.get(row.line.currency, Total(row.line.currency, Decimal(0), Decimal(0)))
        spent = known.spent + (row.said.spent or 0)
        found[row.line.currency] = Total(row.line.currency, known.planned + row.line.amount, spent)
    return list(found.values())


def open_points(report: DueReport, text: str, lines: Sequence[SumLine]) -> dict[str, str]:
    """What keeps a report from being filed: field -> sentence. Fields: text, spent-<line>, why-<line>."""
    points: dict[str, str] = {}
    if not text.strip():
        points["text"] = _("Write what was done. The funder reads it first.")
    for row in lines if asks_for_lines(report) else ():
        if row.said.spent is None:
            points[f"spent-{row.line.pk}"] = _("Say what was spent on “%(line)s”; 0 for nothing.") % {
                "line": row.line
            }
        elif row.to_explain and not row.said.explanation.strip():
            points[f"why-{row.line.pk}"] = _(
                "“%(line)s” differs from the budget by more than 10 %%. Say why."
            ) % {"line": row.line}
    return points
