"""Profiles as arrays: what the criteria compute with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from partnerships.matching.profiles import Profile
from partnerships.matching.sphere import Vectors, unit_vectors

Flags = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
Amounts = npt.NDArray[np.float64]
Letters = npt.NDArray[np.uint8]
Truths = npt.NDArray[np.bool_]
Columns = dict[Any, int]
Part = slice | Numbers
"""Some cities of a side: one after the other, or by their positions."""

WORD = 64  # bits


@dataclass(frozen=True)
class Features:
    """The cities of one side, one row each. Sets are bits of whole words that mean the same on both sides.

    A population of 0 means not known. `climate` holds the letters of a class as numbers: main group,
    rain, temperature. Wishes are coordinates: city `wish_from` of this side wishes for city `wish_to` of
    the other, worth `wish_value` per mille.
    """

    challenges: Flags
    wants: Flags
    offers: Flags
    themes: Flags
    sdgs: Flags
    languages: Flags
    population: Amounts
    minutes: npt.NDArray[np.float32]
    minutes_known: Truths
    climate: Letters
    climate_known: Truths
    coastal: Truths
    coastal_known: Truths
    exposure: Amounts
    exposure_known: Truths
    place: Vectors
    place_known: Truths
    has_wishes: Truths
    wish_from: Numbers
    wish_to: Numbers
    wish_value: Numbers

    def rows(self, block: Part) -> "Features":
        """Only the cities of `block`."""
        inside, places = moved(self.wish_from, block)
        return replace(self._cities(block), wish_from=places, **self._wishes(inside, "wish_to"))

    def aimed(self, block: Part) -> "Features":
        """All cities, but only their wishes for the other side's cities of `block`."""
        inside, places = moved(self.wish_to, block)
        return replace(self, wish_to=places, **self._wishes(inside, "wish_from"))

    def beside(self, cities: Numbers, partners: Numbers) -> "Features":
        """One row for each of some pairs: the city, with nothing but its wish for its partner."""
        width = 1 + max(int(partners.max(initial=0)), int(self.wish_to.max(initial=0)))
        inside, pairs = moved(self.wish_from * width + self.wish_to, cities * width + partners)
        wishes: dict[str, Any] = {"wish_from": pairs, "wish_to": pairs, **self._wishes(inside)}
        return replace(self._cities(cities), **wishes)

    def _cities(self, block: Part) -> "Features":
        """The cities of `block` with the wishes of all."""
        return replace(self, **{name: getattr(self, name)[block] for name in OF_CITIES})

    def _wishes(self, inside: Truths, *names: str) -> dict[str, Any]:
        """Values of some wishes, and what else of them is asked for."""
        return {name: getattr(self, name)[inside] for name in (*names, "wish_value")}


OF_CITIES = [item.name for item in fields(Features) if not item.name.startswith("wish_")]


def moved(positions: Numbers, block: Part) -> tuple[Truths, Numbers]:
    """Which positions are in a block, and where they stand there."""
    if isinstance(block, slice):
        inside = (positions >= block.start) & (positions < block.stop)
        return inside, positions[inside] - block.start
    order = np.argsort(block, kind="stable")
    places = np.searchsorted(block, positions, sorter=order)
    inside = places < len(block)
    inside[inside] = block[order[places[inside]]] == positions[inside]
    return inside, order[places[inside]]


def encode(a: Sequence[Profile], b: Sequence[Profile]) -> tuple[Features, Features]:
    """Both sides as arrays with common columns."""
    everyone = [*a, *b]
    themes = _columns(row.challenges | row.wants | row.offers | row.themes for row in everyone)
    sdgs = _columns(row.sdgs for row in everyone)
    languages = _columns(row.languages for row in everyone)
    return _encode_side(a, b, themes, sdgs, languages), _encode_side(b, a, themes, sdgs, languages)


def _columns(sets: Iterable[frozenset[Any]]) -> Columns:
    return {name: column for column, name in enumerate(sorted(frozenset().union(*sets)))}


def _encode_side(
    rows: Sequence[Profile], others: Sequence[Profile], themes: Columns, sdgs: Columns, languages: Columns
) -> Features:
    wishes = _wishes(rows, {other.id: index for index, other in enumerate(others)})
    minutes, minutes_known = _numbers(
        [None if row.utc_offset_hours is None else round(row.utc_offset_hours * 60) % 1440 for row in rows]
    )
    exposure, exposure_known = _numbers([row.exposure for row in rows])
    coastal, coastal_known = _numbers([row.coastal for row in rows])
    place, place_known = _places(rows)
    return Features(
        challenges=_flags([row.challenges for row in rows], themes),
        wants=_flags([row.wants for row in rows], themes),
        offers=_flags([row.offers for row in rows], themes),
        themes=_flags([row.themes for row in rows], themes),
        sdgs=_flags([row.sdgs for row in rows], sdgs),
        languages=_flags([row.languages for row in rows], languages),
        population=np.array([row.population or 0 for row in rows], dtype=np.float64),
        minutes=minutes.astype(np.float32),
        minutes_known=minutes_known,
        climate=np.array([_letters(row.climate) for row in rows], dtype=np.uint8).reshape(-1, 3),
        climate_known=np.array([bool(row.climate) for row in rows], dtype=np.bool_),
        coastal=coastal.astype(np.bool_),
        coastal_known=coastal_known,
        exposure=exposure,
        exposure_known=exposure_known,
        place=place,
        place_known=place_known,
        has_wishes=np.array([bool(row.wishes) for row in rows], dtype=np.bool_),
        wish_from=wishes[:, 0],
        wish_to=wishes[:, 1],
        wish_value=wishes[:, 2],
    )


def _flags(sets: Sequence[frozenset[Any]], columns: Columns) -> Flags:
    words = range(max(1, -(-len(columns) // WORD)))
    bits = [sum(1 << columns[name] for name in names) for names in sets]
    flags = [[row >> (WORD * word) & (2**WORD - 1) for word in words] for row in bits]
    return np.array(flags, dtype=np.uint64).reshape(-1, len(words))


def _numbers(values: Sequence[int | None]) -> tuple[Amounts, Truths]:
    """The numbers, 0 for what is not known, and where they are known."""
    numbers = np.array([value or 0 for value in values], dtype=np.float64)
    return numbers, np.array([value is not None for value in values], dtype=np.bool_)


def _letters(climate: str) -> tuple[int, int, int]:
    """Codes of main group, rain and temperature. Classes without a temperature, such as Af, share
    theirs within a main group only."""
    if not climate:
        return 0, 0, 0
    main, rain, *temperature = (ord(letter) for letter in climate)
    return main, rain, temperature[0] if temperature else main


def _places(rows: Sequence[Profile]) -> tuple[Vectors, Truths]:
    known = [row.latitude is not None and row.longitude is not None for row in rows]
    vectors = unit_vectors([row.latitude or 0 for row in rows], [row.longitude or 0 for row in rows])
    return vectors, np.array(known, dtype=np.bool_)


def _wishes(rows: Sequence[Profile], position: dict[str, int]) -> Numbers:
    wishes = [
        (index, position[wish], max(1000 - 100 * place, 500))
        for index, row in enumerate(rows)
        for place, wish in enumerate(dict.fromkeys(row.wishes))
        if wish in position
    ]
    return np.array(wishes, dtype=np.int64).reshape(-1, 3)
