"""What a selection answers: every application with its outcome and why, and the proof of the list."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    SELECTED = "selected"
    RESERVE = "reserve"
    REJECTED = "rejected"


class ProofKind(StrEnum):
    """How far the list is proven to be worth most. Only SEARCH rests on the solver alone."""

    PRICES = "prices"  # dual prices, checked in integers
    ENUMERATED = "enumerated"  # dual prices, and every list they leave open tried without the solver
    SEARCH = "search"  # the solver searched everything; prices prove the rest within the gap
    RULE = "rule"  # the funding line: by its rule, worth at most the gap less than the best list
    OPEN = "open"  # the search was cut off; worth at most the gap less than the best list


@dataclass(frozen=True)
class Note:
    """A code and its parameters; the pages find the words for it."""

    code: str
    params: Mapping[str, str | int]


@dataclass(frozen=True)
class Row:
    """One application of the list. `score` is rounded for reading; `place` is "27=" when shared.

    `note` is the first of `notes`: what staff should know about this outcome.
    """

    application: str
    outcome: Outcome
    place: str
    score: str
    quota: str | None
    reserve_place: int | None
    note: Note | None
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class QuotaCount:
    label: str
    floor: int
    ceiling: int
    filled: int
    reserve: int
    passed: int


@dataclass(frozen=True)
class Objective:
    """What was reached, in this order of importance. `total` is a sum of scores over the input's unit."""

    shortfall: int
    total: int
    selected: int
    amount: int


@dataclass(frozen=True)
class Prices:
    """Multipliers over `scale`, all at least 0: by limit, by floor, and for one place short of a floor."""

    scale: int
    limits: tuple[int, ...] = ()
    floors: tuple[int, ...] = ()
    short: int = 0


@dataclass(frozen=True)
class Proof:
    """`bound`: no permitted list with this shortfall is worth more. `gap` is the bound less the total."""

    kind: ProofKind
    bound: int
    gap: int
    merit: Prices
    shortfall: Prices
    shortfall_proven: bool


@dataclass(frozen=True)
class SelectionResult:
    """Equal inputs give equal results to the byte with the same versions."""

    engine: str
    input_digest: str
    rows: tuple[Row, ...]
    quotas: tuple[QuotaCount, ...]
    objective: Objective
    proof: Proof
    ties_at_line: int


class InputFault(Exception):
    """The pins cannot all hold. `code` and `params` say which limit they break."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code, self.params = code, params
