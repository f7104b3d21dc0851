"""The part of the rules page on which rules are tried on cities of the register."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from calls.models import Call
from calls.queries.cities import FoundCity, find_city
from calls.queries.clock import database_now
from calls.queries.eligible_cities import eligible_cities
from calls.queries.rule_trial import MOST_CITIES, earlier_applicants, try_rules
from partnerships.models import City


def trial_of(request: HttpRequest, call: Call, *, sound: bool) -> dict[str, Any]:
    """What the address asks for: `city` again and again, `find` for words, `from=last` for applicants.

    Unsound rules cannot be held against anything: then only their own problems are shown.
    """
    if not sound:
        return {"trial": None, "sound": False}
    on = call.day_of(database_now())
    found = find_city(request.GET.get("find", "").replace("\x00", ""))
    cities = _chosen(request, call, found)
    return {
        "sound": True,
        "found": found,
        "offered": [(city, _address([*cities, city])) for city in found.candidates],
        "trial": try_rules(call, cities, on) if cities else None,
        "tried": [(city, _address([row for row in cities if row.pk != city.pk])) for city in cities],
        "nobody_applied": request.GET.get("from") == "last" and not cities,
        "full": len(cities) >= MOST_CITIES,
        "can_apply": eligible_cities(call, on).count(),
        "all_cities": City.objects.count(),
    }


def _chosen(request: HttpRequest, call: Call, found: FoundCity) -> list[City]:
    if request.GET.get("from") == "last" and call.predecessor_id:
        return earlier_applicants(call)
    slugs = [slug for slug in request.GET.getlist("city") if "\x00" not in slug][:MOST_CITIES]
    by_slug = City.objects.in_bulk(slugs, field_name="slug") if slugs else {}
    cities = [by_slug[slug] for slug in dict.fromkeys(slugs) if slug in by_slug]
    if found.city and found.city not in cities:
        cities.append(found.city)
    return cities[:MOST_CITIES]


def _address(cities: list[City]) -> str:
    return urlencode([("city", city.slug) for city in cities])
