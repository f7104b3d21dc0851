"""A pair's score once more, by exact fractions in plain Python: what the arrays must agree with."""

from collections.abc import Mapping
from fractions import Fraction
from math import floor, isqrt

from partnerships.matching.profiles import Profile

Value = int | None
PI = 3_373_259_426  # pi in 2**-30


def plain_score(a: Profile, b: Profile, weights: Mapping[str, int], prefer: Mapping[str, str]) -> int:
    """The weighted mean of the values that are known, in milli-points, rounded half up."""
    values = plain_values(a, b)
    if values["exposure"] is not None and prefer.get("exposure") == "experienced":
        values["exposure"] = 1000 - values["exposure"]
    if values["distance"] is not None and prefer.get("distance") == "far":
        values["distance"] = 1000 - values["distance"]
    known = {name: value for name, value in values.items() if value is not None}
    whole = sum(weights.get(name, 0) for name in known)
    if not whole:
        return 0
    gained = sum(weights.get(name, 0) * value for name, value in known.items())
    return floor(Fraction(gained * 100, whole) + Fraction(1, 2))


def plain_values(a: Profile, b: Profile) -> dict[str, Value]:
    """Values per mille by criterion, None where not known."""
    return {
        "challenges": dice(a.challenges, b.challenges),
        "learning": mean(taught(a.wants, b.offers), taught(b.wants, a.offers)),
        "themes": mean(dice(a.themes, b.themes), dice(a.sdgs, b.sdgs)),
        "size": size(a.population, b.population),
        "wishes": wishes(a, b),
        "languages": (0, 800, 1000)[min(2, len(a.languages & b.languages))]
        if a.languages and b.languages
        else None,
        "time_zone": hours(a.utc_offset_hours, b.utc_offset_hours),
        "climate": climate(a.climate, b.climate),
        "coast": None if a.coastal is None or b.coastal is None else 1000 * (a.coastal == b.coastal),
        "exposure": mean(*(None if row.exposure is None else 1000 // (1 + row.exposure) for row in (a, b))),
        "distance": distance(a, b),
    }


def mean(*values: Value) -> Value:
    """Of the values that are known, rounded down."""
    known = [value for value in values if value is not None]
    return sum(known) // len(known) if known else None


def dice(a: frozenset, b: frozenset) -> Value:
    return floor(Fraction(2000 * len(a & b), len(a) + len(b))) if a and b else None


def taught(wants: frozenset, offers: frozenset) -> Value:
    return floor(Fraction(1000 * len(wants & offers), len(wants))) if wants and offers else None


def size(a: int | None, b: int | None) -> Value:
    return isqrt(min(a, b) * 1_000_000 // max(a, b)) if a and b else None


def wishes(a: Profile, b: Profile) -> Value:
    if not (a.wishes or b.wishes):
        return None
    return sum(wish(of.wishes, by.id) for of, by in ((a, b), (b, a))) // 2


def wish(wished: tuple[str, ...], city: str) -> int:
    return max(1000 - 100 * wished.index(city), 500) if city in wished else 0


def hours(a: float | None, b: float | None) -> Value:
    if a is None or b is None:
        return None
    apart = abs(Fraction(a) - Fraction(b)) * 60 % 1440
    return floor(Fraction(1000, 480) * max(480 - min(apart, 1440 - apart), 0))


def climate(a: str, b: str) -> Value:
    if not (a and b):
        return None
    temperature = a[2:] == b[2:] if a[2:] or b[2:] else a[0] == b[0]
    return 500 * (a[0] == b[0]) + 250 * (a[1] == b[1]) + 250 * temperature


def distance(a: Profile, b: Profile) -> Value:
    places = [(row.latitude, row.longitude) for row in (a, b)]
    if any(number is None for place in places for number in place):
        return None
    first, second = (vector(*place) for place in places)
    apart = isqrt(sum((one - other) ** 2 for one, other in zip(first, second, strict=True)))
    return max(1000 - min(apart, 200_000) // 200, 0)


def vector(latitude: float, longitude: float) -> tuple[int, int, int]:
    """Fixed point by 2**30; integers of any size, so nothing can overflow here."""
    up, round_ = (round(degrees * 10_000) for degrees in (latitude, longitude))
    level = sine(up + 900_000)
    east, north = level * sine(round_ + 900_000) // 2**30, level * sine(round_) // 2**30
    x, y, z = (floor(Fraction(part * 100_000, 2**30) + Fraction(1, 2)) for part in (east, north, sine(up)))
    return x, y, z


def sine(angle: int) -> int:
    folded = 900_000 - abs((angle + 900_000) % 3_600_000 - 1_800_000)
    term = total = radians = folded * PI // 1_800_000
    for power in range(2, 16, 2):
        term = -(term * (radians * radians // 2**30) // 2**30) // (power * (power + 1))
        total += term
    return total
