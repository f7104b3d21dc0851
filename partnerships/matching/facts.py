"""What each criterion looked at in one pair: the facts that a page turns into words."""

from collections.abc import Callable, Mapping
from typing import Any

from partnerships.matching.profiles import DEFAULT_PREFERENCES, PREFERENCES, Profile
from partnerships.matching.sphere import way

Facts = dict[str, Any]


def _challenges(a: Profile, b: Profile) -> Facts:
    return {"shared": sorted(a.challenges & b.challenges)}


def _learning(a: Profile, b: Profile) -> Facts:
    return {"a_learns": sorted(a.wants & b.offers), "b_learns": sorted(b.wants & a.offers)}


def _themes(a: Profile, b: Profile) -> Facts:
    return {"shared": sorted(a.themes & b.themes), "sdgs": sorted(a.sdgs & b.sdgs)}


def _size(a: Profile, b: Profile) -> Facts:
    return {"population_a": a.population, "population_b": b.population}


def _wishes(a: Profile, b: Profile) -> Facts:
    def place(wishes: tuple[str, ...], city: str) -> int | None:
        return wishes.index(city) + 1 if city in wishes else None

    return {"wish_of_a": place(a.wishes, b.id), "wish_of_b": place(b.wishes, a.id)}


def _languages(a: Profile, b: Profile) -> Facts:
    return {"shared": sorted(a.languages & b.languages)}


def _time_zone(a: Profile, b: Profile) -> Facts:
    if a.utc_offset_hours is None or b.utc_offset_hours is None:
        return {"minutes_apart": None}
    apart = abs(round(a.utc_offset_hours * 60) - round(b.utc_offset_hours * 60)) % 1440
    return {"minutes_apart": min(apart, 1440 - apart)}


def _climate(a: Profile, b: Profile) -> Facts:
    return {"climate_a": a.climate, "climate_b": b.climate}


def _coast(a: Profile, b: Profile) -> Facts:
    return {"coastal_a": a.coastal, "coastal_b": b.coastal}


def _exposure(a: Profile, b: Profile) -> Facts:
    return {"earlier_a": a.exposure, "earlier_b": b.exposure}


def _distance(a: Profile, b: Profile) -> Facts:
    places = [
        (row.latitude, row.longitude)
        for row in (a, b)
        if row.latitude is not None and row.longitude is not None
    ]
    return {"kilometres": way(places[0], places[1]) if len(places) == 2 else None}


FACTS: Mapping[str, Callable[[Profile, Profile], Facts]] = {
    "challenges": _challenges,
    "learning": _learning,
    "themes": _themes,
    "size": _size,
    "wishes": _wishes,
    "languages": _languages,
    "time_zone": _time_zone,
    "climate": _climate,
    "coast": _coast,
    "exposure": _exposure,
    "distance": _distance,
}


def facts_of(criterion: str, a: Profile, b: Profile, prefer: Mapping[str, str]) -> Facts:
    """The facts of a criterion; None or empty is not known. `preferred` is its direction if it has two."""
    facts = FACTS[criterion](a, b)
    if criterion in PREFERENCES:
        facts["preferred"] = prefer.get(criterion, DEFAULT_PREFERENCES[criterion])
    return facts
