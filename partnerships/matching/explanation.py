"""Why a pair was proposed, point by point, and why a city found no partner."""

from collections.abc import Callable, Sequence

import numpy as np

from partnerships.matching.candidates import Keys
from partnerships.matching.competition import benches
from partnerships.matching.ground import Ground
from partnerships.matching.outcome import CriterionPoints, ProposedPair, Unmatched
from partnerships.matching.points import Couple, points_of_pairs
from partnerships.matching.scoring import Scores
from partnerships.matching.table import Block, Blocks, Integers

SPEAKS_FOR, SPEAKS_AGAINST = 600, 250
"""From this value per mille a criterion is a reason for a pair; up to this one, a reason against."""

LOOKED_AT_A_TIME = 100
"""Cities whose pairs are all looked at together, so that large sides take little memory."""

Lines = Callable[[Integers], tuple[Scores, Blocks]]


def explain_pairs(ground: Ground, places: Sequence[tuple[int, int, bool]]) -> list[ProposedPair]:
    """Pairs, as row, column and whether pinned, with their points, their reasons and their ranks."""
    profiles_a, profiles_b = ground.pairing.a.profiles, ground.pairing.b.profiles
    pairs = [(profiles_a[row], profiles_b[column]) for row, column, _ in places]
    rows, columns, pinned = np.array(places, dtype=np.int64).reshape(-1, 3).T
    scores = np.array([ground.score(row, column) for row, column, _ in places], dtype=np.int64)
    a, b = ground.table.features
    features = a.beside(rows, columns), b.beside(columns, rows)
    settings, candidates = ground.pairing.settings, ground.candidates
    points = points_of_pairs(pairs, features, scores, settings.weights, settings.prefer)
    ranks = zip(
        _ranks(ground.table.rows, candidates.best_a, candidates.limit_a, rows, scores),
        _ranks(ground.table.columns, candidates.best_b, candidates.limit_b, columns, scores),
        candidates.count_a[rows].tolist(),
        candidates.count_b[columns].tolist(),
        strict=True,
    )
    found = zip(pairs, scores.tolist(), pinned.astype(np.bool_).tolist(), points, ranks, strict=True)
    return [_explained(*row) for row in found]


def _explained(
    pair: Couple,
    score: int,
    pinned: bool,
    criteria: tuple[CriterionPoints, ...],
    ranks: tuple[int, int, int, int],
) -> ProposedPair:
    """A pair with its points per criterion, its reasons and its rank among both cities' candidates."""
    return ProposedPair(
        pair[0].id,
        pair[1].id,
        score,
        pinned,
        criteria,
        *ranks,
        reasons_for=tuple(part.criterion for part in criteria if part.known and part.per_mille >= SPEAKS_FOR),
        reasons_against=tuple(
            part.criterion for part in criteria if part.known and part.per_mille <= SPEAKS_AGAINST
        ),
    )


def _ranks(scored: Lines, best: Keys, limits: Integers, own: Integers, scores: Integers) -> list[int]:
    """The rank of each score among all candidates of its city.

    The city's `best` tell where nothing as good was left out of them; else all its pairs are looked at.
    """
    ranks = np.zeros(len(own), dtype=np.int64)
    near = scores >= limits[own] if best.size else np.zeros(len(own), dtype=np.bool_)
    if best.size:
        ranks[near] = (best[own[near]] > scores[near, None]).sum(axis=1)
    far = np.flatnonzero(~near)
    for start in range(0, len(far), LOOKED_AT_A_TIME):
        part = far[start : start + LOOKED_AT_A_TIME]
        cities, line = np.unique(own[part], return_inverse=True)
        found, blocks = scored(cities)
        eligible = (blocks == Block.OPEN) | (blocks == Block.PINNED)
        ranks[part] = ((found[line] > scores[part, None]) & eligible[line]).sum(axis=1)
    return (ranks + 1).tolist()


def explain_unmatched(ground: Ground, pairs: Sequence[tuple[int, int]]) -> tuple[Unmatched, ...]:
    """Every city without a partner, side A first, with the cause. `pairs` are rows and columns, pins too."""
    taken = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return tuple(
        Unmatched(bench.own.profiles[index].id, bench.label, bench.cause(index))
        for bench in benches(ground, taken)
        for index in np.setdiff1d(np.arange(len(bench.own.profiles)), bench.pairs[:, 0]).tolist()
    )
