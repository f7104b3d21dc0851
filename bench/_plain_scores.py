"""All pairs one by one in plain Python, by the formulas of the criteria: what arrays are measured against.

For cities that gave all data, as the cohorts of the benchmark do; wishes may be missing.
"""

from math import isqrt
from typing import NamedTuple

from partnerships.matching.profiles import DEFAULT_WEIGHTS, PairingInput, Profile
from partnerships.matching.sphere import unit_vectors


class Placed(NamedTuple):
    """A city and its vector, which is computed once."""

    city: Profile
    vector: tuple[int, ...]


def looped_scores(pairing: PairingInput) -> list[int]:
    """Scores of all pairs by row, under the default weights."""
    return [plain_score(a, b) for a in _placed(pairing.a.profiles) for b in _placed(pairing.b.profiles)]


def _placed(cities: tuple[Profile, ...]) -> list[Placed]:
    vectors = unit_vectors([city.latitude for city in cities], [city.longitude for city in cities])
    return [
        Placed(city, tuple(map(int, vector))) for city, vector in zip(cities, vectors.tolist(), strict=True)
    ]


def plain_score(a: Placed, b: Placed) -> int:
    values = plain_values(a.city, b.city)
    apart = isqrt(sum((one - other) ** 2 for one, other in zip(a.vector, b.vector, strict=True)))
    values["distance"] = 1000 - apart // 200
    whole = 1000 * sum(DEFAULT_WEIGHTS[name] for name in values)
    gained = sum(DEFAULT_WEIGHTS[name] * value for name, value in values.items())
    return (gained * 100_000 + whole // 2) // whole


def plain_values(a: Profile, b: Profile) -> dict[str, int]:
    forth = 1000 * len(a.wants & b.offers) // len(a.wants)
    back = 1000 * len(b.wants & a.offers) // len(b.wants)
    smaller, larger = sorted((a.population, b.population))
    apart = abs(a.utc_offset_hours - b.utc_offset_hours) * 60 % 1440
    values = {
        "challenges": _dice(a.challenges, b.challenges),
        "learning": (forth + back) // 2,
        "themes": (_dice(a.themes, b.themes) + _dice(a.sdgs, b.sdgs)) // 2,
        "size": isqrt(smaller * 1_000_000 // larger),
        "languages": (0, 800, 1000)[min(2, len(a.languages & b.languages))],
        "time_zone": int(max(480 - min(apart, 1440 - apart), 0)) * 1000 // 480,
        "climate": sum(
            share * (one == other)
            for share, one, other in zip((500, 250, 250), a.climate, b.climate, strict=True)
        ),
        "coast": 1000 * (a.coastal == b.coastal),
        "exposure": (1000 // (1 + a.exposure) + 1000 // (1 + b.exposure)) // 2,
    }
    if a.wishes or b.wishes:
        values["wishes"] = (_wish(a, b.id) + _wish(b, a.id)) // 2
    return values


def _dice(a: frozenset, b: frozenset) -> int:
    return 2000 * len(a & b) // (len(a) + len(b))


def _wish(city: Profile, wished: str) -> int:
    return max(1000 - 100 * city.wishes.index(wished), 500) if wished in city.wishes else 0
