"""What makes two cities fit, one function per criterion: a value per mille for every pair at once.

Values are whole numbers kept as floats, which processors divide faster than integers. Only additions,
multiplications, divisions and square roots that are rounded down are used, on numbers that a float holds
exactly; a quotient of whole numbers that is none itself is farther from the next one than a float's error.
So the results are those of integers, the same on every machine. Exchanging the sides exchanges rows and
columns and changes no value.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from partnerships.matching.encoding import Features, Flags
from partnerships.matching.profiles import DEFAULT_PREFERENCES, PREFERENCES
from partnerships.matching.sphere import RADIUS, chords

Grid = npt.NDArray[np.floating[Any]]
Mask = npt.NDArray[np.bool_]

PER_MILLE = 1000
WORKING_DAY_MINUTES = 480
DAY_MINUTES = 1440


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
    return _mean(_alike(a.themes, b.themes), _alike(a.sdgs, b.sdgs))


def mutual_learning(a: Features, b: Features) -> Values:
    """Share of what a city wants to learn that the other can teach: the mean of both directions.

    A direction counts when the learner says what it wants and the teacher what it offers.
    """
    forth = PER_MILLE * _common(a.wants, b.offers) / _count(a.wants)[:, None]
    back = PER_MILLE * _common(a.offers, b.wants) / _count(b.wants)[None, :]
    return _mean(
        Values(np.floor(forth), _both(_said(a.wants), _said(b.offers))),
        Values(np.floor(back), _both(_said(a.offers), _said(b.wants))),
    )


def comparable_size(a: Features, b: Features) -> Values:
    """Square root of the ratio of populations: equal 1000, four times larger 500, a hundred times 100.

    The curve is soft on purpose. In the pairs of the International Urban Cooperation programme the larger
    city has 1.8 to 16.6 times the people of the smaller: such pairs keep 745 to 245 of 1000, so size ranks
    candidates and excludes none.
    """
    smaller = np.minimum.outer(a.population, b.population)
    larger = np.maximum.outer(a.population, b.population)
    ratio = np.floor(smaller * (PER_MILLE * PER_MILLE) / np.maximum(larger, 1))
    return Values(np.floor(np.sqrt(ratio)), _both(a.population > 0, b.population > 0))


def common_languages(a: Features, b: Features) -> Values:
    """None in common 0, one 800, two or more 1000: the second adds little to the first."""
    shared = np.minimum(_common(a.languages, b.languages), 2)
    return Values(shared * (1100 - 300 * shared), _both(_said(a.languages), _said(b.languages)))


def working_hours(a: Features, b: Features) -> Values:
    """Share of an eight-hour working day that both spend at work, by the distance of their clocks."""
    apart = np.abs(np.subtract.outer(a.minutes, b.minutes))
    apart = np.minimum(apart, DAY_MINUTES - apart)
    shared = np.maximum(WORKING_DAY_MINUTES - apart, 0) * PER_MILLE
    return Values(np.floor(shared / WORKING_DAY_MINUTES), _both(a.minutes_known, b.minutes_known))


def mutual_wishes(a: Features, b: Features) -> Values:
    """How much the cities wish for each other, as the mean of both directions.

    A first wish counts 1000, each later one 100 less, from the sixth on 500. Not known only when
    neither city expressed a wish for anybody.
    """
    values = np.zeros((len(a.population), len(b.population)))
    values[a.wish_from, a.wish_to] += a.wish_value
    values[b.wish_to, b.wish_from] += b.wish_value
    return Values(np.floor(values / 2), a.has_wishes[:, None] | b.has_wishes[None, :])


def like_climate(a: Features, b: Features) -> Values:
    """Letters in common of the classes of Köppen and Geiger: half for the main group (C, temperate), a
    quarter each for rain (f, none dry) and temperature (a, hot summer).

    Cfa and Cfa 1000, Cfa and Cfb 750, Cfa and Csb 500, Cfb and Dfb 500, Cfa and Af 250, Csb and BWh 0.
    """
    main, rain, temperature = (
        np.equal.outer(a.climate[:, letter], b.climate[:, letter]).view(np.uint8) for letter in range(3)
    )
    quarters = 2 * main + rain + temperature
    return Values(250 * quarters.astype(np.float32), _both(a.climate_known, b.climate_known))


def like_coast(a: Features, b: Features) -> Values:
    """Both by the sea or both inland 1000, otherwise 0."""
    same = np.equal.outer(a.coastal, b.coastal)
    return Values(PER_MILLE * same.astype(np.float32), _both(a.coastal_known, b.coastal_known))


def little_exposure(a: Features, b: Features) -> Values:
    """How new cities are to partnerships abroad: 1000 without any, 500 with one, 333 with two, and so on.

    The mean of both cities, or the value of the one whose partnerships are known: a programme may ask
    only its partners abroad. For newcomers; turned round it favours the experienced.
    """
    new_a, new_b = (np.floor(PER_MILLE * side.exposure_known / (1 + side.exposure)) for side in (a, b))
    return _mean(
        Values(new_a[:, None], a.exposure_known[:, None]), Values(new_b[None, :], b.exposure_known[None, :])
    )


def short_distance(a: Features, b: Features) -> Values:
    """1000 at the same place, 0 at the other end of the world, by the straight line through the globe.

    500 km apart 961, 5,000 km 618, 10,000 km 294. The straight line (chord) needs no arc cosine, which
    machines compute differently. For what is near; turned round it favours what is far.
    """
    apart = np.floor(chords(a.place, b.place) / (2 * RADIUS // PER_MILLE))
    return Values(PER_MILLE - apart, _both(a.place_known, b.place_known))


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
    """Dice's coefficient; 0 where one of them said nothing."""
    named = np.add.outer(_count(a), _count(b))
    return Values(np.floor(2 * PER_MILLE * _common(a, b) / named), _both(_said(a), _said(b)))


def _mean(first: Values, second: Values) -> Values:
    """The mean of two values that are 0 where not known, or the one that is known."""
    total, both = first.values + second.values, np.logical_and(first.known, second.known)
    mean = total / 2 if both.all() else np.where(both, total / 2, total)
    return Values(np.floor(mean), first.known | second.known)


def _common(a: Flags, b: Flags) -> Grid:
    """How many flags two cities have in common. Bits are counted, and no matrices multiplied: their threads
    would cost more than they save on tables of this size."""
    words = range(a.shape[1])
    counts = [np.bitwise_count(np.bitwise_and.outer(a[:, word], b[:, word])) for word in words]
    return sum(counts[1:], counts[0].astype(np.float32))


def _count(flags: Flags) -> Grid:
    """How many flags each row has; 1 instead of none, so that it may divide."""
    return np.maximum(np.bitwise_count(flags).sum(axis=1), 1).astype(np.float32)


def _both(a: Mask, b: Mask) -> Mask:
    return a[:, None] & b[None, :]


def _said(flags: Flags) -> Mask:
    said: Mask = np.asarray(flags.any(axis=1), dtype=np.bool_)
    return said
