"""The difference between two sets of pairs, told as a chain of steps."""

from collections.abc import Collection

from partnerships.matching.objective import Chosen
from partnerships.matching.outcome import Step
from partnerships.matching.profiles import PairingInput

Couple = tuple[str, str]


def steps_between(
    pairing: PairingInput, before: Collection[Chosen], after: Collection[Chosen], first: Collection[str]
) -> tuple[Step, ...]:
    """The pairs that go and come, each beside the one that it makes room for or that makes room for it.

    The chain begins with the cities `first`, gains before losses.
    """
    scores = {(pair.a, pair.b): pair.score for pair in (*before, *after)}
    old, new = {(pair.a, pair.b) for pair in before}, {(pair.a, pair.b) for pair in after}
    kept = {(pair.a, pair.b) for pair in pairing.previous}
    return tuple(
        Step(*couple, scores[couple], couple in new, couple in kept) for couple in _chain(old, new, first)
    )


def left_alone(before: Collection[Chosen], after: Collection[Chosen]) -> tuple[str, ...]:
    """Cities that had a partner and have none any more."""
    had, have = ({city for pair in pairs for city in (pair.a, pair.b)} for pairs in (before, after))
    return tuple(sorted(had - have))


def _chain(old: set[Couple], new: set[Couple], first: Collection[str]) -> list[Couple]:
    changed = sorted(old ^ new, key=lambda couple: (couple not in new, couple))
    starts = [couple for couple in changed if set(couple) & set(first)]
    chain: list[Couple] = []
    for start in (*starts, *changed):
        waiting = [start]
        while waiting:
            couple = waiting.pop()
            if couple in chain:
                continue
            chain.append(couple)
            beside = [
                other
                for other in changed
                if set(other) & set(couple) and (other in new) != (couple in new) and other not in chain
            ]
            # the partner's side goes first: whom it leaves, and whom that one takes
            waiting += sorted(beside, key=lambda other: (other[1] == couple[1], other))
    return chain
