"""One pool instead of two sides: cities grouped in couples, trios or larger clusters.

What the engine of groups is told and what it answers; `groups` solves it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from partnerships.matching.outcome import CriterionPoints, Message, Status
from partnerships.matching.profiles import Profile, Settings
from partnerships.matching.stage_proof import StageProofs


@dataclass(frozen=True)
class Together:
    """Cities that share a group, such as a couple that applied together."""

    cities: frozenset[str]


@dataclass(frozen=True)
class Apart:
    """Two cities that must not share a group."""

    a: str
    b: str


@dataclass(frozen=True)
class PoolInput:
    """All that a grouping depends on. The order of its rows has no influence on the result.

    Groups have `smallest` to `largest` cities, at most `most_per_country` of one country (None: any number).
    `themed`: the cities of a group share at least one theme or challenge.
    """

    pool: tuple[Profile, ...]
    smallest: int = 2
    largest: int = 2
    most_per_country: int | None = 1
    themed: bool = False
    together: tuple[Together, ...] = ()
    apart: tuple[Apart, ...] = ()
    previous: tuple[Together, ...] = ()
    settings: Settings = field(default_factory=Settings)

    def ordered(self) -> "PoolInput":
        """The same input in canonical order."""
        return PoolInput(
            pool=tuple(sorted(self.pool, key=lambda profile: profile.id)),
            smallest=self.smallest,
            largest=self.largest,
            most_per_country=self.most_per_country,
            themed=self.themed,
            together=tuple(sorted(set(self.together), key=lambda row: sorted(row.cities))),
            apart=tuple(sorted(set(self.apart), key=lambda row: (row.a, row.b))),
            previous=tuple(sorted(set(self.previous), key=lambda row: sorted(row.cities))),
            settings=self.settings,
        )


@dataclass(frozen=True)
class GroupLink:
    """Two cities of a group and what binds them, in milli-points, split by criterion."""

    a: str
    b: str
    score: int
    criteria: tuple[CriterionPoints, ...]


@dataclass(frozen=True)
class ProposedGroup:
    """One group. `score` is the mean of its links in milli-points, rounded down."""

    cities: tuple[str, ...]
    score: int
    pinned: bool
    themes: tuple[str, ...]
    links: tuple[GroupLink, ...]
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]


@dataclass(frozen=True)
class Ungrouped:
    """A city without a group and why."""

    id: str
    reason: Message


@dataclass(frozen=True)
class PoolObjective:
    """What was optimised, in this order: cities of couples placed, cities placed, floor, total, groups kept.

    `floor` is the weakest mean of the links that were free to choose, group by group (None without any).
    `total` is the sum over groups of the mean link score times the size, each rounded down. Milli-points.
    """

    couples: int = 0
    placed: int = 0
    floor: int | None = None
    total: int = 0
    kept: int = 0


@dataclass(frozen=True)
class PoolResult:
    """The result of a grouping; equal inputs give equal results to the bit with the same versions."""

    engine: str
    solver: str
    input_digest: str
    status: Status
    messages: tuple[Message, ...] = ()
    objective: PoolObjective = PoolObjective()
    groups: tuple[ProposedGroup, ...] = ()
    ungrouped: tuple[Ungrouped, ...] = ()
    statistics: Mapping[str, int] | None = None
    proof: StageProofs = field(default_factory=StageProofs)
