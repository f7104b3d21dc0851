"""Why a pair was proposed, point by point, and why a city found no partner."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from partnerships.matching.encoding import encode
from partnerships.matching.network import Block, Ground, Integers, enclosing_quotas
from partnerships.matching.outcome import CriterionPoints, Message, ProposedPair, Unmatched
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


def explain_unmatched(ground: Ground, flow: Integers, matched: set[str]) -> tuple[Unmatched, ...]:
    """Every city without a partner, side A first, with the cause."""
    counts = _count_by_quota(ground, flow)
    sides = (("a", ground.pairing.a, ground.blocks), ("b", ground.pairing.b, ground.blocks.T))
    return tuple(
        Unmatched(profile.id, label, _cause(ground, flow, counts[label], label, index, blocks[index]))
        for label, side, blocks in sides
        for index, profile in enumerate(side.profiles)
        if profile.id not in matched
    )


def _cause(
    ground: Ground, flow: Integers, counts: list[int], label: str, index: int, blocks: np.ndarray
) -> Message:
    side = ground.pairing.a if label == "a" else ground.pairing.b
    profile = side.profiles[index]
    if profile.capacity == 0:
        return Message("no_capacity", {})
    if not (blocks == Block.OPEN).any():
        below, vetoed = int((blocks == Block.BELOW_MINIMUM).sum()), int((blocks == Block.VETOED).sum())
        return Message("no_candidate", {"below_minimum": below, "vetoed": vetoed})
    for position in enclosing_quotas(side.quotas, profile.country):
        quota = side.quotas[position]
        if quota.maximum is not None and counts[position] >= quota.maximum:
            return Message("quota_full", {"quota": quota.label, "maximum": quota.maximum})
    rivals, places = _competition(ground, flow, label, index)
    return Message("competition", {"cities": rivals, "places": places})


def _count_by_quota(ground: Ground, flow: Integers) -> dict[str, list[int]]:
    """Pairs per quota and side, pins included."""
    network, counts = ground.network, {}
    chosen = flow[network.first_pair :] > 0
    sides = (
        ("a", ground.pairing.a, network.pair_a[chosen], [pin.a for pin in ground.pairing.pins]),
        ("b", ground.pairing.b, network.pair_b[chosen], [pin.b for pin in ground.pairing.pins]),
    )
    for label, side, rows, pinned in sides:
        countries = {profile.id: profile.country for profile in side.profiles}
        used = [side.profiles[row].country for row in rows] + [countries[city] for city in pinned]
        counts[label] = [sum(country in quota.countries for country in used) for quota in side.quotas]
    return counts


def _competition(ground: Ground, flow: Integers, label: str, index: int) -> tuple[list[str], list[str]]:
    """The cities of the same side, the city included, that compete, and the places they compete for.

    A city's candidates are all taken; those who took them compete with it, for these and their own
    other candidates, and so on (the part of the residual network that it reaches).
    """
    network = ground.network
    shape = ground.blocks.shape
    taken = np.zeros(shape, dtype=np.bool_)
    chosen = flow[network.first_pair :] > 0
    taken[network.pair_a[chosen], network.pair_b[chosen]] = True
    candidates = ground.blocks == Block.OPEN
    if label == "b":
        taken, candidates = taken.T, candidates.T
    rivals = np.zeros(candidates.shape[0], dtype=np.bool_)
    rivals[index] = True
    while True:
        places = candidates[rivals].any(axis=0)
        grown = rivals | taken[:, places].any(axis=1)
        if (grown == rivals).all():
            break
        rivals = grown
    own, other = (ground.ids_a, ground.ids_b) if label == "a" else (ground.ids_b, ground.ids_a)
    return [own[i] for i in np.flatnonzero(rivals)], [other[i] for i in np.flatnonzero(places)]


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
