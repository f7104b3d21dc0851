"""What a selection is made from: frozen scores, quotas, pins and settings. Integers only.

Scores are numerators over one denominator of the whole input (`SelectionInput.unit`), so that equal scores
are equal and nothing else is. Money is in the smallest unit, hundredths of the call's currency.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

HIGHEST = 5  # of a criterion, as `calls.models.review.HIGHEST_SCORE`


class Method(StrEnum):
    LINE = "line"
    OPTIMUM = "optimum"


class TieRule(StrEnum):
    CRITERIA = "criteria"
    EARLIER = "earlier"
    LOT = "lot"


class WaitingShape(StrEnum):
    BY_QUOTA = "by_quota"
    ONE = "one"


class WhenShort(StrEnum):
    """What the line does at the first application that the rest of the money does not cover."""

    STOP = "stop"
    SKIP = "skip"


@dataclass(frozen=True)
class Candidate:
    """One application. `sheets` are the scores of its reviewers, `criteria` their means by criterion."""

    id: str
    country: str
    score: int
    sheets: tuple[int, ...]
    criteria: tuple[int, ...]
    amount: int
    submitted_at: str

    def __post_init__(self) -> None:
        if min((self.score, self.amount, *self.sheets, *self.criteria)) < 0:
            raise ValueError(f"{self.id}: scores and amounts are not negative")


@dataclass(frozen=True)
class Quota:
    """Places for applications led from some countries: at least `floor`, at most `ceiling`."""

    label: str
    countries: frozenset[str]
    ceiling: int
    floor: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.floor <= self.ceiling:
            raise ValueError(f"{self.label}: a floor lies between 0 and the places")


@dataclass(frozen=True)
class Pin:
    """What staff settled: in (`must`) or out, with the reason.

    What is `published` holds its place; it is no row of the list any more.
    """

    id: str
    must: bool
    reason: str
    published: bool = False


@dataclass(frozen=True)
class Settings:
    """How to select. `pass_mark` is of 100; `thresholds`, by criterion, in tenths of a point of 5."""

    places: int | None = None
    budget: int | None = None
    pass_mark: int | None = None
    thresholds: tuple[int | None, ...] = ()
    tie: TieRule = TieRule.CRITERIA
    salt: str = ""
    waiting: WaitingShape = WaitingShape.BY_QUOTA
    reserve_places: int | None = None
    method: Method = Method.LINE
    when_short: WhenShort = WhenShort.STOP
    reviews_needed: int = 1
    leniency: bool = False


@dataclass(frozen=True)
class SelectionInput:
    """Everything that a selection depends on; its canonical JSON is what a run freezes.

    A score is `score / unit` of 100, the mean of a criterion `mean / criterion_unit` of 5.
    """

    unit: int
    criterion_unit: int
    criteria: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    quotas: tuple[Quota, ...] = ()
    pins: tuple[Pin, ...] = ()
    settings: Settings = Settings()
    not_ready: tuple[str, ...] = ()

    def ordered(self) -> "SelectionInput":
        """The same input in canonical order: the order of rows must not show in the digest."""
        return replace(
            self,
            candidates=tuple(sorted(self.candidates, key=lambda row: row.id)),
            pins=tuple(sorted(self.pins, key=lambda pin: pin.id)),
            not_ready=tuple(sorted(self.not_ready)),
        )

    def points(self, score: int) -> Fraction:
        """A score of this input as points of 100."""
        return Fraction(score, self.unit)

    def own_quota(self, country: str) -> Quota | None:
        """The narrowest quota of a country: the one whose reserve list its applications join."""
        inside = [quota for quota in self.quotas if country in quota.countries]
        return min(inside, key=lambda quota: len(quota.countries), default=None)

    def short_of_floors(self, countries: Iterable[str]) -> int:
        """Places that the floors ask for and that a list of these countries does not fill."""
        held = list(countries)
        return sum(
            max(0, quota.floor - sum(country in quota.countries for country in held)) for quota in self.quotas
        )
