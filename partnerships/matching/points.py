"""A pair's score split by criterion, in whole milli-points that sum to it."""

from collections.abc import Mapping, Sequence

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
    return points_of_pairs([(a, b, score)], weights, prefer)[0]


def points_of_pairs(
    pairs: Sequence[tuple[Profile, Profile, int]], weights: Mapping[str, int], prefer: Choices = AS_USUAL
) -> list[tuple[CriterionPoints, ...]]:
    """As `criterion_points`, for some pairs with their scores; all of one side with all of the other are
    measured at once, which is quickest for twenty or thirty pairs."""
    side_a = list({a.id: a for a, _, _ in pairs}.values())
    side_b = list({b.id: b for _, b, _ in pairs}.values())
    rows = {profile.id: index for index, profile in enumerate(side_a)}
    columns = {profile.id: index for index, profile in enumerate(side_b)}
    features = encode(side_a, side_b)
    measured = {name: measure(name, *features, prefer) for name in CRITERIA if weights.get(name, 0)}
    found = []
    for a, b, score in pairs:
        cell = rows[a.id], columns[b.id]
        values = {
            name: int(grid.values[cell]) if grid.known[cell] else None for name, grid in measured.items()
        }
        found.append(_points(a, b, score, values, weights, prefer))
    return found


def _points(
    a: Profile,
    b: Profile,
    score: int,
    values: Mapping[str, int | None],
    weights: Mapping[str, int],
    prefer: Choices,
) -> tuple[CriterionPoints, ...]:
    """The points of one pair from its values per mille, None for what is not known."""
    kept = [0 if value is None else weights[name] for name, value in values.items()]
    maxima = share_out(FULL_SCORE, kept, [FULL_SCORE] * len(kept), sum(kept))
    gained = [weight * (value or 0) for weight, value in zip(kept, values.values(), strict=True)]
    points = share_out(score, gained, maxima, PER_MILLE * sum(kept))
    return tuple(
        CriterionPoints(
            name, points[index], maxima[index], value or 0, value is not None, facts_of(name, a, b, prefer)
        )
        for index, (name, value) in enumerate(values.items())
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
