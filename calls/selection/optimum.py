"""The list worth most where money or crossing quotas make rank order fall short of it.

1. The fewest places missing to the floors. 2. The largest sum of scores at that. 3. Among equal optima the
one that takes the best-ranked candidate in question, then the next, and so on, for the first MOST_TIED.

Prices settle most candidates beforehand: one whose gain or loss exceeds what the bound leaves open is in,
or out, in every list at least as good as the one known. Only the others reach the solver, CP-SAT, which
computes in integers; one worker and a limit in steps, not seconds, so that a run is reproducible.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from calls.selection.bound import find_prices, merit_bound, reduced, shortfall_bound
from calls.selection.ground import Ground
from calls.selection.line import walk
from calls.selection.outcome import Prices

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

EFFORT = 5.0  # CP-SAT's own steps, about seconds of one core
TIE_EFFORT = 1.0
AT_ONCE = 40  # candidates whose ranks fit into one objective of 64 bits
MOST_TIED = 80


@dataclass(frozen=True)
class Optimum:
    """`finished`: the solver searched everything."""

    chosen: tuple[int, ...]
    finished: bool
    merit: Prices
    shortfall: Prices


class SolverError(Exception):
    """The solver refused a problem that is solvable by construction."""


def optimise(ground: Ground, effort: float = EFFORT) -> Optimum:
    """All three stages, each within an effort. Raises SolverError when the solver finds nothing."""
    chosen, finished = walk(ground), True
    missing = find_prices(ground, None)
    if ground.shortfall(chosen) > shortfall_bound(ground, missing):
        chosen, finished = _fewest_missing(ground, effort)
    short = ground.shortfall(chosen)
    merit = find_prices(ground, short)
    known = max(chosen, _by_prices(ground, merit, short), key=lambda row: _worth(ground, row))
    chosen, found = _worth_most(ground, merit, short, known, effort)
    finished = finished and found
    if finished:
        chosen = _best_ranked(ground, merit, short, chosen)
    return Optimum(chosen, finished, merit, missing)


def open_places(ground: Ground, merit: Prices, short: int, value: int) -> tuple[list[int], list[int]]:
    """(candidates in every list worth at least `value`, candidates that prices leave open)."""
    slack = merit_bound(ground, merit, short).scaled - value * merit.scale
    gains = reduced(ground, ground.weights, merit)
    fixed = [place for place, gain in enumerate(gains) if gain > slack]
    return fixed, [place for place, gain in enumerate(gains) if -slack <= gain <= slack]


def _worth(ground: Ground, chosen: Iterable[int]) -> int:
    return sum(ground.weights[place] for place in chosen)


def _by_prices(ground: Ground, merit: Prices, short: int) -> tuple[int, ...]:
    """A good list to begin from: who is worth most beyond the prices, as long as they fit; else none."""
    gains = reduced(ground, ground.weights, merit)
    left = [limit.most for limit in ground.limits]
    chosen: list[int] = []
    for place in sorted(range(len(gains)), key=lambda place: (-gains[place], place)):
        rest = [room - limit.uses.get(place, 0) for room, limit in zip(left, ground.limits, strict=True)]
        if min(rest, default=0) >= 0:
            left, chosen = rest, [*chosen, place]
    return tuple(sorted(chosen)) if ground.shortfall(chosen) <= short else ()


@dataclass
class _Model:
    """The open candidates as variables, the fixed ones as what they use."""

    solver: cp_model.CpModel
    takes: dict[int, cp_model.IntVar]
    missing: Any
    nothing: cp_model.IntVar

    def total(self, weights: Mapping[int, int]) -> Any:
        """The sum of these weights over the candidates taken; an expression also where none is open."""
        return sum((weights[place] * self.takes[place] for place in weights), start=self.nothing)


def _model(ground: Ground, fixed: list[int], undecided: list[int]) -> _Model:
    from ortools.sat.python import cp_model  # loads pandas, too: only where something is solved

    solver = cp_model.CpModel()
    takes = {place: solver.new_bool_var("") for place in undecided}
    model = _Model(solver, takes, solver.new_constant(0), solver.new_constant(0))
    for limit in ground.limits:
        left = limit.most - sum(limit.uses.get(place, 0) for place in fixed)
        uses = {place: limit.uses[place] for place in takes if place in limit.uses}
        solver.add(model.total(uses) <= left)
    for floor in ground.floors:
        left = floor.least - len(floor.members.intersection(fixed))
        if left > 0:
            miss = solver.new_int_var(0, left, "")
            model.missing += miss
            solver.add(model.total({place: 1 for place in takes if place in floor.members}) + miss >= left)
    _prefer_the_better(solver, ground, takes)
    return model


def _prefer_the_better(model: cp_model.CpModel, ground: Ground, takes: dict[int, cp_model.IntVar]) -> None:
    """Of two that count alike and cost the same, the lower ranked is never taken without the higher."""
    last: dict[tuple[object, ...], int] = {}
    for place in sorted(takes):
        alike = (
            *(limit.uses.get(place) for limit in ground.limits),
            *(place in floor.members for floor in ground.floors),
        )
        if alike in last:
            model.add_implication(takes[place], takes[last[alike]])
        last[alike] = place


def _fewest_missing(ground: Ground, effort: float) -> tuple[tuple[int, ...], bool]:
    everybody = list(range(len(ground.free)))
    model = _model(ground, [], everybody)
    model.solver.minimize(model.missing)
    solved, finished = _solve(model, walk(ground), effort)
    return _taken(model, solved, []), finished


def _worth_most(
    ground: Ground, merit: Prices, short: int, known: tuple[int, ...], effort: float
) -> tuple[tuple[int, ...], bool]:
    """The largest sum of scores, begun from a list that is known; whether the search was finished."""
    value = _worth(ground, known)
    if merit_bound(ground, merit, short).value == value:
        return known, True
    fixed, undecided = open_places(ground, merit, short, value)
    model = _model(ground, fixed, undecided)
    model.solver.add(model.missing <= short)
    model.solver.maximize(model.total({place: ground.weights[place] for place in undecided}))
    solved, finished = _solve(model, known, effort)
    return _taken(model, solved, fixed), finished


def _best_ranked(ground: Ground, merit: Prices, short: int, best: tuple[int, ...]) -> tuple[int, ...]:
    """Among all lists of the same worth the first in the order of ranks, decided rank by rank."""
    weights = ground.weights
    value = _worth(ground, best)
    fixed, undecided = open_places(ground, merit, short, value)
    left = value - _worth(ground, fixed)
    for start in range(0, min(len(undecided), MOST_TIED), AT_ONCE):
        model = _model(ground, fixed, undecided)
        model.solver.add(model.missing <= short)
        model.solver.add(model.total({place: weights[place] for place in undecided}) == left)
        for place in undecided[:start]:
            model.solver.add(model.takes[place] == (place in best))
        part = undecided[start : start + AT_ONCE]
        powers = {place: 2 ** (AT_ONCE - number) for number, place in enumerate(part, start=1)}
        model.solver.maximize(model.total(powers))
        solved, _finished = _solve(model, best, TIE_EFFORT)
        best = _taken(model, solved, fixed)
    return best


def _taken(model: _Model, solved: cp_model.CpSolver, fixed: list[int]) -> tuple[int, ...]:
    return tuple(sorted([*fixed, *(place for place, take in model.takes.items() if solved.value(take))]))


def _solve(model: _Model, known: Collection[int], effort: float) -> tuple[cp_model.CpSolver, bool]:
    """The solver with its values, and whether it searched everything."""
    from ortools.sat.python import cp_model

    for place, take in model.takes.items():
        model.solver.add_hint(take, place in known)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(model.solver)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise SolverError(str(status))
    return solver, status == cp_model.OPTIMAL
