"""A pair's score split by criterion, in whole milli-points that sum to it."""

from collections.abc import Mapping, Sequence

import numpy as np

from partnerships.matching.criteria import CRITERIA, PER_MILLE, measure
from partnerships.matching.encoding import Features, encode
from partnerships.matching.facts import facts_of
from partnerships.matching.outcome import CriterionPoints
from partnerships.matching.profiles import FULL_SCORE, Profile
from partnerships.matching.scoring import AS_USUAL, Choices
from partnerships.matching.table import Integers, Mask

MEASURED_AT_A_TIME = 16
"""Cities of so many pairs are measured all with all: less work than one pair after the other."""

Couple = tuple[Profile, Profile]


def criterion_points(
    a: Profile, b: Profile, weights: Mapping[str, int], score: int, prefer: Choices = AS_USUAL
) -> tuple[CriterionPoints, ...]:
    """The score split by criterion. Points sum to the score and maxima to 100,000 (largest remainder)."""
    scores = np.array([score], dtype=np.int64)
    return points_of_pairs([(a, b)], encode([a], [b]), scores, weights, prefer)[0]


def points_of_pairs(
    pairs: Sequence[Couple],
    features: tuple[Features, Features],
    scores: Integers,
    weights: Mapping[str, int],
    prefer: Choices = AS_USUAL,
) -> list[tuple[CriterionPoints, ...]]:
    """As `criterion_points`, for some pairs with their scores. `features` hold one row for each pair."""
    names = [name for name in CRITERIA if weights.get(name, 0)]
    values, known = _values(names, *features, prefer)
    kept = np.where(known, np.array([weights[name] for name in names], dtype=np.int64), 0)
    whole = kept.sum(axis=1)
    maxima = share_out(np.where(whole, FULL_SCORE, 0), kept, np.full_like(kept, FULL_SCORE), whole)
    points = share_out(scores, kept * values, maxima, PER_MILLE * whole)
    lines = zip(points.tolist(), maxima.tolist(), values.tolist(), known.tolist(), strict=True)
    return [
        tuple(
            CriterionPoints(name, gained, most, value, is_known, facts_of(name, *pair, prefer))
            for name, gained, most, value, is_known in zip(names, *line, strict=True)
        )
        for pair, line in zip(pairs, lines, strict=True)
    ]


def _values(names: Sequence[str], a: Features, b: Features, prefer: Choices) -> tuple[Integers, Mask]:
    """Values per mille of each pair (row) and criterion, 0 for what is not known, and what is."""
    count = len(a.population)
    values = np.zeros((count, len(names)), dtype=np.int64)
    known = np.zeros(values.shape, dtype=np.bool_)
    for start in range(0, count, MEASURED_AT_A_TIME):
        part = slice(start, min(start + MEASURED_AT_A_TIME, count))
        some = a.rows(part).aimed(part), b.rows(part).aimed(part)
        for place, name in enumerate(names):
            found = measure(name, *some, prefer)
            known[part, place] = found.known.diagonal()
            values[part, place] = np.where(known[part, place], found.values.diagonal(), 0)
    return values, known


def share_out(totals: Integers, parts: Integers, limits: Integers, wholes: Integers) -> Integers:
    """Whole shares of each row's total that sum to it: FULL_SCORE * part / whole, none above its limit.

    What rounding down leaves over goes to the largest remainders first. A whole of 0 gives no shares.
    Raises ValueError when the limits of a row leave no room for its total.
    """
    empty = wholes == 0
    left = np.where(empty, 0, totals)
    if (left > limits.sum(axis=1)).any():
        raise ValueError("a total is more than its limits")
    shares, over = np.divmod(FULL_SCORE * parts, np.where(empty, 1, wholes)[:, None])
    shares[empty] = 0
    order = np.argsort(-over, axis=1, kind="stable")
    left = left - shares.sum(axis=1)
    rows = np.arange(len(parts))
    while left.any():
        for column in order.T:
            more = (left > 0) & (shares[rows, column] < limits[rows, column])
            shares[rows, column] += more
            left -= more
    return shares
