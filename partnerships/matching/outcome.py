"""What the engine answers: pairs with their reasons, the unmatched with theirs, and the proof."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """How a run ended."""

    OPTIMAL = "optimal"
    OPTIMAL_WITH_SHORTFALLS = "optimal_with_shortfalls"
    TIME_LIMITED = "time_limited"
    INFEASIBLE_PINS = "infeasible_pins"
    INVALID_INPUT = "invalid_input"


@dataclass(frozen=True)
class Message:
    """A code and its parameters; the pages find the words for it."""

    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class CriterionPoints:
    """What one criterion gave to a pair.

    `points` of `maximum` milli-points; `per_mille` is the value before weighting. When `known` is false
    a city has not given the data: the criterion gives 0 of 0 and the others carry its weight.
    """

    criterion: str
    points: int
    maximum: int
    per_mille: int
    known: bool
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class ProposedPair:
    """One pair with its score in milli-points, split by criterion so that the points sum to the score.

    `rank_for_a`: place of `b` among all candidates of `a` by score, 1 is the best (pins are ranked too).
    """

    a: str
    b: str
    score: int
    pinned: bool
    criteria: tuple[CriterionPoints, ...]
    rank_for_a: int
    rank_for_b: int
    candidates_for_a: int
    candidates_for_b: int
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]


@dataclass(frozen=True)
class Unmatched:
    """A city without a partner and why."""

    id: str
    side: str
    reason: Message


@dataclass(frozen=True)
class Shortfall:
    """A minimum quota that the candidates could not fill."""

    side: str
    label: str
    minimum: int
    reached: int


@dataclass(frozen=True)
class Objective:
    """What was optimised, in this order: most pairs, least shortfall, highest floor, best total.

    `pairs` counts pins; `floor` is the weakest score among the pairs that were free to choose (None
    without any); `total` is the sum of all scores. Scores in milli-points.
    """

    pairs: int
    shortfall: int
    floor: int | None
    total: int


@dataclass(frozen=True)
class Proof:
    """Dual prices (one integer per node of the network, in canonical order) that prove the objective.

    `breadth` proves that no more pairs and no smaller shortfall exist, `floor` that no higher floor does
    (empty when the floor is not raised or there is nothing to raise), `total` that no better total does.
    """

    breadth: tuple[int, ...] = ()
    floor: tuple[int, ...] = ()
    total: tuple[int, ...] = ()


@dataclass(frozen=True)
class PairingResult:
    """The result of a run; equal inputs give equal results to the bit with the same versions."""

    engine: str
    solver: str
    input_digest: str
    status: Status
    messages: tuple[Message, ...] = ()
    objective: Objective = Objective(0, 0, None, 0)
    pairs: tuple[ProposedPair, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    statistics: Mapping[str, int] | None = None
    proof: Proof = Proof()
