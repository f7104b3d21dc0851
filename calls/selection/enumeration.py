"""Tries every list that the prices leave open, without a solver: an exact proof where few are left."""

from calls.selection.bound import merit_bound, reduced
from calls.selection.ground import Ground
from calls.selection.outcome import Prices

MOST_STEPS = 30_000


class TooManyError(Exception):
    """More lists are open than can be tried."""


def better_exists(ground: Ground, merit: Prices, short: int, value: int) -> bool:
    """Whether some permitted list is worth more than `value`. Raises TooManyError.

    A list that departs from what the prices prefer pays for each departure; those that pay more than the
    bound leaves are cut off.
    """
    slack = merit_bound(ground, merit, short).scaled - (value + 1) * merit.scale
    if slack < 0:
        return False
    gains = reduced(ground, ground.weights, merit)
    preferred = [place for place, gain in enumerate(gains) if gain > slack]
    undecided = sorted(
        (place for place, gain in enumerate(gains) if -slack <= gain <= slack), key=lambda p: -abs(gains[p])
    )
    left = [limit.most - sum(limit.uses.get(place, 0) for place in preferred) for limit in ground.limits]
    if min(left, default=0) < 0:
        return False
    uses = [[limit.uses.get(place, 0) for limit in ground.limits] for place in undecided]
    stack = [(0, slack, left, preferred)]
    for _step in range(MOST_STEPS):
        if not stack:
            return False
        depth, slack, left, chosen = stack.pop()
        if depth == len(undecided):
            worth = sum(ground.weights[place] for place in chosen)
            if worth > value and ground.shortfall(chosen) <= short:
                return True
            continue
        place = undecided[depth]
        if slack >= max(0, gains[place]):
            stack.append((depth + 1, slack - max(0, gains[place]), left, chosen))
        rest = [one - use for one, use in zip(left, uses[depth], strict=True)]
        if slack >= max(0, -gains[place]) and min(rest, default=0) >= 0:
            stack.append((depth + 1, slack - max(0, -gains[place]), rest, [*chosen, place]))
    if stack:
        raise TooManyError
    return False
