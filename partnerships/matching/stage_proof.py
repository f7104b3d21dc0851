"""The proof of a run that is solved by integer programming: what prices show, and how far."""

from dataclasses import dataclass
from enum import StrEnum


class ProofKind(StrEnum):
    """How far a stage is proven. Only SEARCH rests on the solver alone."""

    PRICES = "prices"  # dual prices, checked in integers
    ENUMERATED = "enumerated"  # dual prices, and all they leave open tried without the solver
    SEARCH = "search"  # the solver searched everything; prices prove the rest within the gap
    OPEN = "open"  # the search was cut off; the optimum is at most the gap better


@dataclass(frozen=True)
class Cut:
    """Rows of a program added up and divided: an inequality for whole numbers (Chvátal and Gomory)."""

    rows: tuple[int, ...]
    divisor: int


@dataclass(frozen=True)
class StageProof:
    """Nothing exceeds `bound`; `gap` is the bound less what was reached.

    `prices` over `scale`, one for each row of the stage's program and then one for each cut; none negative.
    """

    kind: ProofKind = ProofKind.PRICES
    bound: int = 0
    gap: int = 0
    scale: int = 1
    prices: tuple[int, ...] = ()
    cuts: tuple[Cut, ...] = ()


@dataclass(frozen=True)
class StageProofs:
    """That no more can be placed, that no higher floor can be had, that no better total exists.

    A stage that had nothing to decide has None.
    """

    placed: StageProof | None = None
    floor: StageProof | None = None
    total: StageProof | None = None
