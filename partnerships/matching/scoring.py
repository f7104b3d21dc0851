"""Scores of all pairs at once, in integers.

Each criterion gives a value per mille for every pair and says where it is known. A pair's score is the
weighted mean over the criteria known for that pair, in milli-points, rounded half up.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from partnerships.matching.criteria import CRITERIA, PER_MILLE, Grid, measure
from partnerships.matching.encoding import Features, encode
from partnerships.matching.profiles import FULL_SCORE, Profile

Scores = npt.NDArray[np.int32]
Choices = Mapping[str, str]

CELLS_AT_A_TIME = 500_000
AS_USUAL: Choices = MappingProxyType({})


def score_pairs(
    a: Sequence[Profile], b: Sequence[Profile], weights: Mapping[str, int], prefer: Choices = AS_USUAL
) -> Scores:
    """Scores in milli-points of every city of `a` (rows) with every city of `b` (columns).

    `prefer` gives the direction of criteria that have two, as in `Settings`.
    """
    features_a, features_b = encode(a, b)
    scores = np.zeros((len(a), len(b)), dtype=np.int32)
    step = max(1, CELLS_AT_A_TIME // max(1, len(b)))
    for start in range(0, len(a), step):
        block = slice(start, min(start + step, len(a)))
        scores[block] = _score_block(features_a.rows(block), features_b.aimed(block), weights, prefer)
    return scores


def _score_block(a: Features, b: Features, weights: Mapping[str, int], prefer: Choices) -> Grid:
    shape = (len(a.population), len(b.population))
    gained = np.zeros(shape, dtype=np.int64)
    weighed = np.zeros(shape, dtype=np.int64)
    for criterion in CRITERIA:
        weight = weights.get(criterion, 0)
        if weight:
            values, known = measure(criterion, a, b, prefer)
            gained += weight * np.where(known, values, 0)
            weighed += weight * known
    return _mean(gained, weighed)


def _mean(gained: Grid, weighed: Grid) -> Grid:
    whole = np.maximum(PER_MILLE * weighed, 1)
    return (gained * FULL_SCORE + whole // 2) // whole
