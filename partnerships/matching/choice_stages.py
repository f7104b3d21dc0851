"""The stages of a run by integer programming, one after the other, each exact where the effort suffices.

1. The most placed.
2. The highest floor: the largest value that the weakest can have at that (switchable).
3. The best total above the floor.
4. Among equal optima the most of the run before, then what a BLAKE2 hash of the published salt and the names
   prefers, so that neither the order of rows nor the solver decides.

Stages 1 to 3 carry a proof that needs no solver: prices, and where these leave a gap an exhausted search.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from partnerships.matching.choice import DECIDED, Choice
from partnerships.matching.choice_proof import proof_of
from partnerships.matching.floor_search import FloorSearch, begun
from partnerships.matching.program import Integers
from partnerships.matching.search import Solved, maximise, open_columns
from partnerships.matching.stage_proof import StageProofs

HASH_BYTES = 3


@dataclass(frozen=True)
class Chosen:
    """The numbers of the chosen columns, the proof, and how many could be exchanged at no loss."""

    rows: tuple[int, ...]
    proofs: StageProofs
    tied: int = 0


def choose(
    choice: Choice, *, raise_floor: bool, salt: str, seconds: float, tell: Callable[[str], None]
) -> Chosen:
    """All stages. `seconds` of effort are shared out among them; `tell` hears each stage as it begins."""
    if not len(choice.program):
        return Chosen((), StageProofs())
    tell("breadth")
    solved = maximise(choice.task(choice.placing, begun(choice, seconds / 20), seconds / 8))
    goal = int(choice.placing[solved.taken].sum())
    placed = proof_of(choice.program, choice.placing, solved, goal)
    taken, floor = solved.taken, None
    if raise_floor:
        tell("floor")
        taken, floor = FloorSearch(choice, goal, seconds / 64).highest(taken)
        kept = choice.weakest >= choice.weakest[taken].min(initial=DECIDED)
        choice, taken = choice.among(np.flatnonzero(kept)), taken[kept]
    tell("total")
    choice = choice.asking(choice.placing, goal)
    solved = maximise(choice.task(choice.worth, taken, seconds / 2))
    total = proof_of(choice.program, choice.worth, solved, int(choice.worth[solved.taken].sum()))
    tell("closeness")
    rows, tied = _settled(choice, solved, salt, seconds / 30)
    return Chosen(rows, StageProofs(placed, floor, total), tied)


def _settled(choice: Choice, solved: Solved, salt: str, effort: float) -> tuple[tuple[int, ...], int]:
    """Among solutions of equal worth the one closest to the run before, then the one the salt prefers."""
    value = int(choice.worth[solved.taken].sum())
    undecided, surely = open_columns(choice.program, choice.worth, solved.relaxed.prices, value)
    equal = np.unique(np.concatenate([undecided, np.flatnonzero(surely), np.flatnonzero(solved.taken)]))
    taken = solved.taken[equal]
    if taken.all():
        return tuple(choice.rows[solved.taken].tolist()), 0
    choice = choice.asking(choice.worth, value).among(equal)
    if choice.kept.any():
        taken = maximise(choice.task(choice.kept, taken, effort)).taken
        choice = choice.asking(choice.kept, int(choice.kept[taken].sum()))
    salted = replace(choice.task(-_hashes(choice, salt), taken, effort), brief=True)
    taken = maximise(salted).taken
    return tuple(choice.rows[taken].tolist()), len(taken)


def _hashes(choice: Choice, salt: str) -> Integers:
    """A number for each column that nobody foresees before the salt is published and anybody checks after."""
    key = hashlib.blake2b(salt.encode(), digest_size=32).digest()
    names = (choice.name(row) for row in choice.rows.tolist())
    hashes = [
        int.from_bytes(hashlib.blake2b(name.encode(), digest_size=HASH_BYTES, key=key).digest())
        if name
        else 0
        for name in names
    ]
    return np.array(hashes, dtype=np.int64)
