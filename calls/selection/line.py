"""The funding line: the places that floors reserve first, then rank order until places or money end.

Each step takes the candidate who helps the most unfilled floors, and among these the best ranked who fits.
Without money and with nested quotas this greedy choice is the best list of all, floors included: the value
of a list is then M-natural-concave, where taking the best next element is optimal.
Source: Murota, Discrete Convex Analysis (2003), chapters 6, 10;
Dress and Wenzel, Valuated matroids, 1992.
"""

from collections import defaultdict, deque

from calls.selection.ground import Ground, Limit
from calls.selection.profile import WhenShort


def walk(ground: Ground) -> tuple[int, ...]:
    """The positions selected, in rank order. Time: places times kinds of countries."""
    stop = ground.selection.settings.when_short is WhenShort.STOP
    left = {id(limit): limit.most for limit in ground.limits}
    wanting = [floor.least for floor in ground.floors]
    queues = _queues(ground)
    chosen: list[int] = []
    while queues:
        for kind in [kind for kind, queue in queues.items() if not queue or _full(ground, left, queue[0])]:
            del queues[kind]
        if not queues:
            break
        kind = max(queues, key=lambda kind: (_helps(wanting, kind[1]), -queues[kind][0]))
        place = queues[kind].popleft()
        if not _affordable(ground, left, place):
            if stop:
                break
            continue
        chosen.append(place)
        for limit in ground.limits:
            left[id(limit)] -= limit.uses.get(place, 0)
        for number in kind[1]:
            wanting[number] -= 1
    return tuple(sorted(chosen))


Kind = tuple[tuple[int, ...], tuple[int, ...]]


def _queues(ground: Ground) -> dict[Kind, deque[int]]:
    """Candidates in rank order by kind: the limits and the floors that they count for."""
    queues: dict[Kind, deque[int]] = defaultdict(deque)
    for place in range(len(ground.free)):
        limits = tuple(number for number, limit in enumerate(ground.limits) if place in limit.uses)
        floors = tuple(number for number, floor in enumerate(ground.floors) if place in floor.members)
        queues[limits, floors].append(place)
    return queues


def _helps(wanting: list[int], floors: tuple[int, ...]) -> int:
    return sum(wanting[number] > 0 for number in floors)


def _full(ground: Ground, left: dict[int, int], place: int) -> bool:
    """No place is left for anybody of this kind. Money is asked for each candidate."""
    return any(
        place in limit.uses and left[id(limit)] < 1 for limit in ground.limits if limit.code != "no_budget"
    )


def _affordable(ground: Ground, left: dict[int, int], place: int) -> bool:
    money: list[Limit] = [limit for limit in ground.limits if limit.code == "no_budget"]
    return all(limit.uses[place] <= left[id(limit)] for limit in money)
