"""What the engine is told: the cities of both sides, quotas, pins, vetoes and settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

FULL_SCORE = 100_000
"""The best possible score of a pair, in milli-points (100 points)."""

DEFAULT_WEIGHTS: Mapping[str, int] = {
    "challenges": 20_000,
    "learning": 20_000,
    "themes": 10_000,
    "size": 10_000,
    "wishes": 15_000,
    "languages": 7_500,
    "time_zone": 5_000,
    "climate": 5_000,
    "coast": 2_500,
    "exposure": 2_500,
    "distance": 2_500,
}
PREFERENCES: Mapping[str, tuple[str, ...]] = {
    "exposure": ("newcomers", "experienced"),
    "distance": ("near", "far"),
}
"""Criteria with two directions, the usual one first. A weight says how much, the call which way."""
DEFAULT_PREFERENCES: Mapping[str, str] = {name: choices[0] for name, choices in PREFERENCES.items()}


@dataclass(frozen=True)
class Profile:
    """One city as the engine sees it. Empty sets and None mean "not known", never "none".

    `wants`, `offers`, `challenges` and `themes` hold theme slugs, `sdgs` numbers of goals from 1 to 17.
    `wishes` holds ids of cities of the other side, the dearest first. `capacity` is the number of partners
    the city takes. `utc_offset_hours` is the offset of standard time, so that a run does not depend on its
    season. `climate` is a class of Köppen and Geiger, such as "Cfb". `exposure` counts the city's earlier
    international partnerships. `members` names the cities of a consortium that takes part as one.
    """

    id: str
    name: str
    country: str
    region: str = ""
    population: int | None = None
    languages: frozenset[str] = frozenset()
    wants: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    challenges: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    sdgs: frozenset[int] = frozenset()
    climate: str = ""
    members: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    utc_offset_hours: float | None = None
    coastal: bool | None = None
    exposure: int | None = None
    capacity: int = 1
    wishes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quota:
    """Places for a group of countries, counted in pairs.

    Where quotas of a side overlap without one holding the other, integer programming solves the run.

    `maximum` None means no limit. A `minimum` that cannot be reached is reported as a shortfall and
    never stops a run. Cities of countries in no quota are not limited.
    """

    label: str
    countries: frozenset[str]
    maximum: int | None = None
    minimum: int = 0


@dataclass(frozen=True)
class Side:
    """One side of the table: its cities and its quotas.

    `most_per_country`: a city of this side takes at most so many partners from one country; None, any number.
    """

    profiles: tuple[Profile, ...]
    quotas: tuple[Quota, ...] = ()
    most_per_country: int | None = None


@dataclass(frozen=True)
class Cap:
    """At most `maximum` pairs between cities of countries `a` and cities of countries `b`.

    It crosses the quotas of both sides, so a run with caps is solved by integer programming.
    """

    label: str
    a: frozenset[str]
    b: frozenset[str]
    maximum: int


@dataclass(frozen=True)
class Kept:
    """A pair of the run before. Among equal optima the one with the most of them is chosen."""

    a: str
    b: str


@dataclass(frozen=True)
class Pin:
    """A pair decided beforehand, such as a couple that applied together. It takes its places first."""

    a: str
    b: str


@dataclass(frozen=True)
class Veto:
    """A pair that must not be proposed. A veto on a city that is not in the run has no effect."""

    a: str
    b: str


@dataclass(frozen=True)
class Settings:
    """How a run weighs and decides.

    `weights` are milli-points per criterion and sum to 100,000. Free pairs below `minimum_score`
    (milli-points) are never proposed; pins are. `salt` is published and settles what is otherwise equal.
    `raise_floor`: make the weakest pair as strong as possible before the total is maximised. `keep_bonus`
    (milli-points) is what a pair of the run before is worth beyond its score, so that few cities are moved.
    `prefer` gives a direction of PREFERENCES to some criteria; those it leaves out keep the usual one.
    """

    weights: Mapping[str, int] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    minimum_score: int = 0
    salt: str = ""
    raise_floor: bool = True
    keep_bonus: int = 0
    prefer: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PairingInput:
    """All that a run depends on. The order of its rows has no influence on the result."""

    a: Side
    b: Side
    pins: tuple[Pin, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    settings: Settings = field(default_factory=Settings)
    caps: tuple[Cap, ...] = ()
    previous: tuple[Kept, ...] = ()

    def ordered(self) -> "PairingInput":
        """The same input in canonical order: rows by id, quotas by label."""
        return PairingInput(
            a=_ordered_side(self.a),
            b=_ordered_side(self.b),
            pins=tuple(sorted(set(self.pins), key=lambda pin: (pin.a, pin.b))),
            vetoes=tuple(sorted(set(self.vetoes), key=lambda veto: (veto.a, veto.b))),
            settings=self.settings,
            caps=tuple(sorted(set(self.caps), key=lambda cap: (cap.label, sorted(cap.a), sorted(cap.b)))),
            previous=tuple(sorted(set(self.previous), key=lambda kept: (kept.a, kept.b))),
        )


def _ordered_side(side: Side) -> Side:
    return Side(
        profiles=tuple(sorted(side.profiles, key=lambda profile: profile.id)),
        quotas=tuple(sorted(side.quotas, key=lambda quota: (quota.label, sorted(quota.countries)))),
        most_per_country=side.most_per_country,
    )
