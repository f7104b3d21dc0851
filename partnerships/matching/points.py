"""A pair's score split by criterion, in whole milli-points that sum to it."""

from collections.abc import Mapping

from partnerships.matching.criteria import CRITERIA, PER_MILLE, measure
from partnerships.matching.encoding import encode
from partnerships.matching.facts import facts_of
from partnerships.matching.outcome import CriterionPoints
from partnerships.matching.profiles import FULL_SCORE, Profile
from partnerships.matching.scoring import AS_USUAL, Choices


def criterion_points(
    a: Profile, b: Profile, weights: Mapping[str, int], score: int, prefer: Choices = AS_USUAL
) -> tuple[CriterionPoints, ...]:
    """The score split by criterion. Points sum to the score and maxima to 100,000 (largest remainder)."""
    features = encode([a], [b])
    names = [name for name in CRITERIA if weights.get(name, 0)]
    measured = [measure(name, *features, prefer) for name in names]
    known = [bool(found.known[0, 0]) for found in measured]
    values = [int(found.values[0, 0]) if sure else 0 for found, sure in zip(measured, known, strict=True)]
    kept = [weights[name] if sure else 0 for name, sure in zip(names, known, strict=True)]
    maxima = share_out(FULL_SCORE, kept, [FULL_SCORE] * len(kept), sum(kept))
    gained = [weight * value for weight, value in zip(kept, values, strict=True)]
    points = share_out(score, gained, maxima, PER_MILLE * sum(kept))
    facts_by_name = [facts_of(name, a, b, prefer) for name in names]
    return tuple(
        CriterionPoints(name, points[index], maxima[index], values[index], known[index], facts)
        for index, (name, facts) in enumerate(zip(names, facts_by_name, strict=True))
    )


def share_out(total: int, parts: list[int], limits: list[int], whole: int) -> list[int]:
    """Whole shares of `total` that sum to it: FULL_SCORE * part / whole, none above its limit.

    What rounding down leaves over goes to the largest remainders first. `whole` 0 gives no shares.
    Raises ValueError when the limits leave no room for the total.
    """
    if not whole:
        return [0] * len(parts)
    if total > sum(limits):
        raise ValueError(f"{total} is more than its limits {limits}")
    shares = [FULL_SCORE * part // whole for part in parts]
    order = sorted(range(len(parts)), key=lambda index: (-(FULL_SCORE * parts[index] % whole), index))
    left = total - sum(shares)
    while left:
        for index in order:
            if left and shares[index] < limits[index]:
                shares[index] += 1
                left -= 1
    return shares
