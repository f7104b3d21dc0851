"""Who reviews what: experts are given to applications optimally, by the engine that pairs cities.

In this order: the most reviews (and among these the most places of minimum loads), the highest floor (the
worst-served application's weakest reviewer is as strong as possible), the best value. The value is the sum
of expertise, less a little for each further expert of one region on an application and for uneven loads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from partnerships.matching.outcome import Message, Proof

ENGINE_VERSION = "1"
"""Rises whenever the same input could give another result."""

FULL_EXPERTISE = 100_000
"""An expert who knows every theme of an application and reads its language, in milli-points."""


@dataclass(frozen=True)
class Expert:
    """One member of the panel. Empty sets and an empty region mean "not known", never "none".

    `minimum` and `maximum` are loads in the call, what stands already included.
    """

    id: str
    region: str = ""
    themes: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    minimum: int = 0
    maximum: int = 0


@dataclass(frozen=True)
class Reviewed:
    """One application: what it is about, the language it is written in, how many reviews it wants."""

    id: str
    themes: frozenset[str] = frozenset()
    language: str = ""
    wanted: int = 2


@dataclass(frozen=True, order=True)
class Tie:
    """An application and an expert: a conflict between them, or an assignment that stands and is kept."""

    application: str
    expert: str


@dataclass(frozen=True)
class AssigningSettings:
    """How a run weighs. Weights are milli-points and sum to 100,000.

    `repeat`: what a second, third ... expert of one region on an application costs, each.
    `step`: what the n-th review of an expert costs more than the one before, so that loads stay even.
    """

    weights: Mapping[str, int] = field(default_factory=lambda: {"themes": 70_000, "language": 30_000})
    repeat: int = 10_000
    step: int = 100
    salt: str = ""
    raise_floor: bool = True


@dataclass(frozen=True)
class AssigningInput:
    """All that a run depends on. The order of its rows has no influence on the result."""

    applications: tuple[Reviewed, ...]
    experts: tuple[Expert, ...]
    conflicts: tuple[Tie, ...] = ()
    kept: tuple[Tie, ...] = ()
    settings: AssigningSettings = field(default_factory=AssigningSettings)

    def ordered(self) -> "AssigningInput":
        """The same input in canonical order: rows by id."""
        return AssigningInput(
            applications=tuple(sorted(self.applications, key=lambda row: row.id)),
            experts=tuple(sorted(self.experts, key=lambda row: row.id)),
            conflicts=tuple(sorted(set(self.conflicts))),
            kept=tuple(sorted(set(self.kept))),
            settings=self.settings,
        )


@dataclass(frozen=True)
class Assigned:
    """One new assignment with its expertise in milli-points."""

    application: str
    expert: str
    expertise: int


@dataclass(frozen=True)
class Unfilled:
    """An application that lacks reviews, with everybody on the panel counted once: why not them?"""

    application: str
    lacking: int
    panel: int
    assigned: int
    unread: int
    conflicted: int
    full: int


@dataclass(frozen=True)
class Aims:
    """What was optimised, in this order. `floor` is None without any new assignment."""

    assignments: int
    shortfall: int
    floor: int | None
    value: int


@dataclass(frozen=True)
class AssigningResult:
    """The result of a run; equal inputs give equal results to the bit with the same versions."""

    engine: str
    solver: str
    input_digest: str
    faults: tuple[Message, ...] = ()
    aims: Aims = Aims(0, 0, None, 0)
    assigned: tuple[Assigned, ...] = ()
    unfilled: tuple[Unfilled, ...] = ()
    proof: Proof = field(default_factory=Proof)


def input_faults(assigning: AssigningInput) -> tuple[Message, ...]:
    """What makes an input unusable; an empty tuple means that the run may start."""
    faults = []
    for label, ids in (
        ("application", [row.id for row in assigning.applications]),
        ("expert", [row.id for row in assigning.experts]),
    ):
        twice = sorted({row for row in ids if ids.count(row) > 1}) if len(set(ids)) < len(ids) else []
        faults += [Message("duplicate", {"kind": label, "id": row}) for row in twice]
    for expert in sorted(assigning.experts, key=lambda row: row.id):
        if not 0 <= expert.minimum <= expert.maximum:
            faults.append(Message("load_limits", {"expert": expert.id}))
    for row in sorted(assigning.applications, key=lambda row: row.id):
        if row.wanted < 0:
            faults.append(Message("negative_wanted", {"application": row.id}))
    settings = assigning.settings
    weights = settings.weights
    if set(weights) != {"themes", "language"} or min(weights.values()) < 0:
        faults.append(Message("weights_unknown", {}))
    elif sum(weights.values()) != FULL_EXPERTISE:
        faults.append(Message("weights_sum", {"sum": sum(weights.values()), "expected": FULL_EXPERTISE}))
    if min(settings.repeat, settings.step) < 0:
        faults.append(Message("negative_penalty", {}))
    return tuple(faults)
