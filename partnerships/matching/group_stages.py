"""The stages of a grouping, one after the other, each solved exactly where the effort suffices.

1. Most cities of couples placed, then most cities.
2. The highest floor: the largest mean of free links that the weakest group can have at that.
3. The best total above the floor.
4. Among equal optima the most groups of the run before, then the one that a BLAKE2 hash of the published
   salt and the groups' ids prefers, so that neither the order of rows nor the solver decides.

Stages 1 to 3 carry a proof that needs no solver: prices, and where these leave a gap an exhausted search.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from partnerships.matching.columns import DECIDED, Columns, PoolGround
from partnerships.matching.exhaustion import TooManyError, better_exists
from partnerships.matching.pool import Cut, ProofKind, StageProof, StageProofs
from partnerships.matching.profiles import FULL_SCORE
from partnerships.matching.program import Integers, Mask, Program
from partnerships.matching.relaxation import relax
from partnerships.matching.search import Solved, Task, maximise, open_columns
from partnerships.matching.separation import separate_groups

HASH_BYTES = 3


@dataclass(frozen=True)
class Partition:
    """The rows of the chosen groups, the proof, and how many groups could be exchanged at no loss."""

    chosen: tuple[int, ...]
    proofs: StageProofs
    tied: int = 0


@dataclass(frozen=True)
class Stage:
    """Some of the columns as a program: one row a city, then what earlier stages ask for."""

    ground: PoolGround
    rows: Integers
    program: Program

    @property
    def columns(self) -> Columns:
        return self.ground.columns.only(self.rows)

    def among(self, kept: Integers) -> "Stage":
        """The same with these of its columns alone."""
        return replace(self, rows=self.rows[kept], program=self.program.only(kept))

    def asking(self, weights: Integers, least: int) -> "Stage":
        """The same where the sum of these weights must reach so much."""
        return replace(self, program=self.program.with_row(-weights, -least))

    def task(self, weights: Integers, known: Mask, effort: float) -> Task:
        """To maximise these weights, with the cuts that hold in any grouping."""
        cities = len(self.ground.pool.pool)
        return Task(
            program=self.program,
            weights=weights,
            known=known,
            prefer=self.columns.worth,
            effort=effort,
            separate=separate_groups(self.columns, cities),
            cuts=(Cut(tuple(range(cities)), self.ground.pool.smallest),),
        )


def first_stage(ground: PoolGround) -> Stage:
    """All columns; a city that no group can hold has no place to give."""
    members, cities = ground.columns.members, len(ground.pool.pool)
    filled = members < cities
    lengths = filled.sum(axis=1)
    rows = members[filled]
    limits = np.zeros(cities, dtype=np.int64)
    limits[rows] = 1
    program = Program(np.cumsum(lengths) - lengths, rows, np.ones(len(rows), dtype=np.int64), limits)
    return Stage(ground, np.arange(len(members)), program)


def placing(ground: PoolGround, columns: Columns) -> Integers:
    """Weights of stage 1: a city of a couple counts more than all cities together."""
    return columns.sizes + columns.couples * (len(ground.pool.pool) + 1)


def worth(ground: PoolGround, columns: Columns) -> Integers:
    """Weights of stage 3: the worth, and for a group of the run before the bonus for each of its cities."""
    return columns.worth + ground.pool.settings.keep_bonus * columns.sizes * kept_before(ground, columns)


def kept_before(ground: PoolGround, columns: Columns) -> Integers:
    """1 for each group that the run before proposed, else 0."""
    position = {city: place for place, city in enumerate(ground.ids)}
    kept = np.zeros(len(columns), dtype=np.int64)
    for group in ground.pool.previous:
        if group.cities <= position.keys():
            row = columns.find([position[city] for city in group.cities])
            if row is not None:
                kept[row] = 1
    return kept


def partition(ground: PoolGround, seconds: float, tell: Callable[[str], None]) -> Partition:
    """All stages. `seconds` of effort are shared out among them; `tell` hears each stage as it begins."""
    if not len(ground.columns):
        return Partition((), StageProofs())
    tell("placed")
    stage = first_stage(ground)
    weights = placing(ground, stage.columns)
    solved = maximise(stage.task(weights, _guided(stage, seconds / 20), seconds / 8))
    goal = int(weights[solved.taken].sum())
    placed = proof_of(stage.program, weights, solved, goal)
    floor = None
    if ground.pool.settings.raise_floor:
        tell("floor")
        stage, solved, floor = _raised(stage, solved, goal, seconds / 4)
    tell("total")
    stage = stage.asking(placing(ground, stage.columns), goal)
    weights = worth(ground, stage.columns)
    solved = maximise(stage.task(weights, solved.taken, seconds / 2))
    total = proof_of(stage.program, weights, solved, int(weights[solved.taken].sum()))
    tell("closeness")
    chosen, tied = _settled(stage, weights, solved, seconds / 30)
    return Partition(chosen, StageProofs(placed, floor, total), tied)


def _guided(stage: Stage, effort: float, known: Mask | None = None) -> Mask:
    """A good solution to begin from: cities placed and scores as one sum, which no stage rests on.

    Scores tell the solver where to look; counting cities alone, all groups look alike to it.
    """
    weights = FULL_SCORE * placing(stage.ground, stage.columns) + stage.columns.worth
    nothing = np.zeros(len(stage.rows), dtype=np.bool_)
    task = stage.task(weights, nothing if known is None else known, effort)
    return maximise(replace(task, brief=True)).taken


def proof_of(program: Program, weights: Integers, solved: Solved, value: int) -> StageProof:
    """How far it is shown that nothing is worth more than `value`."""
    found = solved.relaxed
    kind = ProofKind.PRICES if found.bound <= value else ProofKind.SEARCH
    if kind is ProofKind.SEARCH:
        try:
            proven = not better_exists(program, weights, found.prices, value)
            kind = ProofKind.ENUMERATED if proven else ProofKind.OPEN
        except TooManyError:
            kind = ProofKind.SEARCH if solved.finished else ProofKind.OPEN
    prices = found.prices
    return StageProof(
        kind=kind,
        bound=found.bound,
        gap=max(found.bound - value, 0),
        scale=prices.scale,
        prices=(*prices.rows.tolist(), *prices.cut_prices),
        cuts=prices.cuts,
    )


def _raised(
    stage: Stage, solved: Solved, goal: int, effort: float
) -> tuple[Stage, Solved, StageProof | None]:
    """The stage above the highest floor, a solution there, and the proof that one more loses a city."""
    search = _FloorSearch(stage, goal, effort / 8)
    taken, proof = search.highest(solved.taken)
    weakest = stage.columns.weakest
    kept = np.flatnonzero(weakest >= weakest[taken].min(initial=DECIDED))
    return stage.among(kept), replace(solved, taken=taken[kept]), proof


class _FloorSearch:
    """Looks for the highest floor, by halving: first what prices allow, then with whole groups."""

    def __init__(self, stage: Stage, goal: int, effort: float) -> None:
        self.stage, self.goal, self.effort = stage, goal, effort
        self.columns = stage.columns
        self.floors = np.unique(self.columns.weakest)
        self.failed: dict[int, tuple[Stage, Solved]] = {}

    def highest(self, taken: Mask) -> tuple[Mask, StageProof | None]:
        """A solution of the highest floor, begun from one that reaches the goal, and the proof."""
        low = self._place(taken)
        high = self._allowed_by_prices(low)
        middle = high
        while low < high:
            found = self._try(middle, taken)
            if found is None:
                high = middle - 1
            else:
                taken, low = found, self._place(found)
            middle = (low + high + 1) // 2
        return taken, self._proof(high + 1)

    def _place(self, taken: Mask) -> int:
        weakest = self.columns.weakest[taken].min(initial=self.floors[-1])
        return int(np.searchsorted(self.floors, weakest))

    def _allowed_by_prices(self, low: int) -> int:
        high = len(self.floors) - 1
        while low < high:
            middle = (low + high + 1) // 2
            part, weights = self._above(middle)
            task = part.task(weights, np.zeros(len(weights), dtype=np.bool_), 0)
            none = np.zeros(0, dtype=np.int64)
            relaxed = relax(task.program, weights, known=none, goal=self.goal - 1, cuts=task.cuts)
            if relaxed.bound < self.goal:
                self.failed[middle] = part, Solved(task.known, relaxed, True)
                high = middle - 1
            else:
                low = middle
        return high

    def _try(self, place: int, taken: Mask) -> Mask | None:
        """A solution without the groups below a floor, if one reaches the goal."""
        part, weights = self._above(place)
        task = part.task(weights, _guided(part, self.effort, taken[part.rows]), self.effort)
        solved = maximise(replace(task, enough=self.goal))
        if task.value(solved.taken) < self.goal:
            self.failed[place] = part, solved
            return None
        whole = np.zeros(len(taken), dtype=np.bool_)
        whole[part.rows[solved.taken]] = True
        return whole

    def _above(self, place: int) -> tuple[Stage, Integers]:
        part = self.stage.among(np.flatnonzero(self.columns.weakest >= self.floors[place]))
        return part, placing(part.ground, part.columns)

    def _proof(self, place: int) -> StageProof | None:
        if place == len(self.floors):
            return None
        part, solved = self.failed[place]
        return proof_of(part.program, placing(part.ground, part.columns), solved, self.goal - 1)


def _settled(stage: Stage, weights: Integers, solved: Solved, effort: float) -> tuple[tuple[int, ...], int]:
    """Among solutions of equal worth the one closest to the run before, then the one the salt prefers."""
    value = int(weights[solved.taken].sum())
    undecided, surely = open_columns(stage.program, weights, solved.relaxed.prices, value)
    equal = np.union1d(np.union1d(undecided, np.flatnonzero(surely)), np.flatnonzero(solved.taken))
    taken = solved.taken[equal]
    if taken.all():
        return tuple(stage.rows[solved.taken].tolist()), 0
    stage = stage.asking(weights, value).among(equal)
    kept = kept_before(stage.ground, stage.columns)
    if kept.any():
        taken = maximise(stage.task(kept, taken, effort)).taken
        stage = stage.asking(kept, int(kept[taken].sum()))
    taken = maximise(stage.task(-_hashes(stage), taken, effort)).taken
    return tuple(stage.rows[taken].tolist()), len(taken)


def _hashes(stage: Stage) -> Integers:
    """A number for each group that nobody foresees before the salt is published and anybody checks after."""
    salt, ids, columns = stage.ground.pool.settings.salt, stage.ground.ids, stage.columns
    key = hashlib.blake2b(salt.encode(), digest_size=32).digest()
    named = ([ids[city] for city in columns.cities(row)] for row in range(len(columns)))
    groups = ("".join(f"{len(city)}:{city}" for city in group) for group in named)
    hashes = [
        int.from_bytes(hashlib.blake2b(group.encode(), digest_size=HASH_BYTES, key=key).digest())
        for group in groups
    ]
    return np.array(hashes, dtype=np.int64)
