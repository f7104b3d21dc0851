"""What staff read of a grouping: each group with its links, themes and reasons, and what was reached."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from partnerships.matching.choice import DECIDED
from partnerships.matching.columns import PoolGround
from partnerships.matching.explanation import SPEAKS_AGAINST, SPEAKS_FOR
from partnerships.matching.group_choice import kept_before
from partnerships.matching.outcome import CriterionPoints
from partnerships.matching.points import criterion_points
from partnerships.matching.pool import GroupLink, PoolInput, PoolObjective, ProposedGroup
from partnerships.matching.pool_validation import shared_themes
from partnerships.matching.profiles import Profile
from partnerships.matching.scoring import score_pairs


def objective_of(ground: PoolGround, chosen: Sequence[int]) -> PoolObjective:
    """What these groups reach, from the rows alone."""
    columns = ground.columns.only(np.array(chosen, dtype=np.int64))
    weakest = columns.weakest[columns.weakest < DECIDED]
    return PoolObjective(
        couples=int(columns.couples.sum()),
        placed=int(columns.sizes.sum()),
        floor=int(weakest.min()) if len(weakest) else None,
        total=int(columns.worth.sum()),
        kept=int(kept_before(ground, columns).sum()),
    )


def groups_of(ground: PoolGround, chosen: Iterable[int]) -> tuple[ProposedGroup, ...]:
    """The chosen groups explained, in the order of their first cities."""
    return tuple(_group(ground, row) for row in sorted(chosen, key=ground.columns.cities))


def _group(ground: PoolGround, row: int) -> ProposedGroup:
    cities = ground.columns.cities(row)
    profiles = [ground.pool.pool[city] for city in cities]
    links = tuple(_link(ground.pool, a, b) for a, b in combinations(profiles, 2))
    mean = _mean_values(links)
    return ProposedGroup(
        cities=tuple(profile.id for profile in profiles),
        score=sum(link.score for link in links) // len(links),
        pinned=bool(ground.columns.weakest[row] == DECIDED),
        themes=tuple(sorted(shared_themes(profiles))),
        links=links,
        reasons_for=tuple(name for name, value in mean.items() if value >= SPEAKS_FOR),
        reasons_against=tuple(name for name, value in mean.items() if value <= SPEAKS_AGAINST),
    )


def _mean_values(links: Sequence[GroupLink]) -> dict[str, int]:
    """The mean value per mille of each criterion over the links where it is known."""
    values: dict[str, list[int]] = {}
    for part in (part for link in links for part in link.criteria if part.known):
        values.setdefault(part.criterion, []).append(part.per_mille)
    return {name: sum(known) // len(known) for name, known in values.items()}


def _link(pool: PoolInput, a: Profile, b: Profile) -> GroupLink:
    """A link with its points, those of both directions as one where they differ."""
    weights, prefer = pool.settings.weights, pool.settings.prefer
    forth = int(score_pairs([a], [b], weights, prefer)[0, 0])
    back = int(score_pairs([b], [a], weights, prefer)[0, 0])
    criteria = criterion_points(a, b, weights, forth, prefer)
    if forth == back:
        return GroupLink(a.id, b.id, forth, criteria)
    other = criterion_points(b, a, weights, back, prefer)
    score = (forth + back) // 2
    return GroupLink(a.id, b.id, score, _merged(criteria, other, score))


def _merged(
    forth: tuple[CriterionPoints, ...], back: tuple[CriterionPoints, ...], score: int
) -> tuple[CriterionPoints, ...]:
    """The mean of both directions; what rounding leaves over goes to the first that lost a half."""
    points = [one.points + other.points for one, other in zip(forth, back, strict=True)]
    halves = [point // 2 for point in points]
    left = score - sum(halves)
    for index, point in enumerate(points):
        if left and point % 2:
            halves[index], left = halves[index] + 1, left - 1
    return tuple(
        replace(one, points=half, per_mille=(one.per_mille + other.per_mille) // 2)
        for one, other, half in zip(forth, back, halves, strict=True)
    )
