"""Why a city found no partner: who competed with it, and for what."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from partnerships.matching.network import Block, Mask, enclosing_quotas
from partnerships.matching.outcome import Message
from partnerships.matching.profiles import Side

MOST_NAMED = 10
"""How many ids a cause lists; the counts are always whole."""


@dataclass(frozen=True)
class Bench:
    """One side of a finished run, its cities as rows and those of the other side as columns.

    `taken` marks the proposed pairs, pins included.
    """

    label: str
    own: Side
    other: Side
    blocks: npt.NDArray[np.int8]
    taken: Mask

    def cause(self, index: int) -> Message:
        """Why the city has no partner, the plainest cause first.

        no_capacity; no_candidate {below_minimum, vetoed}: pairs ruled out; quota_full {quota, maximum};
        competition {cities, city_count, places, place_count, quotas}: it and the other cities found
        partners only among these places; the first ten are named, itself first. `quotas` are the full
        quotas of the partners' side that play a part.
        """
        profile = self.own.profiles[index]
        if profile.capacity == 0:
            return Message("no_capacity", {})
        if not self._candidates[index].any():
            blocks = self.blocks[index]
            counts = {"below_minimum": Block.BELOW_MINIMUM, "vetoed": Block.VETOED}
            return Message(
                "no_candidate", {name: int((blocks == kind).sum()) for name, kind in counts.items()}
            )
        for position in enclosing_quotas(self.own.quotas, profile.country):
            quota = self.own.quotas[position]
            countries = [row.country for row in self.own.profiles]
            if quota.maximum is not None and self._used(quota.countries, countries) >= quota.maximum:
                return Message("quota_full", {"quota": quota.label, "maximum": quota.maximum})
        return self._competition(index)

    @cached_property
    def _candidates(self) -> Mask:
        hosts = np.array([row.capacity > 0 for row in self.other.profiles], dtype=np.bool_)
        return (self.blocks == Block.OPEN) & hosts[None, :]

    @cached_property
    def _movable(self) -> Mask:
        return self.taken & self._candidates

    @cached_property
    def _full_quotas(self) -> list[tuple[str, Mask]]:
        """The other side's full quotas: label and the cities they hold."""
        full = []
        taken = self.taken.sum(axis=0)
        for quota in self.other.quotas:
            inside = np.array([row.country in quota.countries for row in self.other.profiles], dtype=np.bool_)
            if quota.maximum is not None and taken[inside].sum() >= quota.maximum:
                full.append((quota.label, inside))
        return full

    def _used(self, inside: frozenset[str], countries: list[str]) -> int:
        taken = self.taken.sum(axis=1).tolist()
        return sum(count for count, country in zip(taken, countries, strict=True) if country in inside)

    def _competition(self, index: int) -> Message:
        wanted = self._candidates[index]
        key = wanted.tobytes()
        if key not in self._known:  # cities with the same candidates meet the same rivals
            self._known[key] = self._reach(wanted)
        holders, places, quotas = self._known[key]
        rivals = [index, *holders]
        return Message(
            "competition",
            {
                "cities": [self.own.profiles[row].id for row in rivals[:MOST_NAMED]],
                "city_count": len(rivals),
                "places": [self.other.profiles[column].id for column in places[:MOST_NAMED]],
                "place_count": len(places),
                "quotas": quotas,
            },
        )

    def _reach(self, wanted: Mask) -> tuple[list[int], list[int], list[str]]:
        """All that a city with these candidates reaches in the residual network.

        The candidates are taken, or their quota is full: those who hold these places compete for them, and
        for their own other candidates too, and so on. Gives who holds the places, the places, full quotas.
        """
        holders = np.zeros(len(self.own.profiles), dtype=np.bool_)
        places, quotas = wanted, list[tuple[str, Mask]]()
        while True:
            quotas = [(label, inside) for label, inside in self._full_quotas if (inside & places).any()]
            for _, inside in quotas:
                places = places | inside
            grown = self._movable[:, places].any(axis=1)  # pinned pairs cannot move
            if (grown <= holders).all():
                break
            holders |= grown
            places = places | self._candidates[holders].any(axis=0)
        places = places & self.taken.any(axis=0)
        return (
            np.flatnonzero(self.taken[:, places].any(axis=1)).tolist(),
            np.flatnonzero(places).tolist(),
            [label for label, _ in quotas],
        )

    @cached_property
    def _known(self) -> dict[bytes, tuple[list[int], list[int], list[str]]]:
        return {}
