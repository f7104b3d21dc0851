"""The flow network of an assignment run.

Source -> application -> (application, region) -> expert -> sink. Nodes in canonical order: source, sink,
applications, experts, regions. What stands has taken its places before the network is built.

- An application sends as many units as it lacks reviews.
- Where an application can choose between several experts of one region, its first unit into the region is
  free and each further one costs `repeat`. An expert of unknown region stands alone.
- An expert's load is one arc a review, the n-th costing n times `step`; those up to the minimum load count
  as covered.
- No arc: a conflict, a language that the expert is known not to read, an assignment that stands.
"""

from collections import Counter
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from partnerships.matching.network import SINK, SOURCE, Network
from partnerships.matching.reviewers import AssigningInput
from partnerships.matching.table import Integers

Arc = tuple[int, int, int, bool, int]


class Bar(IntEnum):
    """Why an expert is not open to an application."""

    OPEN = 0
    UNREAD = 1
    CONFLICT = 2
    KEPT = 3


@dataclass(frozen=True, kw_only=True)
class ReviewNetwork(Network):
    """A network whose arcs before the pairs have costs of their own."""

    penalties: Integers

    def score_costs(self) -> Integers:
        costs = super().score_costs()
        costs[: self.first_pair] += self.penalties
        return costs

    def coverage_bonus(self) -> int:
        dearest = int(self.pair_score.max(initial=0)) + 2 * int(self.penalties.max(initial=0))
        return self.widest * dearest + 1


@dataclass(frozen=True)
class ReviewGround:
    """An input made ready: canonical rows, expertise, what is barred, the network of free places."""

    assigning: AssigningInput
    expertise: Integers
    bars: npt.NDArray[np.int8]
    network: ReviewNetwork

    @property
    def application_ids(self) -> list[str]:
        return [row.id for row in self.assigning.applications]

    @property
    def expert_ids(self) -> list[str]:
        return [row.id for row in self.assigning.experts]


def lay_review_ground(assigning: AssigningInput) -> ReviewGround:
    """Measures expertise and builds the network. The input must be free of faults."""
    assigning = assigning.ordered()
    expertise, bars = _expertise(assigning), _bars(assigning)
    return ReviewGround(assigning, expertise, bars, _network(assigning, expertise, bars))


def _expertise(assigning: AssigningInput) -> Integers:
    """Milli-points of each expert for each application.

    An application without themes asks for no theme: everybody has these points. An expert whose areas or
    languages are not known has none for them.
    """
    themes = sorted(frozenset[str]().union(*(row.themes for row in assigning.applications)))
    asked = np.array([[t in row.themes for t in themes] for row in assigning.applications], dtype=np.int64)
    known = np.array([[t in row.themes for t in themes] for row in assigning.experts], dtype=np.int64)
    shape = (len(assigning.applications), len(assigning.experts))
    if not all(shape):
        return np.zeros(shape, dtype=np.int64)
    asked, known = asked.reshape(shape[0], -1), known.reshape(shape[1], -1)
    count = asked.sum(axis=1)[:, None]
    weights = assigning.settings.weights
    shared = weights["themes"] * (asked @ known.T) // np.maximum(count, 1)
    by_theme = np.where(count == 0, weights["themes"], shared)
    return by_theme + weights["language"] * _reads(assigning)


def _reads(assigning: AssigningInput) -> Integers:
    """1 where the expert is known to read the application's language, or it has none."""
    rows: dict[str, list[bool]] = {
        language: [not language or language in expert.languages for expert in assigning.experts]
        for language in {row.language for row in assigning.applications}
    }
    return np.array([rows[row.language] for row in assigning.applications], dtype=np.int64)


def _bars(assigning: AssigningInput) -> npt.NDArray[np.int8]:
    shape = (len(assigning.applications), len(assigning.experts))
    bars = np.full(shape, Bar.OPEN, dtype=np.int8)
    if not all(shape):
        return bars
    told = np.array([bool(expert.languages) for expert in assigning.experts])
    bars[(_reads(assigning) == 0) & told] = Bar.UNREAD
    rows = {row.id: index for index, row in enumerate(assigning.applications)}
    columns = {row.id: index for index, row in enumerate(assigning.experts)}
    for ties, bar in ((assigning.conflicts, Bar.CONFLICT), (assigning.kept, Bar.KEPT)):
        for tie in ties:
            place = (rows.get(tie.application, -1), columns.get(tie.expert, -1))
            if min(place) >= 0 and (bar == Bar.KEPT or bars[place] == Bar.OPEN):
                bars[place] = bar  # who does not read the language is counted as that
    return bars


def _network(assigning: AssigningInput, expertise: Integers, bars: npt.NDArray[np.int8]) -> ReviewNetwork:
    applications, experts = len(assigning.applications), len(assigning.experts)
    pair_a, pair_b = np.nonzero(bars == Bar.OPEN)
    tails, regions, nodes = _regions(assigning, pair_a, pair_b)
    opened = np.bincount(pair_b, minlength=experts).tolist()
    side = np.array(
        [*_demand(assigning), *regions, *_loads(assigning, 2 + applications, opened)], dtype=np.int64
    ).reshape(-1, 5)
    return ReviewNetwork(
        nodes=nodes,
        tails=np.concatenate([side[:, 0], tails]),
        heads=np.concatenate([side[:, 1], pair_b + 2 + applications]),
        capacities=np.concatenate([side[:, 2], np.ones(len(pair_a), dtype=np.int64)]),
        covered=np.concatenate([side[:, 3] == 1, np.zeros(len(pair_a), dtype=np.bool_)]),
        first_pair=len(side),
        pair_a=pair_a,
        pair_b=pair_b,
        pair_score=expertise[pair_a, pair_b].astype(np.int64),
        pair_kept=np.zeros(len(pair_a), dtype=np.bool_),
        penalties=side[:, 4],
    )


def _demand(assigning: AssigningInput) -> list[Arc]:
    """What each application lacks. Assignments that stand count, also of people outside the panel."""
    standing = Counter(tie.application for tie in assigning.kept)
    return [
        (SOURCE, 2 + index, max(row.wanted - standing[row.id], 0), False, 0)
        for index, row in enumerate(assigning.applications)
    ]


def _loads(assigning: AssigningInput, first: int, opened: list[int]) -> list[Arc]:
    """One arc for each further review of each expert, no more than there are applications for them."""
    standing = Counter(tie.expert for tie in assigning.kept)
    return [
        (first + index, SINK, 1, nth <= expert.minimum, nth * assigning.settings.step)
        for index, expert in enumerate(assigning.experts)
        for nth in range(standing[expert.id] + 1, expert.maximum + 1)
        if nth <= standing[expert.id] + opened[index]
    ]


def _regions(
    assigning: AssigningInput, pair_a: Integers, pair_b: Integers
) -> tuple[Integers, list[Arc], int]:
    """Where each pair arc begins, the arcs into the nodes (application, region), the count of nodes."""
    names = sorted({row.region for row in assigning.experts} - {""})
    number = {name: index for index, name in enumerate(names)}
    region = np.array([number.get(row.region, -1) for row in assigning.experts], dtype=np.int64)
    taken = _taken(assigning, number)
    key = np.where(region[pair_b] < 0, -1, pair_a * max(len(names), 1) + region[pair_b])
    keys, where, counts = np.unique(key, return_inverse=True, return_counts=True)
    grouped = (keys >= 0) & ((counts > 1) | np.isin(keys, list(taken)))
    first = 2 + len(assigning.applications) + len(assigning.experts)
    node = first + np.cumsum(grouped) - 1
    tails = np.where(grouped[where], node[where], pair_a + 2) if len(pair_a) else pair_a
    arcs: list[Arc] = []
    for index in np.flatnonzero(grouped).tolist():
        application = 2 + int(keys[index]) // len(names)
        if int(keys[index]) not in taken:
            arcs.append((application, int(node[index]), 1, False, 0))
        arcs.append((application, int(node[index]), int(counts[index]), False, assigning.settings.repeat))
    return tails, arcs, first + int(grouped.sum())


def _taken(assigning: AssigningInput, number: dict[str, int]) -> set[int]:
    """The (application, region) that an assignment which stands has taken already."""
    rows = {row.id: index for index, row in enumerate(assigning.applications)}
    regions = {row.id: row.region for row in assigning.experts}
    return {
        rows[tie.application] * len(number) + number[regions[tie.expert]]
        for tie in assigning.kept
        if tie.application in rows and regions.get(tie.expert)
    }
