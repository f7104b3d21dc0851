"""Scores of all pairs and what is open to choice, computed piece by piece where the sides are large."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from partnerships.matching.encoding import Features, Part, encode, moved
from partnerships.matching.profiles import PairingInput
from partnerships.matching.scoring import Scores, score_block

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Blocks = npt.NDArray[np.int8]
Tell = Callable[[str, int], None]

WHOLE_UP_TO = 2_000
"""Cities a side up to which all scores are kept in memory; beyond, they are computed when asked for."""

CELLS_AT_A_TIME = 500_000


def say_nothing(_stage: str, _per_mille: int) -> None:
    """Nobody asked how far the run is."""


class Block(IntEnum):
    """Why a pair is not open to choice."""

    OPEN = 0
    VETOED = 1
    BELOW_MINIMUM = 2
    PINNED = 3


@dataclass(frozen=True)
class Piece:
    """Consecutive rows of the table, all columns."""

    rows: slice
    scores: Scores
    blocks: Blocks


@dataclass(frozen=True)
class Table:
    """All pairs of an input in canonical order, cities of A as rows and of B as columns."""

    pairing: PairingInput

    def under(self, pairing: PairingInput) -> "Table":
        """The same cities under other pins, vetoes or places, without scoring them again."""
        table = Table(pairing)
        for name in ("_kept", "features"):
            if name in self.__dict__:
                table.__dict__[name] = self.__dict__[name]
        return table

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.pairing.a.profiles), len(self.pairing.b.profiles)

    @cached_property
    def ids_a(self) -> dict[str, int]:
        return {profile.id: index for index, profile in enumerate(self.pairing.a.profiles)}

    @cached_property
    def ids_b(self) -> dict[str, int]:
        return {profile.id: index for index, profile in enumerate(self.pairing.b.profiles)}

    @property
    def whole(self) -> bool:
        """Whether the sides are small enough for all scores to be kept."""
        return max(self.shape) <= WHOLE_UP_TO

    def piece(self, rows: slice) -> Piece:
        """Scores and blocks of some rows."""
        columns = slice(0, self.shape[1])
        scores = self.scores(rows, columns)
        return Piece(rows, scores, self._blocks(rows, columns, scores))

    def pieces(self) -> Iterator[Piece]:
        """The whole table from top to bottom."""
        if self.whole:
            yield self.piece(slice(0, self.shape[0]))
            return
        step = max(1, 8 * CELLS_AT_A_TIME // max(1, self.shape[1]))
        for start in range(0, self.shape[0], step):
            yield self.piece(slice(start, min(start + step, self.shape[0])))

    def row(self, index: int) -> tuple[Scores, Blocks]:
        piece = self.piece(slice(index, index + 1))
        return piece.scores[0], piece.blocks[0]

    def column(self, index: int) -> tuple[Scores, Blocks]:
        rows, columns = slice(0, self.shape[0]), slice(index, index + 1)
        scores = self.scores(rows, columns)
        return scores[:, 0], self._blocks(rows, columns, scores)[:, 0]

    def rows(self, indices: Integers) -> tuple[Scores, Blocks]:
        """Scores and blocks of some rows, one below the other."""
        columns = slice(0, self.shape[1])
        scores = self.scores(indices, columns)
        return scores, self._blocks(indices, columns, scores)

    def columns(self, indices: Integers) -> tuple[Scores, Blocks]:
        """The same of some columns, turned: one line for each."""
        rows = slice(0, self.shape[0])
        scores = self.scores(rows, indices)
        return scores.T, self._blocks(rows, indices, scores).T

    def cell(self, row: int, column: int) -> tuple[int, Block]:
        rows, columns = slice(row, row + 1), slice(column, column + 1)
        scores = self.scores(rows, columns)
        return int(scores[0, 0]), Block(int(self._blocks(rows, columns, scores)[0, 0]))

    def cells(self, rows: Integers, columns: Integers) -> Integers:
        """Scores of some pairs; where they are not kept, from the rectangle of all their rows and columns."""
        if self.whole:
            return self._kept[rows, columns].astype(np.int64)
        own, line = np.unique(rows, return_inverse=True)
        others, place = np.unique(columns, return_inverse=True)
        return self.scores(own, others)[line, place].astype(np.int64)

    def scores(self, rows: Part, columns: Part) -> Scores:
        """Scores in milli-points of a rectangle."""
        return self._kept[rows, columns] if self.whole else self._computed(rows, columns)

    def _blocks(self, rows: Part, columns: Part, scores: Scores) -> Blocks:
        return self._kept_blocks[rows, columns] if self.whole else self._found(rows, columns, scores)

    @cached_property
    def _kept(self) -> Scores:
        return self._computed(slice(0, self.shape[0]), slice(0, self.shape[1]))

    @cached_property
    def _kept_blocks(self) -> Blocks:
        return self._found(slice(0, self.shape[0]), slice(0, self.shape[1]), self._kept)

    @cached_property
    def features(self) -> tuple[Features, Features]:
        """The cities of both sides as arrays."""
        return encode(self.pairing.a.profiles, self.pairing.b.profiles)

    def _computed(self, rows: Part, columns: Part) -> Scores:
        a, b = self.features
        settings = self.pairing.settings
        a, b = a.rows(rows).aimed(columns), b.rows(columns).aimed(rows)
        return score_block(a, b, settings.weights, settings.prefer)

    def _found(self, rows: Part, columns: Part, scores: Scores) -> Blocks:
        """What is open to choice in a rectangle of these scores."""
        minimum = self.pairing.settings.minimum_score
        blocks = np.where(scores < minimum, Block.BELOW_MINIMUM, Block.OPEN).astype(np.int8)
        for places, block in ((self._vetoed, Block.VETOED), (self.pinned, Block.PINNED)):
            inside, own = moved(places[:, 0], rows)
            within, others = moved(places[inside, 1], columns)
            blocks[own[within], others] = block
        return blocks

    @cached_property
    def _vetoed(self) -> Integers:
        return self._places((veto.a, veto.b) for veto in self.pairing.vetoes)

    @cached_property
    def pinned(self) -> Integers:
        """Rows and columns of the pins."""
        return self._places((pin.a, pin.b) for pin in self.pairing.pins)

    @cached_property
    def previous(self) -> Integers:
        """Rows and columns of the pairs of the run before whose cities are both in this one."""
        return self._places((kept.a, kept.b) for kept in self.pairing.previous)

    def _places(self, pairs: Iterable[tuple[str, str]]) -> Integers:
        found = [(self.ids_a[a], self.ids_b[b]) for a, b in pairs if a in self.ids_a and b in self.ids_b]
        return np.array(found, dtype=np.int64).reshape(-1, 2)
