"""Who comes next: the unmatched by what they would cost, and who stands in for a city that leaves."""

from dataclasses import replace

import numpy as np

from partnerships.matching.exchange import left_alone, steps_between
from partnerships.matching.ground import lay_ground
from partnerships.matching.objective import objective_of
from partnerships.matching.outcome import Objective, PairingResult, Reserve, StandIn, WhyNot
from partnerships.matching.profiles import PairingInput, Pin, Side
from partnerships.matching.residual import UNREACHED
from partnerships.matching.table import Block, Integers
from partnerships.matching.why_not import SOLVED, Inquiry

MOST_TRIED = 20
"""So many candidates are tried one by one where a city cannot come in without the loss of a pair."""


def reserve(pairing: PairingInput, result: PairingResult) -> tuple[Reserve, ...]:
    """Every city without a partner, the one that would cost the whole least first, with its best pair.

    The best pair is the one whose cheapest exchange loses least of the total while no pair and no place of a
    minimum quota is lost and no other pair falls below the floor; where there is none, the best of the city's
    highest scores. Cities that cost a pair come after those that do not, and those for which no pair is
    possible last. Empty for a result that was not solved. On large sides exchanges go through the candidates
    of the run only.
    """
    if result.status not in SOLVED:
        return ()
    inquiry = Inquiry(lay_ground(pairing, everything=True), result)
    rows = [Reserve(row.id, row.side, _entry(inquiry, row.id, row.side)) for row in result.unmatched]
    return tuple(sorted(rows, key=_order))


def stand_in(
    pairing: PairingInput, result: PairingResult, city: str, *, move_others: bool = False
) -> StandIn:
    """What happens when a city of the run drops out: who takes its place.

    All other pairs stay, unless `move_others` lets the free ones be exchanged for a better whole. Raises
    KeyError for a city that is not in the run, ValueError for a result that was not solved.
    """
    if result.status not in SOLVED:
        raise ValueError(result.status)
    inquiry = Inquiry(lay_ground(pairing), result)
    if city not in inquiry.ground.table.ids_a and city not in inquiry.ground.table.ids_b:
        raise KeyError(city)
    pins = [
        Pin(pair.a, pair.b)
        for pair in result.pairs
        if city not in (pair.a, pair.b) and (pair.pinned or not move_others)
    ]
    without = replace(pairing, a=_without(pairing.a, city), b=_without(pairing.b, city), pins=tuple(pins))
    left = tuple(
        sorted(pair.b if pair.a == city else pair.a for pair in result.pairs if city in (pair.a, pair.b))
    )
    pinned = {(pin.a, pin.b) for pin in pairing.pins}
    after = [replace(pair, pinned=(pair.a, pair.b) in pinned) for pair in inquiry.resolved(without)]
    return StandIn(
        city=city,
        left=left,
        steps=steps_between(pairing, inquiry.chosen, after, (city,)),
        before=result.objective,
        after=objective_of(pairing, after),
        alone=tuple(row for row in left_alone(inquiry.chosen, after) if row != city),
    )


def _without(side: Side, city: str) -> Side:
    """The side with no place left for the city, which keeps its row so that scores stay as they are."""
    return replace(
        side,
        profiles=tuple(
            replace(profile, capacity=0) if profile.id == city else profile for profile in side.profiles
        ),
    )


def _order(row: Reserve) -> tuple[int | str, ...]:
    return (1, row.side, row.id) if row.entry is None else (0, *_answer_order(row.entry))


def _answer_order(answer: WhyNot) -> tuple[int | str, ...]:
    """The smaller, the less it costs the whole."""
    after = answer.after or Objective(0, 0, None, 0)
    return (-after.pairs, after.shortfall, answer.cost, -after.kept, answer.a, answer.b)


def _entry(inquiry: Inquiry, city: str, side: str) -> WhyNot | None:
    """The best pair of a city without a partner, and what it would cost."""
    answer = _nearest(inquiry, city, side)
    before = inquiry.result.objective
    after = answer.after if answer else None
    if after is not None and (after.pairs, after.shortfall) == (before.pairs, before.shortfall):
        return answer
    answers = [inquiry.why_not(*place) for place in _highest(inquiry, city, side)]
    possible = [answer for answer in answers if answer.after is not None]
    return min(possible, key=_answer_order, default=None)


def _nearest(inquiry: Inquiry, city: str, side: str) -> WhyNot | None:
    """The pair whose cheapest exchange costs least, from one search over the residual network."""
    residual, layout = inquiry.residual, inquiry.ground.layout
    if residual is None:
        return None
    index, partners, scores, kept = _open(inquiry, city, side)
    same = np.full_like(partners, index)
    if side == "a":
        own, far = layout.first_a + index, layout.heads(same, partners)
        (reach, last), turn = residual.towards.distances(own), 1
    else:
        own, far = layout.first_b + index, layout.tails(partners, same)
        (reach, last), turn = residual.away.distances(own), -1
    worth = (scores + residual.network.keep_bonus * kept) * residual.weight + kept
    lengths = reach[far] - worth + turn * (residual.prices[own] - residual.prices[far])
    lengths[reach[far] == UNREACHED] = UNREACHED
    if not (lengths < UNREACHED).any():
        return None
    best = int(lengths.argmin())
    path, partner = residual.walked(last, int(far[best]), own), int(partners[best])
    place = (index, partner) if side == "a" else (partner, index)
    return inquiry.cost(*_couple(inquiry, city, side, partner), inquiry.turned(path, place))


def _highest(inquiry: Inquiry, city: str, side: str) -> list[tuple[str, str]]:
    """The pairs of highest score that are open to a city."""
    _, partners, scores, _ = _open(inquiry, city, side)
    best = partners[np.argsort(-scores, kind="stable")[:MOST_TRIED]]
    return [_couple(inquiry, city, side, partner) for partner in best.tolist()]


def _open(inquiry: Inquiry, city: str, side: str) -> tuple[int, Integers, Integers, Integers]:
    """The city's row or column, the partners open to it, their scores, and 1 for those of the run before."""
    table = inquiry.ground.table
    index = table.ids_a[city] if side == "a" else table.ids_b[city]
    scores, blocks = table.row(index) if side == "a" else table.column(index)
    partners = np.flatnonzero(blocks == Block.OPEN)
    own, other = table.previous.T if side == "a" else table.previous.T[::-1]
    kept = np.isin(partners, other[own == index]).astype(np.int64)
    return index, partners, scores[partners].astype(np.int64), kept


def _couple(inquiry: Inquiry, city: str, side: str, partner: int) -> tuple[str, str]:
    ids = inquiry.ground.ids_b if side == "a" else inquiry.ground.ids_a
    return (city, ids[partner]) if side == "a" else (ids[partner], city)
