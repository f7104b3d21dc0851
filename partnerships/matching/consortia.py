"""Several cities that take part as one: a consortium is a single row of a side."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from partnerships.matching.profiles import Profile

UNITED = ("languages", "wants", "offers", "challenges", "themes", "sdgs")


def consortium(id: str, name: str, members: Sequence[Profile], capacity: int = 1) -> Profile:
    """One profile for all members, in whichever order they are given.

    Languages and themes are united, populations summed (not known unless all are). Place, country, clock,
    climate and coast are those of the largest member, and so is what its quotas count. Exposure is that of
    the most experienced; wishes are taken in turns, everybody's first wish before the second ones.
    Raises ValueError without members.
    """
    if not members:
        raise ValueError("a consortium has members")
    ordered = sorted(members, key=lambda member: (-(member.population or 0), member.id))
    populations = [member.population for member in ordered if member.population is not None]
    exposures = [member.exposure for member in ordered if member.exposure is not None]
    united: dict[str, Any] = {
        part: frozenset().union(*(getattr(member, part) for member in ordered)) for part in UNITED
    }
    return replace(
        ordered[0],
        id=id,
        name=name,
        members=tuple(sorted(member.id for member in ordered)),
        capacity=capacity,
        population=sum(populations) if len(populations) == len(ordered) else None,
        exposure=max(exposures, default=None),
        wishes=_in_turns([member.wishes for member in ordered]),
        **united,
    )


def _in_turns(wishes: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    longest = max(map(len, wishes))
    taken = [row[place] for place in range(longest) for row in wishes if place < len(row)]
    return tuple(dict.fromkeys(taken))
