"""The pairs that the network begins with: all that are open, or the best of each city where sides are large.

What is left out is bounded: no missing pair scores more than `limit_a` of its row or `limit_b` of its column.
So the prices of an optimum over the candidates either prove it over all pairs or name the pairs that have to
join (`pricing`): leaving pairs out saves time and never costs anything.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from partnerships.matching.table import Block, Integers, Mask, Piece, Table, Tell, say_nothing

FEW_UP_TO = 300
"""Cities a side up to which all open pairs take part from the beginning."""

BEST = 50
"""Candidates kept for each city of a large side."""

JITTER_BITS = 13
"""Equal scores are ordered differently for each city, or all would keep the same few partners."""

Keys = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Candidates:
    """Pairs open to choice as rows and columns with their scores, sorted by row and column.

    `limit_a`, `limit_b`: the best score that may have been left out of each row and column, -1 for none.
    `best_a`, `best_b`: the scores of each city's best candidates, pins included, in falling order (-1: no
    more); empty where nothing was left out. `count_a`, `count_b`: how many candidates there are in all, pins
    included. `open_bits`: which pairs are open, packed by row. `tally`: how
    many pairs of each kind there are. `complete`: nothing was left out.
    """

    rows: Integers
    columns: Integers
    scores: Integers
    limit_a: Integers
    limit_b: Integers
    best_a: Keys
    best_b: Keys
    count_a: Integers
    count_b: Integers
    open_bits: npt.NDArray[np.uint8]
    tally: dict[Block, int]
    complete: bool

    def joined_by(self, rows: Integers, columns: Integers, scores: Integers) -> "Candidates":
        """With more pairs that were left out."""
        codes = np.concatenate([self.codes, rows * len(self.limit_b) + columns])
        order = np.argsort(codes, kind="stable")
        return replace(
            self,
            rows=np.concatenate([self.rows, rows])[order],
            columns=np.concatenate([self.columns, columns])[order],
            scores=np.concatenate([self.scores, scores])[order],
        )

    def score(self, row: int, column: int) -> int | None:
        """The score of a candidate, None for any other pair."""
        code = row * len(self.limit_b) + column
        place = int(self.codes.searchsorted(code))
        found = place < len(self.codes) and self.codes[place] == code
        return int(self.scores[place]) if found else None

    @cached_property
    def codes(self) -> Integers:
        """Each pair as one number, ascending."""
        return self.rows * len(self.limit_b) + self.columns


def choose(table: Table, *, everything: bool = False, tell: Tell = say_nothing) -> Candidates:
    """The candidates of a run, from one pass over all pairs.

    `everything`: all that are open, wherever the scores of all pairs are kept in memory.
    """
    few = max(table.shape) <= FEW_UP_TO or not all(table.shape)
    return _all(table) if few or (everything and table.whole) else _best(table, tell)


def _all(table: Table) -> Candidates:
    piece = table.piece(slice(0, table.shape[0]))
    is_open = piece.blocks == Block.OPEN
    rows, columns = np.nonzero(is_open)
    none = np.zeros((0, 0), dtype=np.int32)
    return Candidates(
        rows=rows,
        columns=columns,
        scores=piece.scores[rows, columns].astype(np.int64),
        limit_a=np.full(table.shape[0], -1, dtype=np.int64),
        limit_b=np.full(table.shape[1], -1, dtype=np.int64),
        best_a=none,
        best_b=none,
        count_a=_eligible(piece).sum(axis=1),
        count_b=_eligible(piece).sum(axis=0),
        open_bits=np.packbits(is_open, axis=1),
        tally={block: int((piece.blocks == block).sum()) for block in Block},
        complete=True,
    )


def _best(table: Table, tell: Tell) -> Candidates:
    """The best of each row and of each column, with the pairs of the run before."""
    width = table.shape[1]
    found, bits, best_a, counts = [_before(table)], [], [], []
    tally, count_b = np.zeros(len(Block), dtype=np.int64), np.zeros(width, dtype=np.int64)
    keys_b, rows_b = np.full((BEST, width), -1, dtype=np.int32), np.zeros((BEST, width), dtype=np.int32)
    for piece in table.pieces():
        tell("scoring", 300 * piece.rows.start // table.shape[0])
        keys, rows = _keys(piece), np.arange(piece.rows.start, piece.rows.stop, dtype=np.int32)
        places = _largest(keys, axis=1)
        best = np.take_along_axis(keys, places, axis=1)
        found.append(_cells(rows[:, None] * width + places, best))
        best_a.append(best)
        keys_b, rows_b = _merged(keys_b, rows_b, keys, rows)
        bits.append(np.packbits(piece.blocks == Block.OPEN, axis=1))
        counts.append((keys >= 0).sum(axis=1))
        count_b += (keys >= 0).sum(axis=0)
        tally += np.bincount(piece.blocks.ravel(), minlength=len(Block))
    found.append(_cells(rows_b.astype(np.int64) * width + np.arange(width), keys_b))
    codes, first = np.unique(np.concatenate([part[0] for part in found]), return_index=True)
    scores = np.concatenate([part[1] for part in found])[first]
    free = ~np.isin(codes, table.pinned[:, 0] * width + table.pinned[:, 1])
    tops_a, tops_b = _falling(np.concatenate(best_a)), _falling(keys_b.T)
    return Candidates(
        rows=codes[free] // width,
        columns=codes[free] % width,
        scores=scores[free],
        limit_a=_limits(tops_a),
        limit_b=_limits(tops_b),
        best_a=tops_a,
        best_b=tops_b,
        count_a=np.concatenate(counts),
        count_b=count_b,
        open_bits=np.concatenate(bits),
        tally={block: int(tally[block]) for block in Block},
        complete=False,
    )


def _before(table: Table) -> tuple[Integers, Integers]:
    """The pairs of the run before that are open."""
    cells = [(place, table.cell(*place)) for place in map(tuple, table.previous.tolist())]
    kept = [(row * table.shape[1] + column, score) for (row, column), (score, block) in cells if not block]
    codes, scores = np.array(kept, dtype=np.int64).reshape(-1, 2).T
    return codes, scores


def _keys(piece: Piece) -> Keys:
    """Scores of what is open or pinned, with some bits of disorder below; -1 for all else."""
    rows, columns = np.arange(piece.rows.start, piece.rows.stop), np.arange(piece.scores.shape[1])
    disorder = (rows[:, None] * 5003 + columns[None, :] * 3001) & ((1 << JITTER_BITS) - 1)
    keys = (piece.scores << JITTER_BITS) | disorder.astype(np.int32)
    keys[~_eligible(piece)] = -1
    return keys


def _eligible(piece: Piece) -> Mask:
    return (piece.blocks == Block.OPEN) | (piece.blocks == Block.PINNED)


def _largest(keys: Keys, axis: int) -> Integers:
    """Positions of the largest keys of each row (axis 1) or column (axis 0)."""
    count = min(BEST, keys.shape[axis])
    places = np.argpartition(keys, keys.shape[axis] - count, axis=axis)
    return np.take(places, range(keys.shape[axis] - count, keys.shape[axis]), axis=axis)


def _merged(best: Keys, best_rows: Keys, keys: Keys, rows: Keys) -> tuple[Keys, Keys]:
    """The largest keys of each column so far and of some more rows, and the rows that they stand in."""
    both = np.concatenate([best, keys])
    both_rows = np.concatenate([best_rows, np.broadcast_to(rows[:, None], keys.shape)])
    places = _largest(both, axis=0)
    return np.take_along_axis(both, places, axis=0), np.take_along_axis(both_rows, places, axis=0)


def _cells(codes: Integers, keys: Keys) -> tuple[Integers, Integers]:
    real = keys >= 0
    return codes[real].astype(np.int64), (keys[real] >> JITTER_BITS).astype(np.int64)


def _falling(keys: Keys) -> Keys:
    """Scores in falling order; a key of -1 stays -1."""
    return -np.sort(-(keys >> JITTER_BITS), axis=1)


def _limits(best: Keys) -> Integers:
    """The least score kept, where as many were kept as may be; else nothing was left out."""
    full = best[:, BEST - 1] if best.shape[1] >= BEST else np.full(len(best), -1)
    return full.astype(np.int64)
