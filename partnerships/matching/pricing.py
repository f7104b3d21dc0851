"""The pairs that were left out of a network and would have a say in its optimum.

A pair that was left out may stay out as long as its reduced cost under the prices of every stage is positive
(or 0, where it could not improve anything). Most are ruled out by the best score they could have; only the
others are scored again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from partnerships.matching.ground import Ground
from partnerships.matching.outcome import Proof
from partnerships.matching.table import CELLS_AT_A_TIME, Integers, Mask

SMALL = 2**30
"""Prices below it, such as most are, fit into half the memory, and so do their differences."""

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
    none = ground.candidates.complete or not len(ground.candidates.codes)
    found = [] if none else list(_pieces(ground, proof, floor))
    rows, columns, scores, better = (
        np.concatenate([np.zeros(0, dtype=np.int64), *(part[place] for part in found)]) for place in range(4)
    )
    return LeftOut(rows, columns, scores, better.astype(np.bool_))


def _pieces(ground: Ground, proof: Proof, floor: int) -> Iterator[tuple[Integers, ...]]:
    candidates, (height, width) = ground.candidates, ground.table.shape
    wide, high, steep = (_Drops(ground, part) for part in (proof.breadth, proof.floor, proof.total))
    limit_a, limit_b = (limit.astype(np.int32) for limit in (candidates.limit_a, candidates.limit_b))
    step = max(1, CELLS_AT_A_TIME // width)
    for start in range(0, height, step):
        rows = np.arange(start, min(start + step, height))
        best = np.minimum(limit_a[rows, None], limit_b)
        suspect = (steep.of(rows) <= best) & (best >= floor)
        if wide.falls:
            suspect |= wide.of(rows) < 0
        if high.falls:
            suspect |= (high.of(rows) < 0) & (best > floor)
        if not suspect.any():
            continue
        own, others = np.divmod(_missing(ground, np.flatnonzero(suspect) + start * width), width)
        scores = ground.table.cells(own, others)
        slope = steep.along(own, others)
        better = (wide.along(own, others) < 0) | ((high.along(own, others) < 0) & (scores > floor))
        better |= (slope < scores) & (scores >= floor)
        kept = better | ((slope == scores) & (scores >= floor))
        yield own[kept], others[kept], scores[kept], better[kept]


def _missing(ground: Ground, codes: Integers) -> Integers:
    """Those of some pairs, as ascending numbers, that are open and not in the network."""
    candidates, width = ground.candidates, ground.table.shape[1]
    rows, columns = np.divmod(codes, width)
    is_open = candidates.open_bits[rows, columns // 8] >> (7 - columns % 8) & 1
    places = np.minimum(candidates.codes.searchsorted(codes), len(candidates.codes) - 1)
    return codes[is_open.astype(np.bool_) & (candidates.codes[places] != codes)]


class _Drops:
    """By how much prices fall along every pair: its reduced cost before its own cost. Empty prices: 0.

    `falls`: they may be negative for some pair.
    """

    def __init__(self, ground: Ground, prices: tuple[int, ...]) -> None:
        known = np.array(prices or (0,) * ground.layout.nodes, dtype=np.int64)
        if len(known) != ground.layout.nodes or (np.abs(known) > BIGGEST).any():
            raise OverflowError
        if (np.abs(known) < SMALL).all():
            known = known.astype(np.int32)
        self.layout = ground.layout
        self.known = known
        self.leaving, self.entering = known[self.layout.leaves], known[self.layout.enters]
        self.falls = bool(self.leaving.min(initial=0) < self.entering.max(initial=0))
        self.plain = all((gates == gates[:, :1]).all() for gates in (self.layout.leaves, self.layout.enters))

    def of(self, rows: Integers) -> npt.NDArray[np.signedinteger[Any]]:
        """One row for each city of A, one column for each of B."""
        layout = self.layout
        if self.plain:  # no groups: all partners of a city are reached from the same node
            return self.leaving[rows, :1] - self.entering[:, 0]
        departures = np.take(self.leaving[rows], layout.country_b, axis=1)
        return departures - np.take(self.entering, layout.country_a[rows], axis=1).T

    def along(self, rows: Integers, columns: Integers) -> Integers:
        """The same of single pairs."""
        fall = self.known[self.layout.tails(rows, columns)] - self.known[self.layout.heads(rows, columns)]
        return fall.astype(np.int64)
