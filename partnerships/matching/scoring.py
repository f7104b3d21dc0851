"""Scores of all pairs at once, in integers.

Each criterion gives a value per mille for every pair and says where it is known. A pair's score is the
weighted mean over the criteria known for that pair, in milli-points, rounded half up. Only additions,
multiplications, integer divisions and square roots are used, so every machine gives the same integers.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from partnerships.matching.encoding import Features, encode
from partnerships.matching.profiles import FULL_SCORE, Profile

Grid = npt.NDArray[np.int64]
Scores = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

PER_MILLE = 1000
WORKING_DAY_MINUTES = 480
CELLS_AT_A_TIME = 500_000


class Values(NamedTuple):
    """Values per mille of one criterion for every pair, and where both cities gave the data."""

    values: Grid
    known: Mask


def shared_challenges(a: Features, b: Features) -> Values:
    """Twice the challenges in common over the challenges of both (Dice's coefficient)."""
    named = _count(a.challenges)[:, None] + _count(b.challenges)[None, :]
    known = _said(a.challenges)[:, None] & _said(b.challenges)[None, :]
    return Values(2 * PER_MILLE * _common(a.challenges, b.challenges) // np.maximum(named, 1), known)


def mutual_learning(a: Features, b: Features) -> Values:
    """Share of what a city wants to learn that the other can teach: the mean of both directions.

    A direction counts when the learner says what it wants and the teacher what it offers.
    """
    forth, forth_known = _taught(a.wants, b.offers)
    back, back_known = _taught(b.wants, a.offers)
    directions = forth_known.astype(np.int64) + back_known.T
    return Values((forth + back.T) // np.maximum(directions, 1), directions > 0)


def comparable_size(a: Features, b: Features) -> Values:
    """Square root of the ratio of populations: equal 1000, four times larger 500, a hundred times 100."""
    smaller = np.minimum(a.population[:, None], b.population[None, :])
    larger = np.maximum(a.population[:, None], b.population[None, :])
    ratio = smaller * (PER_MILLE * PER_MILLE) // np.maximum(larger, 1)
    return Values(np.sqrt(ratio).astype(np.int64), smaller > 0)


def common_languages(a: Features, b: Features) -> Values:
    """None in common 0, one 800, two or more 1000: the second adds little to the first."""
    shared = _common(a.languages, b.languages)
    known = _said(a.languages)[:, None] & _said(b.languages)[None, :]
    return Values(np.where(shared > 1, PER_MILLE, np.where(shared == 1, 800, 0)), known)


def working_hours(a: Features, b: Features) -> Values:
    """Share of an eight-hour working day that both spend at work, by the distance of their clocks."""
    apart = np.abs(a.minutes[:, None] - b.minutes[None, :]) % 1440
    apart = np.minimum(apart, 1440 - apart)
    values = np.maximum(WORKING_DAY_MINUTES - apart, 0) * PER_MILLE // WORKING_DAY_MINUTES
    return Values(values, a.minutes_known[:, None] & b.minutes_known[None, :])


def mutual_wishes(a: Features, b: Features) -> Values:
    """How much the cities wish for each other, as the mean of both directions.

    A first wish counts 1000, each later one 100 less, from the sixth on 500. Not known only when
    neither city expressed a wish for anybody.
    """
    values = np.zeros((len(a.population), len(b.population)), dtype=np.int64)
    values[a.wish_from, a.wish_to] += a.wish_value
    values[b.wish_to, b.wish_from] += b.wish_value
    return Values(values // 2, a.has_wishes[:, None] | b.has_wishes[None, :])


CRITERIA: Mapping[str, Callable[[Features, Features], Values]] = {
    "challenges": shared_challenges,
    "learning": mutual_learning,
    "size": comparable_size,
    "wishes": mutual_wishes,
    "languages": common_languages,
    "time_zone": working_hours,
}


def score_pairs(a: Sequence[Profile], b: Sequence[Profile], weights: Mapping[str, int]) -> Scores:
    """Scores in milli-points of every city of `a` (rows) with every city of `b` (columns)."""
    features_a, features_b = encode(a, b)
    scores = np.zeros((len(a), len(b)), dtype=np.int32)
    step = max(1, CELLS_AT_A_TIME // max(1, len(b)))
    for start in range(0, len(a), step):
        block = slice(start, min(start + step, len(a)))
        scores[block] = _score_block(features_a.rows(block), features_b.aimed(block), weights)
    return scores


def _score_block(a: Features, b: Features, weights: Mapping[str, int]) -> Grid:
    shape = (len(a.population), len(b.population))
    gained = np.zeros(shape, dtype=np.int64)
    weighed = np.zeros(shape, dtype=np.int64)
    for criterion, measure in CRITERIA.items():
        weight = weights.get(criterion, 0)
        if weight:
            values, known = measure(a, b)
            gained += weight * np.where(known, values, 0)
            weighed += weight * known
    return _mean(gained, weighed)


def _mean(gained: Grid, weighed: Grid) -> Grid:
    whole = np.maximum(PER_MILLE * weighed, 1)
    return (gained * FULL_SCORE + whole // 2) // whole


def _common(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> Grid:
    return (a @ b.T).astype(np.int64)  # whole numbers far below 2**24: exact in float32


def _count(flags: npt.NDArray[np.float32]) -> Grid:
    return flags.sum(axis=1).astype(np.int64)


def _said(flags: npt.NDArray[np.float32]) -> Mask:
    return _count(flags) > 0


def _taught(wants: npt.NDArray[np.float32], offers: npt.NDArray[np.float32]) -> Values:
    wanted = _count(wants)[:, None]
    known = (wanted > 0) & _said(offers)[None, :]
    return Values(PER_MILLE * _common(wants, offers) // np.maximum(wanted, 1), known)
