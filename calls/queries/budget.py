"""The sums of a budget: by line, source, party and category, and how much of it the grant pays."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from calls.queries.numbers import number_in
from calls.queries.table_columns import Column, Row

GRANT = "grant"
LOCAL = frozenset({"own", "partner"})
NOTHING = Decimal(0)
Sums = dict[str, Decimal]


@dataclass(frozen=True)
class BudgetSums:
    """Exact sums. `by_source` has every source of the form; the others only what has a line."""

    lines: list[Decimal]
    by_source: Sums
    by_party: dict[str, Sums]
    by_category: Sums
    by_role: Sums

    @property
    def total(self) -> Decimal:
        return sum(self.lines, NOTHING)

    @property
    def grant(self) -> Decimal:
        return self.by_role.get(GRANT, NOTHING)

    @property
    def local(self) -> Decimal:
        """What the parties pay themselves."""
        return sum((value for role, value in self.by_role.items() if role in LOCAL), NOTHING)

    @property
    def grant_percent(self) -> Decimal | None:
        """Rounded up to a tenth, so that a share just above a limit never reads as the limit."""
        if not self.total:
            return None
        return (self.grant * 100 / self.total).quantize(Decimal("0.1"), ROUND_CEILING)


def sums_of(columns: Sequence[Column], rows: Iterable[Row]) -> BudgetSums:
    """Add up the amounts of some rows; what is no amount counts as nothing."""
    sources = [column for column in columns if column.source]
    sums = BudgetSums([], {column.source: NOTHING for column in sources}, {}, {}, {})
    by_category: Sums = defaultdict(Decimal)
    by_role: Sums = defaultdict(Decimal)
    for row in rows:
        amounts = {column.source: amount_in(row.get(column.key)) for column in sources}
        party = sums.by_party.setdefault(row.get("party", ""), dict.fromkeys(sums.by_source, NOTHING))
        for column in sources:
            sums.by_source[column.source] += amounts[column.source]
            party[column.source] += amounts[column.source]
            by_role[column.role] += amounts[column.source]
        sums.lines.append(sum(amounts.values(), NOTHING))
        by_category[row.get("category", "")] += sums.lines[-1]
    sums.by_category.update(by_category)
    sums.by_role.update(by_role)
    return sums


def amount_in(kept: str | None) -> Decimal:
    """A kept amount such as "450000.50"; nothing where there is none."""
    return number_in(kept) or NOTHING
