"""The problem as integers: free candidates in rank order, limits with a capacity, floors to reach.

Pinned applications have taken their places, their part of the quotas and their money beforehand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import gcd

from calls.selection.order import in_order
from calls.selection.outcome import InputFault
from calls.selection.passing import failure
from calls.selection.profile import Candidate, SelectionInput


@dataclass(frozen=True)
class Limit:
    """At most `most` of what its members use: one place each, or money."""

    code: str
    label: str
    most: int
    uses: dict[int, int]


@dataclass(frozen=True)
class Floor:
    label: str
    least: int
    members: frozenset[int]


@dataclass(frozen=True)
class Ground:
    """Positions count the free candidates in rank order; limits and floors name them by position."""

    selection: SelectionInput
    order: tuple[Candidate, ...]
    free: tuple[Candidate, ...]
    pinned: tuple[Candidate, ...]
    limits: tuple[Limit, ...]
    floors: tuple[Floor, ...]

    @cached_property
    def weights(self) -> tuple[int, ...]:
        return tuple(row.score for row in self.free)

    def shortfall(self, chosen: Iterable[int]) -> int:
        taken = set(chosen)
        return sum(max(0, floor.least - len(floor.members & taken)) for floor in self.floors)

    def broken(self, chosen: Sequence[int]) -> list[Limit]:
        """The limits that a list exceeds."""
        return [row for row in self.limits if sum(row.uses.get(place, 0) for place in chosen) > row.most]

    @property
    def nested(self) -> bool:
        """No money, and of two quotas one contains the other or they are apart: rank order is optimal."""
        sets = [quota.countries for quota in self.selection.quotas]
        apart = all(a <= b or b <= a or not a & b for a in sets for b in sets)
        return apart and all(limit.code != "no_budget" for limit in self.limits)


def lay_ground(selection: SelectionInput) -> Ground:
    """Raises InputFault when the pins alone break a limit or name nobody."""
    order = in_order(selection)
    pins = {pin.id: pin.must for pin in selection.pins}
    if unknown := set(pins) - {row.id for row in order}:
        raise InputFault("pin_unknown", reference=min(unknown))
    pinned = tuple(row for row in order if pins.get(row.id))
    free = tuple(row for row in order if row.id not in pins and failure(selection, row) is None)
    return Ground(
        selection, order, free, pinned, _limits(selection, free, pinned), _floors(selection, free, pinned)
    )


def _limits(
    selection: SelectionInput, free: tuple[Candidate, ...], pinned: tuple[Candidate, ...]
) -> tuple[Limit, ...]:
    settings, found = selection.settings, []
    for quota in selection.quotas:
        left = quota.ceiling - sum(row.country in quota.countries for row in pinned)
        uses = {place: 1 for place, row in enumerate(free) if row.country in quota.countries}
        found.append(Limit("quota_full", quota.label, left, uses))
    if settings.places is not None:
        uses = dict.fromkeys(range(len(free)), 1)
        found.append(Limit("places_full", "", settings.places - len(pinned), uses))
    if settings.budget is not None:
        left = settings.budget - sum(row.amount for row in pinned)
        # Sums of amounts are multiples of their common divisor: small numbers make sharp prices.
        step = gcd(*(row.amount for row in free)) or 1
        uses = {place: row.amount // step for place, row in enumerate(free)}
        found.append(Limit("no_budget", "", left // step, uses))
    for limit in found:
        if limit.most < 0:
            raise InputFault("pins_break_limit", limit=limit.code, label=limit.label)
    return tuple(found)


def _floors(
    selection: SelectionInput, free: tuple[Candidate, ...], pinned: tuple[Candidate, ...]
) -> tuple[Floor, ...]:
    found = []
    for quota in selection.quotas:
        left = quota.floor - sum(row.country in quota.countries for row in pinned)
        if left > 0:
            members = frozenset(place for place, row in enumerate(free) if row.country in quota.countries)
            found.append(Floor(quota.label, left, members))
    return tuple(found)
