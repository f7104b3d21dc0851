"""What a pairing run is told: the cities that applied, each side's quotas, the call's weights."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from calls.models import Application, Call, ProposedCity
from calls.workflow import Status
from partnerships.matching.profiles import DEFAULT_WEIGHTS, PairingInput, Profile, Quota, Settings, Side
from partnerships.models import City, CityTheme
from partnerships.models.city import Direction, fold

# A city writes its wishes as names, one after the other, the dearest first.
WISHES_APART = re.compile(r"[,;\n/]+")
# Applications that have passed screening and are not decided against.
PAIRABLE = (Status.ELIGIBLE, Status.REVIEWED, Status.SELECTED, Status.ACCEPTED)


def pairing_input(call: Call, *, at: datetime) -> PairingInput:
    """Freeze what a run depends on. Ids are application references."""
    applications = pairable(call)
    themes = _themes([row.lead.city_id for row in applications if row.lead.city_id])
    names = _names(applications)
    sides: dict[str, list[Profile]] = {"home": [], "abroad": []}
    home = _home_countries(call)
    for row in applications:
        if row.lead.city is not None:
            side = "home" if str(row.lead.country) in home else "abroad"
            sides[side].append(_profile(row, row.lead.city, themes, names, at))
    return PairingInput(
        a=Side(tuple(sides["home"]), _quotas(call, "home")),
        b=Side(tuple(sides["abroad"]), _quotas(call, "abroad")),
        settings=Settings(
            weights=call.pairing.get("weights") or dict(DEFAULT_WEIGHTS),
            minimum_score=call.pairing.get("minimum_score", 0),
            salt=call.slug,
        ),
    )


def pairable(call: Call) -> list[Application]:
    rows = call.applications.filter(status__in=PAIRABLE).exclude(
        proposed__proposal__partnership__isnull=False
    )
    return list(rows.select_related("lead__city").order_by("reference"))


def _home_countries(call: Call) -> set[str]:
    return {country for quota in call.quotas.all() if quota.side == "home" for country in quota.countries}


def _quotas(call: Call, side: str) -> tuple[Quota, ...]:
    """The side's quotas less the places that approved pairs have taken."""
    taken = _taken(call, side)
    return tuple(
        Quota(
            label=quota.labels.get("en", str(quota.pk)),
            countries=frozenset(quota.countries),
            maximum=max(0, quota.places - used),
            minimum=max(0, quota.minimum - used),
        )
        for quota in call.quotas.all()
        if quota.side == side
        for used in [sum(taken[country] for country in quota.countries)]
    )


def _taken(call: Call, side: str) -> Counter[str]:
    """Approved pairs of the call by the country of one side's city."""
    founded = ProposedCity.objects.filter(
        side=side, proposal__run__call=call, proposal__partnership__isnull=False
    )
    return Counter(map(str, founded.values_list("application__lead__country", flat=True)))


def _themes(city_ids: Iterable[int]) -> dict[tuple[int, str], set[str]]:
    found: dict[tuple[int, str], set[str]] = {}
    rows = CityTheme.objects.filter(city_id__in=list(city_ids)).values_list(
        "city_id", "direction", "theme_id"
    )
    for city_id, direction, theme in rows:
        found.setdefault((city_id, direction), set()).add(theme)
    return found


def _names(applications: Iterable[Application]) -> dict[str, str]:
    """Every name of the cities that take part, folded -> the application's reference."""
    return {
        name: row.reference
        for row in applications
        if row.lead.city
        for name in row.lead.city.search_text.split("|")
        if name
    }


def _wishes(row: Application, names: dict[str, str]) -> tuple[str, ...]:
    """The cities that an application names as wishes, in its order; names that nobody bears are left out."""
    said = str(row.answers.get("wishes") or "")
    parts = [fold(part) for part in WISHES_APART.split(said)]
    wished = [names[part] for part in parts if part in names and names[part] != row.reference]
    return tuple(dict.fromkeys(wished))


def _several(answer: object) -> frozenset[str]:
    return frozenset(answer if isinstance(answer, list) else [str(answer)] if answer else [])


def _profile(
    row: Application,
    city: City,
    themes: dict[tuple[int, str], set[str]],
    names: dict[str, str],
    at: datetime,
) -> Profile:
    return Profile(
        id=row.reference,
        name=city.name,
        country=str(city.country),
        population=city.population or None,
        languages=_several(row.answers.get("working_languages")) or frozenset(city.languages),
        wants=frozenset(themes.get((city.pk, Direction.LEARN), ())),
        offers=frozenset(themes.get((city.pk, Direction.TEACH), ())),
        challenges=_several(row.answers.get("themes") or row.answers.get("challenges")),
        wishes=_wishes(row, names),
        latitude=city.latitude,
        longitude=city.longitude,
        utc_offset_hours=_standard_offset(city, at),
    )


def _standard_offset(city: City, at: datetime) -> float:
    """Hours east of UTC in standard time, so that a run does not depend on the season."""
    zone = ZoneInfo(city.time_zone)
    offsets = [datetime(at.year, month, 1, tzinfo=zone).utcoffset() for month in (1, 7)]
    return min(offset.total_seconds() for offset in offsets if offset is not None) / 3600
