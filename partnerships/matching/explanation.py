"""Why a pair was proposed, point by point, and why a city found no partner."""

from collections.abc import Sequence

import numpy as np

from partnerships.matching.competition import Bench
from partnerships.matching.network import Block, Ground
from partnerships.matching.outcome import ProposedPair, Unmatched
from partnerships.matching.points import criterion_points

SPEAKS_FOR, SPEAKS_AGAINST = 600, 250
"""From this value per mille a criterion is a reason for a pair; up to this one, a reason against."""


def explain_pair(ground: Ground, row: int, column: int, pinned: bool) -> ProposedPair:
    """A pair with its points per criterion, its reasons and its rank among both cities' candidates."""
    a, b = ground.pairing.a.profiles[row], ground.pairing.b.profiles[column]
    score = int(ground.scores[row, column])
    settings = ground.pairing.settings
    criteria = criterion_points(a, b, settings.weights, score, settings.prefer)
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
