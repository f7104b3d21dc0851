"""Cuts for groups: inequalities that no partition breaks but the relaxation does."""

import numpy as np

from partnerships.matching.columns import Columns
from partnerships.matching.program import Integers
from partnerships.matching.relaxation import Separate, Shares
from partnerships.matching.stage_proof import Cut

MOST_CUTS = 60
"""So many, the most broken first, are added at once."""
MOST_CITIES = 160
BROKEN = 1e-3


def separate_groups(columns: Columns, cities: int) -> Separate:
    """Finds the cuts among the cities' rows (the first rows of the program) that shares of groups break."""

    def separate(taken: Integers, shares: Shares) -> list[Cut]:
        broken = shares < 1 - 1e-6
        part, some = columns.only(taken[broken]), shares[broken]
        if not len(some):
            return []
        together = _together(part, some, cities)
        found = [*_odd_sets(part, some, together), *_threes(part, some, together)]
        found.sort(key=lambda row: (-round(row[0], 6), row[1].rows))
        return [cut for _violation, cut in found[:MOST_CUTS]]

    return separate


def _together(part: Columns, shares: Shares, cities: int) -> Shares:
    """How much of each two cities shares a group."""
    together = np.zeros((cities + 1, cities + 1))
    for first in range(part.members.shape[1]):
        for second in range(part.members.shape[1]):
            if first != second:
                np.add.at(together, (part.members[:, first], part.members[:, second]), shares)
    together[cities] = together[:, cities] = 0
    return together


def _threes(part: Columns, shares: Shares, together: Shares) -> list[tuple[float, Cut]]:
    """Of three cities at most one group can hold two (Jepsen et al. 2008)."""
    cities = np.flatnonzero(together.any(axis=1))
    if len(cities) > MOST_CITIES:
        return []
    local = together[np.ix_(cities, cities)]
    held = local[:, :, None] + local[:, None, :] + local[None, :, :]
    place = np.full(len(together), -1, dtype=np.int64)
    place[cities] = np.arange(len(cities))
    where = place[part.members]
    width = where.shape[1]
    for first in range(width):
        for second in range(first + 1, width):
            for third in range(second + 1, width):
                three = where[:, [first, second, third]]
                inside = (three >= 0).all(axis=1)
                np.subtract.at(held, tuple(three[inside].T), 2 * shares[inside])
    ordered = np.triu(np.ones(local.shape, dtype=np.bool_), 1)
    held[~(ordered[:, :, None] & ordered[None, :, :])] = 0
    rows = np.argwhere(held > 1 + BROKEN)
    return [(float(held[tuple(row)] - 1), Cut(tuple(int(city) for city in cities[row]), 2)) for row in rows]


def _odd_sets(part: Columns, shares: Shares, together: Shares) -> list[tuple[float, Cut]]:
    """Parts of the fractional network with an odd number of cities: one of them stays without a partner."""
    found = {}
    levels = sorted({0.0, *np.unique(np.round(together[together > 0], 3)).tolist()})[:8]
    for level in levels:
        for group in _connected(together > level + 1e-9):
            if len(group) % 2 and len(group) > 3:
                inside = np.isin(part.members, group).sum(axis=1) // 2
                broken = float((inside * shares).sum()) - len(group) // 2
                if broken > BROKEN:
                    found[tuple(group)] = broken
    return [(broken, Cut(group, 2)) for group, broken in found.items()]


def _connected(linked: np.ndarray) -> list[list[int]]:
    """The connected parts of a network, single cities left out."""
    left = set(np.flatnonzero(linked.any(axis=1)).tolist())
    parts = []
    while left:
        reached, edge = set(), {min(left)}
        while edge:
            reached |= edge
            edge = set(np.flatnonzero(linked[sorted(edge)].any(axis=0)).tolist()) - reached
        left -= reached
        parts.append(sorted(reached))
    return parts
