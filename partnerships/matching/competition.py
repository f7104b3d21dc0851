"""Why a city found no partner: who competed with it, and for what."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from partnerships.matching.ground import Ground
from partnerships.matching.network import enclosing_quotas
from partnerships.matching.outcome import Message
from partnerships.matching.profiles import Side
from partnerships.matching.table import Block, Blocks, Integers, Mask, Table

MOST_NAMED = 10
"""How many ids a cause lists; the counts are always whole."""

Bits = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Contest:
    """Who holds the places that a city competes for, these places, the full quotas among them, and how many
    of the places are closed only to countries that their city has enough partners from."""

    holders: list[int]
    places: list[int]
    quotas: list[str]
    country_full: int


@dataclass(frozen=True)
class Bench:
    """One side of a finished run. `pairs` holds own city and partner of every proposed pair, pins included.

    `open_bits`: which cities of the other side with places are open to a city, packed by row; `pinned`: which
    of the pairs are pins.
    """

    label: str
    own: Side
    other: Side
    table: Table
    pairs: Integers
    pinned: Mask
    open_bits: Bits
    _known: dict[bytes, Contest] = field(default_factory=dict)

    def cause(self, index: int) -> Message:
        """Why the city has no partner, the plainest cause first.

        no_capacity; no_candidate {below_minimum, vetoed}: pairs ruled out; quota_full {quota, maximum};
        competition {cities, city_count, places, place_count, quotas, country_full}: it and the other cities
        found partners only among these places; the first ten are named, itself first. `quotas` are the full
        quotas of the partners' side that play a part, `country_full` counts the places that are closed only
        because their city has all the partners that it may have from one country.
        """
        profile = self.own.profiles[index]
        if profile.capacity == 0:
            return Message("no_capacity", {})
        wanted = self._open(index)
        if not wanted.any():
            blocks = self._blocks(index)
            counts = {"below_minimum": Block.BELOW_MINIMUM, "vetoed": Block.VETOED}
            return Message(
                "no_candidate", {name: int((blocks == kind).sum()) for name, kind in counts.items()}
            )
        for position in enclosing_quotas(self.own.quotas, profile.country):
            quota = self.own.quotas[position]
            if quota.maximum is not None and self._used(quota.countries) >= quota.maximum:
                return Message("quota_full", {"quota": quota.label, "maximum": quota.maximum})
        return self._competition(index, wanted)

    def _blocks(self, index: int) -> Blocks:
        return self.table.row(index)[1] if self.label == "a" else self.table.column(index)[1]

    def _open(self, index: int) -> Mask:
        return np.unpackbits(self.open_bits[index], count=len(self.other.profiles)).astype(np.bool_)

    @cached_property
    def _countries(self) -> npt.NDArray[np.str_]:
        return np.array([row.country for row in self.own.profiles], dtype=np.str_)

    @cached_property
    def _taken(self) -> Integers:
        return np.bincount(self.pairs[:, 1], minlength=len(self.other.profiles))

    @cached_property
    def _full(self) -> Mask:
        """The other side's cities that have all their partners."""
        capacities = np.array([row.capacity for row in self.other.profiles], dtype=np.int64)
        return self._taken >= capacities

    @cached_property
    def _full_quotas(self) -> list[tuple[str, Mask]]:
        """The other side's full quotas: label and the cities they hold."""
        full = []
        for quota in self.other.quotas:
            inside = np.array([row.country in quota.countries for row in self.other.profiles], dtype=np.bool_)
            if quota.maximum is not None and self._taken[inside].sum() >= quota.maximum:
                full.append((quota.label, inside))
        return full

    def _used(self, inside: frozenset[str]) -> int:
        return int(np.isin(self._countries[self.pairs[:, 0]], list(inside)).sum())

    def _competition(self, index: int, wanted: Mask) -> Message:
        country = self._countries[index] if self.other.most_per_country is not None else ""
        key = country.encode() + b" " + wanted.tobytes()
        if key not in self._known:  # cities with the same candidates meet the same rivals
            self._known[key] = self._contest(index, wanted)
        contest = self._known[key]
        rivals = [index, *contest.holders]
        return Message(
            "competition",
            {
                "cities": [self.own.profiles[row].id for row in rivals[:MOST_NAMED]],
                "city_count": len(rivals),
                "places": [self.other.profiles[column].id for column in contest.places[:MOST_NAMED]],
                "place_count": len(contest.places),
                "quotas": contest.quotas,
                "country_full": contest.country_full,
            },
        )

    def _contest(self, index: int, wanted: Mask) -> Contest:
        """All that a city with these candidates reaches in the residual network.

        The candidates are taken, their quota is full, or they have enough partners of the city's country:
        those who hold these places compete for them, and for their own other candidates too, and so on.
        """
        own, theirs = self.pairs[:, 0], self.pairs[:, 1]
        holders = np.zeros(len(self.own.profiles), dtype=np.bool_)
        countries, places, closed = {str(self._countries[index])}, wanted, self._full
        while True:
            quotas = [(label, inside) for label, inside in self._full_quotas if (inside & places).any()]
            for _, inside in quotas:
                places, closed = places | inside, closed | inside
            held = places[theirs] & (closed[theirs] | np.isin(self._countries[own], list(countries)))
            new = np.setdiff1d(own[held & ~self.pinned], np.flatnonzero(holders))  # pinned pairs cannot move
            if not len(new):
                break
            holders[new] = True
            countries |= set(self._countries[new].tolist())
            reached = np.bitwise_or.reduce(self.open_bits[new], axis=0)
            places = places | np.unpackbits(reached, count=len(places)).astype(np.bool_)
        places = places & (self._taken > 0)
        return Contest(
            holders=np.unique(own[held & places[theirs]]).tolist(),
            places=np.flatnonzero(places).tolist(),
            quotas=[label for label, _ in quotas],
            country_full=int((places & ~closed).sum()),
        )


def benches(ground: Ground, taken: Integers) -> tuple[Bench, Bench]:
    """Both sides of a run whose pairs are these rows and columns."""
    pairing, table = ground.pairing, ground.table
    pinned = np.isin(taken @ [table.shape[1], 1], table.pinned @ [table.shape[1], 1])
    hosts_a, hosts_b = (
        np.array([row.capacity > 0 for row in side.profiles], dtype=np.bool_)
        for side in (pairing.a, pairing.b)
    )
    bits = ground.candidates.open_bits
    bits_a, bits_b = bits & np.packbits(hosts_b), _turned(bits, table.shape[1]) & np.packbits(hosts_a)
    return (
        Bench("a", pairing.a, pairing.b, table, taken, pinned, bits_a),
        Bench("b", pairing.b, pairing.a, table, taken[:, ::-1], pinned, bits_b),
    )


def _turned(bits: Bits, width: int) -> Bits:
    """Packed rows as packed columns."""
    parts = [
        np.packbits(np.unpackbits(bits[:, start : start + 64], axis=1).T, axis=1)
        for start in range(0, bits.shape[1], 64)
    ]
    return np.concatenate([np.zeros((0, (len(bits) + 7) // 8), dtype=np.uint8), *parts])[:width]
