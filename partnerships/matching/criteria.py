"""What makes two cities fit, one function per criterion: a value per mille for every pair at once.

Only additions, multiplications, integer divisions and square roots are used, so every machine gives the
same integers. Exchanging the sides exchanges rows and columns and changes no value.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from partnerships.matching.encoding import Features, Flags
from partnerships.matching.profiles import DEFAULT_PREFERENCES, PREFERENCES
from partnerships.matching.sphere import RADIUS, chords

Grid = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

PER_MILLE = 1000
WORKING_DAY_MINUTES = 480


class Values(NamedTuple):
    """Values per mille of one criterion for every pair, and where the cities gave the data."""

    values: Grid
    known: Mask


def shared_challenges(a: Features, b: Features) -> Values:
    """Twice the challenges in common over the challenges of both (Dice's coefficient)."""
    return _alike(a.challenges, b.challenges)


def shared_themes(a: Features, b: Features) -> Values:
    """Dice's coefficient of the themes chosen for cooperation, and of the Sustainable Development Goals:
    the mean of both, or the one that both cities gave."""
    themes, themes_known = _alike(a.themes, b.themes)
    goals, goals_known = _alike(a.sdgs, b.sdgs)
    said = themes_known.astype(np.int64) + goals_known
    return Values((themes * themes_known + goals * goals_known) // np.maximum(said, 1), said > 0)


def mutual_learning(a: Features, b: Features) -> Values:
    """Share of what a city wants to learn that the other can teach: the mean of both directions.

    A direction counts when the learner says what it wants and the teacher what it offers.
    """
    forth, forth_known = _taught(a.wants, b.offers)
    back, back_known = _taught(b.wants, a.offers)
    directions = forth_known.astype(np.int64) + back_known.T
    return Values((forth + back.T) // np.maximum(directions, 1), directions > 0)


def comparable_size(a: Features, b: Features) -> Values:
    """Square root of the ratio of populations: equal 1000, four times larger 500, a hundred times 100.

    The curve is soft on purpose. In the pairs of the International Urban Cooperation programme the larger
    city has 1.8 to 16.6 times the people of the smaller: such pairs keep 745 to 245 of 1000, so size ranks
    candidates and excludes none.
    """
    smaller = np.minimum(a.population[:, None], b.population[None, :])
    larger = np.maximum(a.population[:, None], b.population[None, :])
    ratio = smaller * (PER_MILLE * PER_MILLE) // np.maximum(larger, 1)
    return Values(np.sqrt(ratio).astype(np.int64), smaller > 0)


def common_languages(a: Features, b: Features) -> Values:
    """None in common 0, one 800, two or more 1000: the second adds little to the first."""
    shared = _common(a.languages, b.languages)
    known = _said(a.languages)[:, None] & _said(b.languages)[None, :]
    return Values(np.where(shared > 1, PER_MILLE, np.where(shared == 1, 800, 0)), known)


def working_hours(a: Features, b: Features) -> Values:
    """Share of an eight-hour working day that both spend at work, by the distance of their clocks."""
    apart = np.abs(a.minutes[:, None] - b.minutes[None, :]) % 1440
    apart = np.minimum(apart, 1440 - apart)
    values = np.maximum(WORKING_DAY_MINUTES - apart, 0) * PER_MILLE // WORKING_DAY_MINUTES
    return Values(values, a.minutes_known[:, None] & b.minutes_known[None, :])


def mutual_wishes(a: Features, b: Features) -> Values:
    """How much the cities wish for each other, as the mean of both directions.

    A first wish counts 1000, each later one 100 less, from the sixth on 500. Not known only when
    neither city expressed a wish for anybody.
    """
    values = np.zeros((len(a.population), len(b.population)), dtype=np.int64)
    values[a.wish_from, a.wish_to] += a.wish_value
    values[b.wish_to, b.wish_from] += b.wish_value
    return Values(values // 2, a.has_wishes[:, None] | b.has_wishes[None, :])


def like_climate(a: Features, b: Features) -> Values:
    """Letters in common of the classes of Köppen and Geiger: half for the main group (C, temperate), a
    quarter each for rain (f, none dry) and temperature (a, hot summer).

    Cfa and Cfa 1000, Cfa and Cfb 750, Cfa and Csb 500, Cfb and Dfb 500, Cfa and Af 250, Csb and BWh 0.
    """
    same = [np.equal.outer(a.climate[:, letter], b.climate[:, letter]) for letter in range(3)]
    return Values(
        500 * same[0] + 250 * same[1] + 250 * same[2],
        a.climate_known[:, None] & b.climate_known[None, :],
    )


def like_coast(a: Features, b: Features) -> Values:
    """Both by the sea or both inland 1000, otherwise 0."""
    values = PER_MILLE * np.equal.outer(a.coastal, b.coastal).astype(np.int64)
    return Values(values, a.coastal_known[:, None] & b.coastal_known[None, :])


def little_exposure(a: Features, b: Features) -> Values:
    """How new cities are to partnerships abroad: 1000 without any, 500 with one, 333 with two, and so on.

    The mean of both cities, or the value of the one whose partnerships are known: a programme may ask
    only its partners abroad. For newcomers; turned round it favours the experienced.
    """
    new_a, new_b = (PER_MILLE // (1 + side.exposure) * side.exposure_known for side in (a, b))
    said = a.exposure_known[:, None].astype(np.int64) + b.exposure_known[None, :]
    return Values((new_a[:, None] + new_b[None, :]) // np.maximum(said, 1), said > 0)


def short_distance(a: Features, b: Features) -> Values:
    """1000 at the same place, 0 at the other end of the world, by the straight line through the globe.

    500 km apart 961, 5,000 km 618, 10,000 km 294. The straight line (chord) needs no arc cosine, which
    machines compute differently. For what is near; turned round it favours what is far.
    """
    values = PER_MILLE - chords(a.place, b.place) * PER_MILLE // (2 * RADIUS)
    return Values(values, a.place_known[:, None] & b.place_known[None, :])


CRITERIA: Mapping[str, Callable[[Features, Features], Values]] = {
    "challenges": shared_challenges,
    "learning": mutual_learning,
    "themes": shared_themes,
    "size": comparable_size,
    "wishes": mutual_wishes,
    "languages": common_languages,
    "time_zone": working_hours,
    "climate": like_climate,
    "coast": like_coast,
    "exposure": little_exposure,
    "distance": short_distance,
}


def measure(criterion: str, a: Features, b: Features, prefer: Mapping[str, str]) -> Values:
    """Values of a criterion in the direction that the call prefers; the usual one unless it says so."""
    values, known = CRITERIA[criterion](a, b)
    if turned_round(criterion, prefer):
        values = PER_MILLE - values
    return Values(values, known)


def turned_round(criterion: str, prefer: Mapping[str, str]) -> bool:
    """Whether a call prefers the opposite of what the criterion measures."""
    if criterion not in PREFERENCES:
        return False
    return prefer.get(criterion, DEFAULT_PREFERENCES[criterion]) != DEFAULT_PREFERENCES[criterion]


def _alike(a: Flags, b: Flags) -> Values:
    named = _count(a)[:, None] + _count(b)[None, :]
    known = _said(a)[:, None] & _said(b)[None, :]
    return Values(2 * PER_MILLE * _common(a, b) // np.maximum(named, 1), known)


def _common(a: Flags, b: Flags) -> Grid:
    return (a @ b.T).astype(np.int64)  # whole numbers far below 2**24: exact in float32


def _count(flags: Flags) -> Grid:
    return flags.sum(axis=1).astype(np.int64)


def _said(flags: Flags) -> Mask:
    return _count(flags) > 0


def _taught(wants: Flags, offers: Flags) -> Values:
    wanted = _count(wants)[:, None]
    known = (wanted > 0) & _said(offers)[None, :]
    return Values(PER_MILLE * _common(wants, offers) // np.maximum(wanted, 1), known)
