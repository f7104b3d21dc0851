"""Cities as the matching engine sees them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from partnerships.matching.profiles import Profile
from partnerships.models import City, CityTheme
from partnerships.models.city import Direction

Interests = Mapping[tuple[int, str], frozenset[str]]


def interests_of(city_ids: Iterable[int]) -> Interests:
    """(city id, direction) -> slugs of themes it wants to learn or can teach. One query."""
    found: dict[tuple[int, str], set[str]] = {}
    rows = CityTheme.objects.filter(city_id__in=list(city_ids))
    for city_id, direction, theme in rows.values_list("city_id", "direction", "theme_id"):
        found.setdefault((city_id, direction), set()).add(theme)
    return {key: frozenset(themes) for key, themes in found.items()}


def profile_of(city: City, interests: Interests, at: datetime, *, id: str) -> Profile:
    """What the portal knows of a city itself; what an application or an idea says comes on top of it."""
    return Profile(
        id=id,
        name=city.name,
        country=str(city.country),
        population=city.population or None,
        languages=frozenset(city.languages),
        wants=interests.get((city.pk, Direction.LEARN), frozenset()),
        offers=interests.get((city.pk, Direction.TEACH), frozenset()),
        climate=city.climate,
        coastal=city.coastal,
        latitude=city.latitude,
        longitude=city.longitude,
        utc_offset_hours=standard_offset(city, at),
    )


def standard_offset(city: City, at: datetime) -> float:
    """Hours east of UTC in standard time, so that a match does not depend on the season."""
    zone = ZoneInfo(city.time_zone)
    offsets = [datetime(at.year, month, 1, tzinfo=zone).utcoffset() for month in (1, 7)]
    return min(offset.total_seconds() for offset in offsets if offset is not None) / 3600
