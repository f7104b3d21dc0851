"""Tries everything that prices leave open, without a solver: an exact proof where little is left.

A solution pays for each departure from what the prices prefer: for a column that loses against them, for one
left out that gains, and for each unit of a priced row that is not used. What would pay more than the bound
leaves is cut off. Rows with the fewest columns left are decided first.
"""

from dataclasses import dataclass

import numpy as np

from partnerships.matching.program import Integers, Mask, Prices, Program, gains, scaled_bound
from partnerships.matching.search import open_columns

MOST_STEPS = 20_000
MOST_COLUMNS = 2_000


class TooManyError(Exception):
    """More solutions are open than can be tried."""


@dataclass(frozen=True)
class _Table:
    """The undecided columns and the rows they use: uses by row and column, prices, and departures' costs."""

    uses: Integers
    prices: Integers
    taking: Integers
    leaving: Integers


def better_exists(program: Program, weights: Integers, prices: Prices, value: int) -> bool:
    """Whether some solution is worth more than `value`. Raises TooManyError."""
    slack = scaled_bound(program, weights, prices) - (value + 1) * prices.scale
    if slack < 0:
        return False
    undecided, surely = open_columns(program, weights, prices, value + 1)
    if len(undecided) > MOST_COLUMNS:
        raise TooManyError
    table, left = _table(program, weights, prices, undecided, surely)
    stack = [(np.ones(len(undecided), dtype=np.bool_), left, slack)]
    for _step in range(MOST_STEPS):
        if not stack:
            return False
        free, left, slack = stack.pop()
        free, slack = _narrowed(table, free, left, slack)
        if slack < 0:
            continue
        if not free.any():
            return True  # whatever is left to pay, the solution is worth more than `value`
        stack += _branches(table, free, left, slack)
    if stack:
        raise TooManyError
    return False


def _table(
    program: Program, weights: Integers, prices: Prices, undecided: Integers, surely: Mask
) -> tuple[_Table, Integers]:
    """The table of the rows and cuts that the undecided columns use, and what is left of each."""
    part = program.only(undecided)
    own = len(program.limits)
    uses = np.zeros((own + len(prices.cut_rows), len(undecided)), dtype=np.int64)
    np.add.at(uses, (part.rows, part.column_of_entry), part.uses)
    left = np.concatenate([program.limits - program.used(surely), np.zeros(len(prices.cut_rows), np.int64)])
    for place, cut in enumerate(prices.cut_rows, start=own):
        whole = np.zeros(len(program), dtype=np.int64)
        whole[cut.columns] = cut.uses
        uses[place] = whole[undecided]
        left[place] = cut.limit - whole[surely].sum()
    found = gains(program, weights, prices)[undecided]
    charged = np.concatenate([prices.rows, np.array(prices.cut_prices, dtype=np.int64)])
    return _Table(uses, charged, np.maximum(-found, 0), np.maximum(found, 0)), left


def _narrowed(table: _Table, free: Mask, left: Integers, slack: int) -> tuple[Mask, int]:
    """(the columns that may still be taken, what may still be paid; below 0 no solution is left)."""
    while True:
        most = left - np.minimum(table.uses[:, free], 0).sum(axis=1)
        least = np.maximum(left - np.maximum(table.uses[:, free], 0).sum(axis=1), 0)
        if (most < 0).any() or int((least * table.prices).sum()) > slack:
            return free, -1
        fits = free & (table.taking <= slack) & (np.maximum(table.uses, 0) <= most[:, None]).all(axis=0)
        if fits.sum() == free.sum():
            return free, slack
        slack -= int(table.leaving[free & ~fits].sum())
        free = fits


def _branches(table: _Table, free: Mask, left: Integers, slack: int) -> list[tuple[Mask, Integers, int]]:
    """The scarcest priced row's best column, left out and taken."""
    supply = np.maximum(table.uses[:, free], 0).sum(axis=1)
    wanted = (table.prices > 0) & (left > 0) & (supply > 0)
    columns = np.flatnonzero(free)
    if wanted.any():
        row = int(np.flatnonzero(wanted)[np.argmin((supply - left)[wanted])])
        columns = columns[table.uses[row, columns] > 0]
    column = int(columns[np.argmin(table.taking[columns] - table.leaving[columns])])
    rest = free.copy()
    rest[column] = False
    return [
        (rest, left, slack - int(table.leaving[column])),
        (rest, left - table.uses[:, column], slack - int(table.taking[column])),
    ]
