"""What a set of pairs is worth, from the rows alone; no network is asked."""

from collections.abc import Collection
from dataclasses import dataclass

from partnerships.matching.network import shortfalls
from partnerships.matching.outcome import Objective
from partnerships.matching.profiles import PairingInput


@dataclass(frozen=True)
class Chosen:
    """A pair of a result with its score in milli-points."""

    a: str
    b: str
    score: int
    pinned: bool


def objective_of(pairing: PairingInput, pairs: Collection[Chosen]) -> Objective:
    """The aims in their order, as far as these pairs reach them."""
    before = {(kept.a, kept.b) for kept in pairing.previous}
    short = shortfalls(pairing, [(pair.a, pair.b) for pair in pairs])
    return Objective(
        pairs=len(pairs),
        shortfall=sum(row.minimum - row.reached for row in short),
        floor=min((pair.score for pair in pairs if not pair.pinned), default=None),
        total=sum(pair.score for pair in pairs),
        kept=sum((pair.a, pair.b) in before for pair in pairs),
    )
