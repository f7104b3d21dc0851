"""Good prices: from the linear relaxation, tightened by cuts.

Only the columns that could matter reach the solver; the prices it finds name the next (column generation).
It computes in floating point: its prices are rounded up to integers and checked exactly by `program.bound`,
and bad ones would only weaken the bound. All limits are counts, not seconds, so that a run is reproducible.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from partnerships.matching.program import (
    CutRow,
    Integers,
    Prices,
    Program,
    bound,
    cut_row,
    gains,
    scaled_bound,
)
from partnerships.matching.stage_proof import Cut

SCALE = 2**20
MOST_ROUNDS = 400
MOST_BARREN = 12
"""So many rounds of cuts without a better bound, and the search for cuts ends."""
ENTERING = 400
FIRST = 6
"""The relaxation begins with the best columns of each row, so many."""

Shares = npt.NDArray[np.float64]
Separate = Callable[[Integers, Shares], list[Cut]]
"""Given columns and how much of each is taken, the cuts that this breaks."""


@dataclass(frozen=True)
class Relaxed:
    """Prices and the bound they prove, times their scale and as a whole number.

    `support` are the columns of which the relaxation takes at least a part.
    """

    prices: Prices
    scaled: int
    bound: int
    support: Integers


def relax(
    program: Program,
    weights: Integers,
    *,
    known: Integers,
    goal: int,
    separate: Separate | None = None,
    cuts: tuple[Cut, ...] = (),
) -> Relaxed:
    """The best prices found. `known` columns make the program feasible; at the bound `goal` all is proven."""
    active = np.union1d(known, _promising(program, weights))
    rows = [cut_row(program, cut) for cut in cuts]
    best: Relaxed | None = None
    barren = 0
    for _round in range(MOST_ROUNDS):
        shares, prices = _solve(program, weights, active, cuts, rows)
        entering = _entering(program, weights, prices, active)
        if len(entering):
            active = np.union1d(active, entering)
            continue
        taken = shares > 1e-6
        found = _relaxed(program, weights, prices, active[taken])
        barren = 0 if best is None or found.scaled < best.scaled - SCALE // 100 else barren + 1
        best = found if best is None or found.scaled < best.scaled else best
        fresh = separate(active[taken], shares[taken]) if separate else []
        fresh = [cut for cut in fresh if cut not in cuts]
        if best.bound <= goal or not fresh or barren > MOST_BARREN:
            return best
        cuts = (*cuts, *fresh)
        rows += [cut_row(program, cut) for cut in fresh]
    return best or _relaxed(program, weights, prices, active[shares > 1e-6])


def _relaxed(program: Program, weights: Integers, prices: Prices, support: Integers) -> Relaxed:
    return Relaxed(prices, scaled_bound(program, weights, prices), bound(program, weights, prices), support)


def _promising(program: Program, weights: Integers) -> Integers:
    """The best columns of each row: enough for prices that are not absurd."""
    order = np.lexsort((-weights[program.column_of_entry], program.rows))
    rows = program.rows[order]
    first = np.searchsorted(rows, rows)
    near = order[np.arange(len(rows)) - first < FIRST]
    return np.unique(program.column_of_entry[near])


def _entering(program: Program, weights: Integers, prices: Prices, active: Integers) -> Integers:
    """The columns worth most beyond what the prices ask, if any is worth noticeably more."""
    found = gains(program, weights, prices)
    found[active] = 0
    worth = np.flatnonzero(found > prices.scale // 64)
    return worth[np.argsort(-found[worth], kind="stable")[:ENTERING]]


def _solve(
    program: Program, weights: Integers, active: Integers, cuts: tuple[Cut, ...], rows: list[CutRow]
) -> tuple[Shares, Prices]:
    """How much of each active column the relaxation takes, and its prices rounded up."""
    from ortools.linear_solver import pywraplp  # a heavy load: only where something is solved

    solver = pywraplp.Solver.CreateSolver("GLOP")
    goal = solver.Objective()
    goal.SetMaximization()
    part = program.only(active)
    takes = [solver.NumVar(0, 1, "") for _column in active]
    for take, weight in zip(takes, weights[active].tolist(), strict=True):
        goal.SetCoefficient(take, weight)
    limits = [solver.Constraint(-solver.infinity(), int(limit)) for limit in part.limits]
    entries = zip(part.rows.tolist(), part.column_of_entry.tolist(), part.uses.tolist(), strict=True)
    for row, column, use in entries:
        limits[row].SetCoefficient(takes[column], use)
    position = np.full(len(program), -1, dtype=np.int64)
    position[active] = np.arange(len(active))
    for cut in rows:
        limits.append(solver.Constraint(-solver.infinity(), cut.limit))
        for column, use in zip(position[cut.columns].tolist(), cut.uses.tolist(), strict=True):
            if column >= 0:
                limits[-1].SetCoefficient(takes[column], use)
    solver.Solve()
    prices = [max(0, int(np.ceil(limit.dual_value() * SCALE))) for limit in limits]
    own = len(program.limits)
    return np.array([take.solution_value() for take in takes]), Prices(
        SCALE, np.array(prices[:own], dtype=np.int64), cuts, tuple(prices[own:]), tuple(rows)
    )
