"""What the engine answers: pairs with their reasons, the unmatched with theirs, and the proof."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from partnerships.matching.stage_proof import StageProofs


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
    """What was optimised, in this order: most pairs, least shortfall, highest floor, best total, most kept.

    `pairs` counts pins; `floor` is the weakest score among the pairs that were free to choose (None
    without any); `total` is the sum of all scores; `kept` counts the pairs of the run before, pins too.
    Where the settings give a bonus to kept pairs, `total` plus the bonuses was maximised. Scores in
    milli-points.
    """

    pairs: int
    shortfall: int
    floor: int | None
    total: int
    kept: int = 0


@dataclass(frozen=True)
class Proof:
    """Dual prices (one integer per node of the network, in canonical order) that prove the objective.

    `breadth` proves that no more pairs and no smaller shortfall exist, `floor` that no higher floor does
    (empty when the floor is not raised or there is nothing to raise), `total` that no better total does,
    `closeness` that no equal optimum keeps more pairs of the run before (empty without such a run).
    `stages` instead of all these where limits cross.
    """

    breadth: tuple[int, ...] = ()
    floor: tuple[int, ...] = ()
    total: tuple[int, ...] = ()
    closeness: tuple[int, ...] = ()
    stages: StageProofs | None = None


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


@dataclass(frozen=True)
class Step:
    """One pair that comes (`gained`) or goes in an exchange, with its score in milli-points.

    `kept`: it is a pair of the run before.
    """

    a: str
    b: str
    score: int
    gained: bool
    kept: bool = False


@dataclass(frozen=True)
class WhyNot:
    """Why a pair was not proposed.

    `reason` is a rule that blocks it, or "cost": then `before` and `after` are the objectives of the run and
    of the best run with this pair pinned, `steps` the exchanges that lead from one to the other (the pair
    itself first, each loss beside the gain it allows), `cost` is what the total loses in milli-points, the
    sum of the steps with their sign turned; and `alone` names the cities that would lose their only partner.
    """

    a: str
    b: str
    reason: Message
    score: int | None = None
    cost: int = 0
    steps: tuple[Step, ...] = ()
    before: Objective | None = None
    after: Objective | None = None
    alone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reserve:
    """A city without a partner and the pair in which it would cost least; None where no pair is possible."""

    id: str
    side: str
    entry: WhyNot | None


@dataclass(frozen=True)
class StandIn:
    """What becomes of a run when a city drops out.

    `left` are the partners that it leaves; `steps` the pairs that go and come, those of the city first;
    `alone` the cities that would then have lost their only partner.
    """

    city: str
    left: tuple[str, ...]
    steps: tuple[Step, ...]
    before: Objective
    after: Objective
    alone: tuple[str, ...]
