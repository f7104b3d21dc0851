"""The pairs that were left out of a network and would have a say in its optimum.

A pair that was left out may stay out as long as its reduced cost under the prices of every stage is positive
(or 0, where it could not improve anything). Most are ruled out by the best score they could have; only the
rows of the others are scored again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from partnerships.matching.network import Ground
from partnerships.matching.outcome import Proof
from partnerships.matching.table import CELLS_AT_A_TIME, Integers, Mask

BIGGEST = 2**40
"""Prices beyond any that an optimum needs; sums of such numbers stay exact."""


@dataclass(frozen=True)
class LeftOut:
    """Pairs left out: those that could improve a stage (`better`), and those equal to the optimum."""

    rows: Integers
    columns: Integers
    scores: Integers
    better: Mask

    def only(self, kept: Mask) -> "LeftOut":
        return LeftOut(self.rows[kept], self.columns[kept], self.scores[kept], self.better[kept])


def left_out(ground: Ground, proof: Proof, floor: int) -> LeftOut:
    """What the prices of a result say of the pairs that are not in the ground's network.

    `floor`: pairs below it are of no use to the total. Raises OverflowError for prices that no optimum has.
    """
    found = [] if ground.candidates.complete else list(_pieces(ground, proof, floor))
    rows, columns, scores, better = (
        np.concatenate([np.zeros(0, dtype=np.int64), *(part[place] for part in found)]) for place in range(4)
    )
    return LeftOut(rows, columns, scores, better.astype(np.bool_))


def _pieces(ground: Ground, proof: Proof, floor: int) -> Iterator[tuple[Integers, ...]]:
    candidates, width = ground.candidates, ground.table.shape[1]
    drops = [_Drops(ground, part) for part in (proof.breadth, proof.floor, proof.total)]
    step = max(1, CELLS_AT_A_TIME // width)
    for start in range(0, ground.table.shape[0], step):
        rows = np.arange(start, min(start + step, ground.table.shape[0]))
        missing = np.unpackbits(candidates.open_bits[rows], axis=1, count=width).astype(np.bool_)
        inside = slice(*candidates.rows.searchsorted([rows[0], rows[-1] + 1]).tolist())
        missing[candidates.rows[inside] - start, candidates.columns[inside]] = False
        best = np.minimum(candidates.limit_a[rows][:, None], candidates.limit_b[None, :])
        wide, high, steep = (part.of(rows) for part in drops)
        suspect = missing & ((wide < 0) | ((high < 0) & (best > floor)) | ((steep <= best) & (best >= floor)))
        for row in np.flatnonzero(suspect.any(axis=1)).tolist():
            columns = np.flatnonzero(suspect[row])
            scores = ground.table.row(start + row)[0][columns].astype(np.int64)
            better = (wide[row, columns] < 0) | ((high[row, columns] < 0) & (scores > floor))
            better |= (steep[row, columns] < scores) & (scores >= floor)
            kept = better | ((steep[row, columns] == scores) & (scores >= floor))
            yield np.full(kept.sum(), start + row), columns[kept], scores[kept], better[kept]


class _Drops:
    """By how much prices fall along every pair: its reduced cost before its own cost. Empty prices: 0."""

    def __init__(self, ground: Ground, prices: tuple[int, ...]) -> None:
        known = np.array(prices or (0,) * ground.layout.nodes, dtype=np.int64)
        if len(known) != ground.layout.nodes or (np.abs(known) > BIGGEST).any():
            raise OverflowError
        self.layout = ground.layout
        self.leaving, self.entering = known[self.layout.leaves], known[self.layout.enters]

    def of(self, rows: Integers) -> Integers:
        """One row for each city of A, one column for each of B."""
        layout = self.layout
        departures: Integers = np.take(self.leaving[rows], layout.country_b, axis=1)
        return departures - np.take(self.entering, layout.country_a[rows], axis=1).T
