"""Whole-number programs and what their optimum cannot exceed, in integers and without trusting a solver.

    maximise  weights x   with   uses x <= limits,   each x either 0 or 1

Weak duality: with a price of at least 0 on each row, whatever the prices are,

    weights x <= sum of price * limit + sum over columns of max(0, weight - what the rows charge)

Rows may be added up, divided and rounded down first (a cut): x is whole, so the inequality still holds.
When a solution reaches the bound, nothing better exists. Checking takes additions only.
Sources: Bertsimas and Tsitsiklis, Introduction to Linear Optimization (1997), chapters 4 and 11;
Gomory, Bulletin of the AMS 64 (1958); for cuts of three rows Jepsen et al., Operations Research 56 (2008).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from partnerships.matching.stage_proof import Cut

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

HIGHEST_PRICE = 2**42
"""Prices beyond are refused, so that no sum leaves 64 bits."""


@dataclass(frozen=True)
class Program:
    """Columns one after the other: column c has the entries from starts[c] on, each a row and its use of it.

    Every column has at least one entry.
    """

    starts: Integers
    rows: Integers
    uses: Integers
    limits: Integers

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def column_of_entry(self) -> Integers:
        """The column that each entry belongs to."""
        lengths = np.diff(np.append(self.starts, len(self.rows)))
        return np.repeat(np.arange(len(self), dtype=np.int64), lengths)

    def charges(self, prices: Integers) -> Integers:
        """What the rows charge each column at these prices."""
        return np.add.reduceat(prices[self.rows] * self.uses, self.starts) if len(self) else prices[:0]

    def only(self, kept: Integers) -> "Program":
        """The same rows with these columns alone, in this order."""
        lengths = np.diff(np.append(self.starts, len(self.rows)))[kept]
        starts = np.cumsum(lengths) - lengths
        entries = np.arange(lengths.sum()) + np.repeat(self.starts[kept] - starts, lengths)
        return Program(starts, self.rows[entries], self.uses[entries], self.limits)

    def with_row(self, uses: Integers, limit: int) -> "Program":
        """With one row more: what each column uses of it, and its limit."""
        users = np.flatnonzero(uses)
        columns = np.concatenate([self.column_of_entry, users])
        order = np.argsort(columns, kind="stable")
        rows = np.concatenate([self.rows, np.full(len(users), len(self.limits), dtype=np.int64)])[order]
        return replace(
            self,
            starts=np.searchsorted(columns[order], np.arange(len(self))),
            rows=rows,
            uses=np.concatenate([self.uses, uses[users]])[order],
            limits=np.append(self.limits, limit),
        )

    def used(self, taken: Mask) -> Integers:
        """What these columns use of each row."""
        used = np.zeros(len(self.limits), dtype=np.int64)
        entries = taken[self.column_of_entry]
        np.add.at(used, self.rows[entries], self.uses[entries])
        return used


@dataclass(frozen=True)
class CutRow:
    """A cut over the columns of one program: which columns it charges, how much, and its limit."""

    columns: Integers
    uses: Integers
    limit: int


def cut_row(program: Program, cut: Cut) -> CutRow:
    """What a cut says about a program."""
    summed = np.zeros(len(program.limits), dtype=np.int64)
    summed[list(cut.rows)] = 1
    uses = program.charges(summed) // cut.divisor
    users = np.flatnonzero(uses)
    return CutRow(users, uses[users], int((summed * program.limits).sum()) // cut.divisor)


@dataclass(frozen=True)
class Prices:
    """Prices over `scale`, one for each row and one for each cut; `cut_rows` are the cuts worked out."""

    scale: int
    rows: Integers
    cuts: tuple[Cut, ...] = ()
    cut_prices: tuple[int, ...] = ()
    cut_rows: tuple[CutRow, ...] = field(default=(), compare=False)


def gains(program: Program, weights: Integers, prices: Prices) -> Integers:
    """What each column is worth beyond what it is charged, times the scale."""
    found = weights * prices.scale - program.charges(prices.rows)
    for price, row in zip(prices.cut_prices, prices.cut_rows, strict=True):
        found[row.columns] -= price * row.uses
    return found


def scaled_bound(program: Program, weights: Integers, prices: Prices) -> int:
    """No solution is worth more than this over the scale."""
    worth = int((prices.rows * program.limits).sum())
    worth += sum(price * row.limit for price, row in zip(prices.cut_prices, prices.cut_rows, strict=True))
    return worth + int(np.maximum(gains(program, weights, prices), 0).sum())


def bound(program: Program, weights: Integers, prices: Prices) -> int:
    """No solution is worth more than this."""
    step = int(np.gcd.reduce(weights)) or 1 if len(weights) else 1  # every worth is a multiple of it
    return scaled_bound(program, weights, prices) // prices.scale // step * step


def honest(program: Program, prices: Sequence[int], cuts: Sequence[Cut], scale: int) -> bool:
    """Prices that the bound holds for: one for each row and cut, none negative or beyond all measure."""
    rows = range(len(program.limits))
    sound = all(cut.divisor > 0 and cut.rows and set(cut.rows) <= set(rows) for cut in cuts)
    return (
        sound
        and 0 < scale <= HIGHEST_PRICE
        and len(prices) == len(rows) + len(cuts)
        and all(0 <= price <= HIGHEST_PRICE for price in prices)
    )
