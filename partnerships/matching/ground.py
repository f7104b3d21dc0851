"""An input made ready to be solved: its table of scores, its candidates and their network."""

from dataclasses import dataclass, replace
from functools import cached_property

from partnerships.matching.candidates import Candidates, choose
from partnerships.matching.network import Layout, Network, layout_of, network_of
from partnerships.matching.profiles import PairingInput
from partnerships.matching.scoring import Scores
from partnerships.matching.table import Block, Blocks, Integers, Table, Tell, say_nothing


@dataclass(frozen=True)
class Ground:
    """An input made ready: canonical rows, scores and blocks, and the network of free places."""

    pairing: PairingInput
    table: Table
    candidates: Candidates
    layout: Layout
    network: Network

    @property
    def ids_a(self) -> list[str]:
        return list(self.table.ids_a)

    @property
    def ids_b(self) -> list[str]:
        return list(self.table.ids_b)

    @cached_property
    def scores(self) -> Scores:
        """All scores; takes memory for every pair, whatever the size of the sides."""
        return self.table.scores(slice(0, self.table.shape[0]), slice(0, self.table.shape[1]))

    @cached_property
    def blocks(self) -> Blocks:
        """What is open to choice; takes memory for every pair."""
        return self.table.piece(slice(0, self.table.shape[0])).blocks

    def score(self, row: int, column: int) -> int:
        """The score of one pair, from the candidates where it is among them."""
        known = self.candidates.score(row, column)
        return self.table.cell(row, column)[0] if known is None else known

    def block(self, row: int, column: int) -> Block:
        """Why one pair is not open to choice."""
        known = self.candidates.score(row, column)
        return self.table.cell(row, column)[1] if known is None else Block.OPEN

    def joined_by(self, rows: Integers, columns: Integers, scores: Integers) -> "Ground":
        """The same ground with more pairs in its network."""
        candidates = self.candidates.joined_by(rows, columns, scores)
        return replace(self, candidates=candidates, network=network_of(self.table, self.layout, candidates))


def lay_ground(pairing: PairingInput, *, everything: bool = False, tell: Tell = say_nothing) -> Ground:
    """Scores all pairs and builds the network, of all that are open with `everything` (see `choose`).

    The input must be free of faults.
    """
    return ground_of(Table(pairing.ordered()), everything=everything, tell=tell)


def ground_of(table: Table, *, everything: bool = False, tell: Tell = say_nothing) -> Ground:
    """The ground of a table of scores, which is not computed twice."""
    candidates, layout = choose(table, everything=everything, tell=tell), layout_of(table)
    return Ground(table.pairing, table, candidates, layout, network_of(table, layout, candidates))
