"""The best solution of a whole-number program, by prices first and CP-SAT for what they leave open.

A column whose loss against the prices exceeds what the bound leaves open is in no solution at least as good
as the one known; one whose gain exceeds it is in all of them. Only the others reach the solver, which
computes in integers with one worker and a limit in its own steps, so that a run is reproducible.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from partnerships.matching.program import Integers, Mask, Prices, Program, gains, scaled_bound
from partnerships.matching.relaxation import Relaxed, Separate, relax
from partnerships.matching.stage_proof import Cut

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

FIRST_LOOK = 2000
"""About so many of the most promising columns are searched first, for a good solution to begin from."""
FIRST_NODES = 300
"""So many nodes of a tree that first look may take."""
MOST_OPEN = 150_000
"""More columns than that left open are not given to the solver."""


@dataclass(frozen=True)
class Task:
    """A program, what its columns are worth, and a solution to begin from.

    Among columns of equal worth those of more `prefer` are looked at first. `effort` is in CP-SAT's
    deterministic steps, about seconds of one core. `enough`: the first solution worth so much will do.
    `brief`: only the most promising columns are looked at.
    """

    program: Program
    weights: Integers
    known: Mask
    prefer: Integers
    effort: float
    separate: Separate | None = None
    cuts: tuple[Cut, ...] = ()
    enough: int | None = None
    brief: bool = False

    def value(self, taken: Mask) -> int:
        """What these columns are worth."""
        return int(self.weights[taken].sum())


@dataclass(frozen=True)
class Solved:
    """The columns taken, the prices that bound them, and whether all that these leave open was searched."""

    taken: Mask
    relaxed: Relaxed
    finished: bool


def maximise(task: Task) -> Solved:
    """The solution worth most."""
    begun = np.flatnonzero(task.known)
    enough = task.enough
    relaxed = relax(
        task.program,
        task.weights,
        known=begun,
        goal=task.value(task.known) if enough is None else enough - 1,
        separate=task.separate,
        cuts=task.cuts,
    )
    wanted = relaxed.bound if enough is None else min(enough, relaxed.bound + 1)
    if task.value(task.known) >= wanted or relaxed.bound < wanted:
        return Solved(task.known, relaxed, True)
    near = np.unique(np.concatenate([_promising(task, relaxed.prices), relaxed.support, begun]))
    taken = _first_look(task, near)
    if task.value(taken) >= wanted or task.brief:
        return Solved(taken, relaxed, task.value(taken) >= wanted)
    least = task.value(taken) + 1 if enough is None else enough
    undecided, surely = open_columns(task.program, task.weights, relaxed.prices, least)
    if len(undecided) > MOST_OPEN:
        return Solved(taken, relaxed, False)
    taken, finished = _searched(task, taken, undecided, surely, task.effort)
    return Solved(taken, relaxed, finished)


def open_columns(program: Program, weights: Integers, prices: Prices, value: int) -> tuple[Integers, Mask]:
    """(columns that prices leave open in solutions worth `value` or more, whether each is in all of them)."""
    slack = scaled_bound(program, weights, prices) - value * prices.scale
    found = gains(program, weights, prices)
    return np.flatnonzero(np.abs(found) <= slack), found > max(slack, -1)


def _promising(task: Task, prices: Prices) -> Integers:
    """For each row the columns that lose least against the prices."""
    program = task.program
    found = gains(program, task.weights, prices)
    rank = np.empty(len(program), dtype=np.int64)
    rank[np.lexsort((-task.prefer, -found))] = np.arange(len(program))
    order = np.lexsort((rank[program.column_of_entry], program.rows))
    rows = program.rows[order]
    place = np.arange(len(rows)) - np.searchsorted(rows, rows)
    near = order[place < max(FIRST_LOOK // len(program.limits), 1)]
    return np.unique(program.column_of_entry[near])


def _first_look(task: Task, among: Integers) -> Mask:
    """A good solution made of these columns, if SCIP finds a better one than is known.

    It computes in floating point and stops after a number of nodes; what it finds is checked in integers.
    """
    from ortools.linear_solver import pywraplp  # a heavy load: only where something is solved

    solver = pywraplp.Solver.CreateSolver("SCIP")
    solver.SetSolverSpecificParametersAsString(f"limits/totalnodes = {FIRST_NODES}\n")
    part = task.program.only(among)
    takes = [solver.BoolVar("") for _column in among]
    goal = solver.Objective()
    goal.SetMaximization()
    for take, weight in zip(takes, task.weights[among].tolist(), strict=True):
        goal.SetCoefficient(take, weight)
    limits = [solver.Constraint(-solver.infinity(), int(limit)) for limit in part.limits]
    entries = zip(part.rows.tolist(), part.column_of_entry.tolist(), part.uses.tolist(), strict=True)
    for row, column, use in entries:
        limits[row].SetCoefficient(takes[column], use)
    solver.SetHint(takes, task.known[among].astype(float).tolist())
    exact = pywraplp.MPSolverParameters()
    exact.SetDoubleParam(exact.RELATIVE_MIP_GAP, 0.0)
    if solver.Solve(exact) not in (solver.OPTIMAL, solver.FEASIBLE):
        return task.known
    taken = np.zeros(len(task.program), dtype=np.bool_)
    taken[among] = [take.solution_value() > 0.5 for take in takes]
    sound = (task.program.used(taken) <= task.program.limits).all()
    return taken if sound and task.value(taken) > task.value(task.known) else task.known


def _searched(task: Task, known: Mask, among: Integers, surely: Mask, effort: float) -> tuple[Mask, bool]:
    """(the better of the known solution and what the solver makes of these columns, whether it finished)."""
    from ortools.sat.python import cp_model  # loads pandas, too: only where something is solved

    model = cp_model.CpModel()
    takes = [model.new_bool_var("") for _column in among]
    _limit(model, task.program, takes, among, surely)
    total = cp_model.LinearExpr.weighted_sum(takes, task.weights[among].tolist())
    sure = task.value(surely)
    if task.enough is None:
        model.add(total >= task.value(known) + 1 - sure)
        model.maximize(total)
    else:
        model.add(total >= task.enough - sure)
    for take, value in zip(takes, known[among].tolist(), strict=True):
        model.add_hint(take, value)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return known, status == cp_model.INFEASIBLE
    taken = surely.copy()
    taken[among] = [bool(solver.value(take)) for take in takes]
    return taken, status == cp_model.OPTIMAL


def _limit(
    model: cp_model.CpModel,
    program: Program,
    takes: list[cp_model.IntVar],
    among: Integers,
    surely: Mask,
) -> None:
    """Every row of the program over the columns that are variables; the sure ones have used their part."""
    from ortools.sat.python import cp_model

    part = program.only(among)
    left = program.limits - program.used(surely)
    order = np.argsort(part.rows, kind="stable")
    rows, first = np.unique(part.rows[order], return_index=True)
    for row, entries in zip(rows.tolist(), np.split(order, first[1:]), strict=False):  # none: one empty part
        variables = [takes[column] for column in part.column_of_entry[entries].tolist()]
        uses = part.uses[entries].tolist()
        if left[row] == 1 and set(uses) == {1}:
            model.add_at_most_one(variables)
        else:
            model.add(cp_model.LinearExpr.weighted_sum(variables, uses) <= int(left[row]))
