"""Why a pair was proposed, point by point, and why a city found no partner."""

from collections.abc import Sequence

import numpy as np

from partnerships.matching.competition import benches
from partnerships.matching.network import Ground
from partnerships.matching.outcome import CriterionPoints, ProposedPair, Unmatched
from partnerships.matching.points import points_of_pairs
from partnerships.matching.scoring import Scores
from partnerships.matching.table import Block, Blocks

SPEAKS_FOR, SPEAKS_AGAINST = 600, 250
"""From this value per mille a criterion is a reason for a pair; up to this one, a reason against."""


def explain_pairs(ground: Ground, places: Sequence[tuple[int, int, bool]]) -> list[ProposedPair]:
    """Pairs, as row, column and whether pinned, with their points, their reasons and their ranks."""
    profiles_a, profiles_b = ground.pairing.a.profiles, ground.pairing.b.profiles
    pairs = [(profiles_a[row], profiles_b[column], ground.score(row, column)) for row, column, _ in places]
    settings = ground.pairing.settings
    points = points_of_pairs(pairs, settings.weights, settings.prefer)
    return [_explained(ground, *place, found) for place, found in zip(places, points, strict=True)]


def _explained(
    ground: Ground, row: int, column: int, pinned: bool, criteria: tuple[CriterionPoints, ...]
) -> ProposedPair:
    """A pair with its points per criterion, its reasons and its rank among both cities' candidates."""
    a, b = ground.pairing.a.profiles[row], ground.pairing.b.profiles[column]
    score = ground.score(row, column)
    return ProposedPair(
        a=a.id,
        b=b.id,
        score=score,
        pinned=pinned,
        criteria=criteria,
        rank_for_a=_rank_of_row(ground, row, score),
        rank_for_b=_rank_of_column(ground, column, score),
        candidates_for_a=int(ground.candidates.count_a[row]),
        candidates_for_b=int(ground.candidates.count_b[column]),
        reasons_for=tuple(part.criterion for part in criteria if part.known and part.per_mille >= SPEAKS_FOR),
        reasons_against=tuple(
            part.criterion for part in criteria if part.known and part.per_mille <= SPEAKS_AGAINST
        ),
    )


def _rank_of_row(ground: Ground, row: int, score: int) -> int:
    candidates = ground.candidates
    if not candidates.complete and score >= candidates.limit_a[row]:
        return int((candidates.best_a[row] > score).sum()) + 1
    return _rank(*ground.table.row(row), score)


def _rank_of_column(ground: Ground, column: int, score: int) -> int:
    candidates = ground.candidates
    if not candidates.complete and score >= candidates.limit_b[column]:
        return int((candidates.best_b[column] > score).sum()) + 1
    return _rank(*ground.table.column(column), score)


def _rank(scores: Scores, blocks: Blocks, score: int) -> int:
    candidates = (blocks == Block.OPEN) | (blocks == Block.PINNED)
    return int((scores[candidates] > score).sum()) + 1


def explain_unmatched(ground: Ground, pairs: Sequence[tuple[int, int]]) -> tuple[Unmatched, ...]:
    """Every city without a partner, side A first, with the cause. `pairs` are rows and columns, pins too."""
    taken = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return tuple(
        Unmatched(bench.own.profiles[index].id, bench.label, bench.cause(index))
        for bench in benches(ground, taken)
        for index in np.setdiff1d(np.arange(len(bench.own.profiles)), bench.pairs[:, 0]).tolist()
    )
