"""Profiles as arrays: what the criteria compute with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from partnerships.matching.profiles import Profile

Flags = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Features:
    """The cities of one side, one row each. Theme and language columns are the same on both sides.

    Wishes are coordinates: city `wish_from` of this side wishes for city `wish_to` of the other,
    worth `wish_value` per mille. A population of 0 means not known.
    """

    challenges: Flags
    wants: Flags
    offers: Flags
    languages: Flags
    population: Numbers
    minutes: Numbers
    minutes_known: npt.NDArray[np.bool_]
    has_wishes: npt.NDArray[np.bool_]
    wish_from: Numbers
    wish_to: Numbers
    wish_value: Numbers

    def rows(self, block: slice) -> "Features":
        """Only the cities of `block`."""
        inside = (self.wish_from >= block.start) & (self.wish_from < block.stop)
        return Features(
            challenges=self.challenges[block],
            wants=self.wants[block],
            offers=self.offers[block],
            languages=self.languages[block],
            population=self.population[block],
            minutes=self.minutes[block],
            minutes_known=self.minutes_known[block],
            has_wishes=self.has_wishes[block],
            wish_from=self.wish_from[inside] - block.start,
            wish_to=self.wish_to[inside],
            wish_value=self.wish_value[inside],
        )

    def aimed(self, block: slice) -> "Features":
        """All cities, but only their wishes for the other side's cities of `block`."""
        inside = (self.wish_to >= block.start) & (self.wish_to < block.stop)
        return replace(
            self,
            wish_from=self.wish_from[inside],
            wish_to=self.wish_to[inside] - block.start,
            wish_value=self.wish_value[inside],
        )


def encode(a: Sequence[Profile], b: Sequence[Profile]) -> tuple[Features, Features]:
    """Both sides as arrays with common columns."""
    everyone = [*a, *b]
    themes = _columns(row.challenges | row.wants | row.offers for row in everyone)
    languages = _columns(row.languages for row in everyone)
    return _encode_side(a, b, themes, languages), _encode_side(b, a, themes, languages)


def _columns(sets) -> dict[str, int]:
    return {name: column for column, name in enumerate(sorted(frozenset().union(*sets)))}


def _encode_side(
    rows: Sequence[Profile], others: Sequence[Profile], themes: dict[str, int], languages: dict[str, int]
) -> Features:
    wishes = _wishes(rows, {other.id: index for index, other in enumerate(others)})
    minutes = [None if row.utc_offset_hours is None else round(row.utc_offset_hours * 60) for row in rows]
    return Features(
        challenges=_flags([row.challenges for row in rows], themes),
        wants=_flags([row.wants for row in rows], themes),
        offers=_flags([row.offers for row in rows], themes),
        languages=_flags([row.languages for row in rows], languages),
        population=np.array([row.population or 0 for row in rows], dtype=np.int64),
        minutes=np.array([minute or 0 for minute in minutes], dtype=np.int64),
        minutes_known=np.array([minute is not None for minute in minutes], dtype=np.bool_),
        has_wishes=np.array([bool(row.wishes) for row in rows], dtype=np.bool_),
        wish_from=wishes[:, 0],
        wish_to=wishes[:, 1],
        wish_value=wishes[:, 2],
    )


def _flags(sets: list[frozenset[str]], columns: dict[str, int]) -> Flags:
    flags = np.zeros((len(sets), len(columns)), dtype=np.float32)
    for row, names in enumerate(sets):
        flags[row, [columns[name] for name in names]] = 1
    return flags


def _wishes(rows: Sequence[Profile], position: dict[str, int]) -> Numbers:
    wishes = [
        (index, position[wish], max(1000 - 100 * place, 500))
        for index, row in enumerate(rows)
        for place, wish in enumerate(dict.fromkeys(row.wishes))
        if wish in position
    ]
    return np.array(wishes, dtype=np.int64).reshape(-1, 3)
