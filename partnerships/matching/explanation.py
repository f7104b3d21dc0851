"""Why a pair was proposed, point by point, and why a city found no partner."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from partnerships.matching.competition import Bench
from partnerships.matching.encoding import encode
from partnerships.matching.network import Block, Ground
from partnerships.matching.outcome import CriterionPoints, ProposedPair, Unmatched
from partnerships.matching.profiles import FULL_SCORE, Profile
from partnerships.matching.scoring import CRITERIA, PER_MILLE

SPEAKS_FOR, SPEAKS_AGAINST = 600, 250
"""From this value per mille a criterion is a reason for a pair; up to this one, a reason against."""


def explain_pair(ground: Ground, row: int, column: int, pinned: bool) -> ProposedPair:
    """A pair with its points per criterion, its reasons and its rank among both cities' candidates."""
    a, b = ground.pairing.a.profiles[row], ground.pairing.b.profiles[column]
    score = int(ground.scores[row, column])
    criteria = criterion_points(a, b, ground.pairing.settings.weights, score)
    rank_a, count_a = _rank(ground.scores[row], ground.blocks[row], column)
    rank_b, count_b = _rank(ground.scores[:, column], ground.blocks[:, column], row)
    return ProposedPair(
        a=a.id,
        b=b.id,
        score=score,
        pinned=pinned,
        criteria=criteria,
        rank_for_a=rank_a,
        rank_for_b=rank_b,
        candidates_for_a=count_a,
        candidates_for_b=count_b,
        reasons_for=tuple(part.criterion for part in criteria if part.known and part.per_mille >= SPEAKS_FOR),
        reasons_against=tuple(
            part.criterion for part in criteria if part.known and part.per_mille <= SPEAKS_AGAINST
        ),
    )


def criterion_points(
    a: Profile, b: Profile, weights: Mapping[str, int], score: int
) -> tuple[CriterionPoints, ...]:
    """The score split by criterion. Points sum to the score and maxima to 100,000 (largest remainder)."""
    features = encode([a], [b])
    names = [name for name in CRITERIA if weights.get(name, 0)]
    measured = [CRITERIA[name](*features) for name in names]
    known = [bool(found.known[0, 0]) for found in measured]
    values = [int(found.values[0, 0]) if sure else 0 for found, sure in zip(measured, known, strict=True)]
    kept = [weights[name] if sure else 0 for name, sure in zip(names, known, strict=True)]
    maxima = share_out(FULL_SCORE, kept, [FULL_SCORE] * len(kept), sum(kept))
    gained = [weight * value for weight, value in zip(kept, values, strict=True)]
    points = share_out(score, gained, maxima, PER_MILLE * sum(kept))
    return tuple(
        CriterionPoints(name, points[index], maxima[index], values[index], known[index], FACTS[name](a, b))
        for index, name in enumerate(names)
    )


def share_out(total: int, parts: list[int], limits: list[int], whole: int) -> list[int]:
    """Whole shares of `total` that sum to it: FULL_SCORE * part / whole, none above its limit.

    What rounding down leaves over goes to the largest remainders first. `whole` 0 gives no shares.
    """
    if not whole:
        return [0] * len(parts)
    shares = [FULL_SCORE * part // whole for part in parts]
    order = sorted(range(len(parts)), key=lambda index: (-(FULL_SCORE * parts[index] % whole), index))
    left = total - sum(shares)
    while left:
        for index in order:
            if left and shares[index] < limits[index]:
                shares[index] += 1
                left -= 1
    return shares


def _rank(scores: np.ndarray, blocks: np.ndarray, index: int) -> tuple[int, int]:
    candidates = (blocks == Block.OPEN) | (blocks == Block.PINNED)
    return int((scores[candidates] > scores[index]).sum()) + 1, int(candidates.sum())


def explain_unmatched(ground: Ground, pairs: Sequence[tuple[int, int]]) -> tuple[Unmatched, ...]:
    """Every city without a partner, side A first, with the cause. `pairs` are rows and columns, pins too."""
    taken = np.zeros(ground.blocks.shape, dtype=np.bool_)
    for row, column in pairs:
        taken[row, column] = True
    a = Bench("a", ground.pairing.a, ground.pairing.b, ground.blocks, taken)
    b = Bench("b", ground.pairing.b, ground.pairing.a, ground.blocks.T, taken.T)
    return tuple(
        Unmatched(bench.own.profiles[index].id, bench.label, bench.cause(index))
        for bench in (a, b)
        for index in np.flatnonzero(~bench.taken.any(axis=1)).tolist()
    )


def _challenge_facts(a: Profile, b: Profile) -> dict[str, Any]:
    return {"shared": sorted(a.challenges & b.challenges)}


def _learning_facts(a: Profile, b: Profile) -> dict[str, Any]:
    return {"a_learns": sorted(a.wants & b.offers), "b_learns": sorted(b.wants & a.offers)}


def _size_facts(a: Profile, b: Profile) -> dict[str, Any]:
    return {"population_a": a.population, "population_b": b.population}


def _wish_facts(a: Profile, b: Profile) -> dict[str, Any]:
    def place(wishes: tuple[str, ...], city: str) -> int | None:
        return wishes.index(city) + 1 if city in wishes else None

    return {"wish_of_a": place(a.wishes, b.id), "wish_of_b": place(b.wishes, a.id)}


def _language_facts(a: Profile, b: Profile) -> dict[str, Any]:
    return {"shared": sorted(a.languages & b.languages)}


def _time_facts(a: Profile, b: Profile) -> dict[str, Any]:
    if a.utc_offset_hours is None or b.utc_offset_hours is None:
        return {"minutes_apart": None}
    apart = abs(round(a.utc_offset_hours * 60) - round(b.utc_offset_hours * 60)) % 1440
    return {"minutes_apart": min(apart, 1440 - apart)}


FACTS: Mapping[str, Callable[[Profile, Profile], dict[str, Any]]] = {
    "challenges": _challenge_facts,
    "learning": _learning_facts,
    "size": _size_facts,
    "wishes": _wish_facts,
    "languages": _language_facts,
    "time_zone": _time_facts,
}
