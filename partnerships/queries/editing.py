"""What a city's own people see when they change their page: plain data, and whether it is still the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Model, Q
from django_countries import countries

from partnerships.models import City, Commitment, Exchange, NetworkMembership, Office, Partnership, Report
from partnerships.models.city import Direction, fold
from partnerships.models.partnership import PartnershipKind

# What people of the city write of each, by column.
WRITTEN: dict[type[Model], tuple[str, ...]] = {
    City: ("descriptions", "website", "twinnings_stated", "agreements_stated"),
    NetworkMembership: ("network_id", "founder", "since_year", "until_year"),
    Office: ("titles", "since_year", "until_year"),
    Commitment: (
        *("name", "key", "joined_on", "joined_precision", "first_report_years", "cycle_years"),
        *("grace_days", "grace_for", "lapse_years", "companies", "link"),
        *("responsible_units", "responsible_since_year", "notes"),
    ),
    Exchange: (
        *("direction", "programme", "fields", "country", "hosts", "summaries", "since_year", "people"),
    ),
    Partnership: (
        *("titles", "summaries", "kind", "stage", "start_year", "end_year"),
        *("signed_on", "renewal_on", "fields"),
    ),
}
AGREEMENTS = (PartnershipKind.AGREEMENT, PartnershipKind.TWINNING)
MOST_CANDIDATES = 8  # cities of one name to choose from


def plain(row: Model) -> dict[str, Any]:
    """What the row says, as far as people of the city write it."""
    return {name: getattr(row, name) for name in WRITTEN[type(row)]}


def interests_of(city: City) -> dict[str, list[str]]:
    """Slugs of themes: what the city wants to learn, and what it can teach."""
    rows = list(city.city_themes.values_list("direction", "theme_id"))
    return {
        str(direction): sorted(theme for found, theme in rows if found == direction)
        for direction in (Direction.LEARN, Direction.TEACH)
    }


def fingerprint(value: Any) -> str:
    """Tells whether plain data is still what a page showed."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def own_agreements(city: City) -> Any:
    """Agreements and twinnings that the city itself states, refused ones included."""
    return city.stated_partnerships.filter(kind__in=AGREEMENTS).prefetch_related("members__city")


@dataclass(frozen=True)
class Called:
    """Cities that words name: the one that is meant, or several to choose from, or none."""

    city: City | None = None
    candidates: Sequence[City] = ()


def city_called(words: str) -> Called:
    """The city of a whole name, in any spelling the register knows; "Rosario, Argentina" narrows it."""
    name, *rest = (fold(part) for part in words.split(","))
    if not name:
        return Called()
    whole = Q(search_text__contains=f"|{name}|") | Q(search_text__endswith=f"|{name}")
    rows = City.objects.filter(whole).order_by(F("population").desc(nulls_last=True), "id")
    found = [city for city in rows if _described(city, rest)]
    # the usual name wins over another one
    found = [city for city in found if fold(city.name) == name] or found
    if len(found) == 1:
        return Called(found[0])
    return Called(None, found[:MOST_CANDIDATES])


def _described(city: City, parts: Iterable[str]) -> bool:
    known = {fold(countries.name(str(city.country))), fold(str(city.country)), fold(city.region)}
    return all(part in known for part in parts if part)


def reports_of(commitment: Commitment) -> list[dict[str, Any]]:
    """The reports of a commitment as plain data."""
    names = [field.attname for field in Report._meta.concrete_fields]
    return list(commitment.reports.order_by("pk").values(*names))
