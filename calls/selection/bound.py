"""What no permitted list can exceed: an exact bound from dual prices, without trusting a solver.

Put a price on each place, on money, and on each place short of a floor. For any prices of at least 0 and any
list within the limits and with at most `short` places missing to the floors,

    worth <= sum(price * capacity) - sum(floor price * floor) + short price * short
             + sum over candidates of max(0, score - prices paid + floor prices earned)
             + sum over floors of floor * max(0, floor price - short price)

by weak duality. When a list reaches the bound, nothing better exists. Checking takes additions only.
Source: Bertsimas and Tsitsiklis, Introduction to Linear Optimization (1997), chapters 4 and 11.4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

from calls.selection.ground import Ground
from calls.selection.outcome import Prices

SCALES = (1, 2**20, 2**40)  # whole prices suffice for nested quotas; money needs finer ones


@dataclass(frozen=True)
class Bound:
    """`value`: nothing is worth more. `scaled`: the same before rounding down, times the prices' scale."""

    value: int
    scaled: int


def merit_bound(ground: Ground, prices: Prices, short: int) -> Bound:
    """No list with at most this shortfall has a larger sum of scores."""
    worth = sum(max(0, gain) for gain in reduced(ground, ground.weights, prices))
    found = _bound(ground, prices, worth + prices.short * short, prices.short)
    step = gcd(*ground.weights) or 1  # a sum of scores is a multiple of their common divisor
    return Bound(found.value // step * step, found.scaled)


def shortfall_bound(ground: Ground, prices: Prices) -> int:
    """Every list misses at least this many places of the floors."""
    worth = sum(max(0, gain) for gain in reduced(ground, [0] * len(ground.free), prices))
    return -_bound(ground, prices, worth, prices.scale).value


def _bound(ground: Ground, prices: Prices, worth: int, short_price: int) -> Bound:
    for price, limit in zip(prices.limits, ground.limits, strict=True):
        worth += price * limit.most
    for price, floor in zip(prices.floors, ground.floors, strict=True):
        worth += floor.least * (max(0, price - short_price) - price)
    return Bound(worth // prices.scale, worth)


def reduced(ground: Ground, weights: Sequence[int], prices: Prices) -> list[int]:
    """What each candidate is worth beyond what it uses, times the scale."""
    gains = [weight * prices.scale for weight in weights]
    for price, limit in zip(prices.limits, ground.limits, strict=True):
        if price:
            for place, use in limit.uses.items():
                gains[place] -= price * use
    for price, floor in zip(prices.floors, ground.floors, strict=True):
        if price:
            for place in floor.members:
                gains[place] += price
    return gains


def honest(ground: Ground, prices: Prices) -> bool:
    """Prices that the bound holds for: one for each limit and floor, none negative."""
    whole = len(prices.limits) == len(ground.limits) and len(prices.floors) == len(ground.floors)
    return whole and prices.scale > 0 and min((0, prices.short, *prices.limits, *prices.floors)) == 0


def find_prices(ground: Ground, short: int | None) -> Prices:
    """Good prices from the linear relaxation: of merit at this shortfall, of the shortfall itself for None.

    The relaxation is solved in floating point; its prices are rounded and checked exactly, and bad ones would
    only weaken the bound.
    """
    relaxed = _relaxation(ground, short)
    if short is None:
        return min(
            (_rounded(relaxed, scale) for scale in SCALES), key=lambda row: -shortfall_bound(ground, row)
        )
    return min(
        (_rounded(relaxed, scale) for scale in SCALES), key=lambda row: merit_bound(ground, row, short).value
    )


@dataclass(frozen=True)
class _Relaxed:
    limits: list[float]
    floors: list[float]
    short: float


def _relaxation(ground: Ground, short: int | None) -> _Relaxed:
    from ortools.linear_solver import pywraplp  # a heavy load: only where something is solved

    solver = pywraplp.Solver.CreateSolver("GLOP")
    goal = solver.Objective()
    goal.SetMaximization()
    takes = [solver.NumVar(0, 1, "") for _row in ground.free]
    misses = [solver.NumVar(0, floor.least, "") for floor in ground.floors]
    for take, weight in zip(takes, ground.weights, strict=True):
        goal.SetCoefficient(take, weight if short is not None else 0)
    limits = []
    for limit in ground.limits:
        limits.append(solver.Constraint(-solver.infinity(), limit.most))
        for place, use in limit.uses.items():
            limits[-1].SetCoefficient(takes[place], use)
    floors = []
    for floor, miss in zip(ground.floors, misses, strict=True):
        floors.append(solver.Constraint(floor.least, solver.infinity()))
        floors[-1].SetCoefficient(miss, 1)
        for place in sorted(floor.members):
            floors[-1].SetCoefficient(takes[place], 1)
    missing = solver.Constraint(-solver.infinity(), solver.infinity() if short is None else short)
    for miss in misses:
        missing.SetCoefficient(miss, 1)
        goal.SetCoefficient(miss, -1 if short is None else 0)
    solver.Solve()
    return _Relaxed(
        [max(0.0, row.dual_value()) for row in limits],
        [max(0.0, -row.dual_value()) for row in floors],
        max(0.0, missing.dual_value()),
    )


def _rounded(relaxed: _Relaxed, scale: int) -> Prices:
    return Prices(
        scale,
        tuple(round(price * scale) for price in relaxed.limits),
        tuple(round(price * scale) for price in relaxed.floors),
        round(relaxed.short * scale),
    )
