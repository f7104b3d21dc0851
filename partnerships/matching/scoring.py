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

# A tile of the table is worked through while it stays in the processor's own memory.
CELLS_AT_A_TIME, COLUMNS_AT_A_TIME = 65_536, 1024
AS_USUAL: Choices = MappingProxyType({})


def score_pairs(
    a: Sequence[Profile], b: Sequence[Profile], weights: Mapping[str, int], prefer: Choices = AS_USUAL
) -> Scores:
    """Scores in milli-points of every city of `a` (rows) with every city of `b` (columns).

    `prefer` gives the direction of criteria that have two, as in `Settings`.
    """
    return score_block(*encode(a, b), weights, prefer)


def score_block(a: Features, b: Features, weights: Mapping[str, int], prefer: Choices = AS_USUAL) -> Scores:
    """The same for cities that are encoded already, such as some rows and columns of a large table."""
    scores = np.zeros((len(a.population), len(b.population)), dtype=np.int32)
    width = max(1, min(scores.shape[1], COLUMNS_AT_A_TIME))
    for rows in _blocks(scores.shape[0], CELLS_AT_A_TIME // width):
        some_a, aimed_b = a.rows(rows), b.aimed(rows)
        for columns in _blocks(scores.shape[1], COLUMNS_AT_A_TIME):
            tile = some_a.aimed(columns), aimed_b.rows(columns)
            scores[rows, columns] = _score_tile(*tile, weights, prefer)
    return scores


def _blocks(count: int, step: int) -> list[slice]:
    return [slice(start, min(start + step, count)) for start in range(0, count, step)]


def _score_tile(a: Features, b: Features, weights: Mapping[str, int], prefer: Choices) -> Grid:
    gained: Grid = np.zeros((len(a.population), len(b.population)))
    weighed: Grid | float = 0.0  # one number as long as everything is known
    for criterion in CRITERIA:
        weight = float(weights.get(criterion, 0))
        if weight:
            values, known = measure(criterion, a, b, prefer)
            if known.all():
                gained += np.multiply(values, weight, dtype=np.float64)
                weighed = weighed + weight
            elif known.any():
                gained += np.where(known, np.multiply(values, weight, dtype=np.float64), 0)
                weighed = weighed + weight * known
    return _weighted_mean(gained, weighed)


def _weighted_mean(gained: Grid, weighed: Grid | float) -> Grid:
    """In milli-points, rounded half up. No number exceeds 10**13, so floats hold all of them exactly."""
    whole = np.maximum(PER_MILLE * weighed, 1)
    gained *= FULL_SCORE
    gained += np.floor(whole / 2)
    gained /= whole
    return np.floor(gained, out=gained)
