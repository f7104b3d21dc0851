"""The list of cities: those with partnerships first, then by size."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Case, Count, F, IntegerField, Value, When
from django.db.models.functions import Coalesce

from partnerships.models import Member
from partnerships.models.city import CityQuerySet, fold


def partnership_counts() -> Mapping[int, int]:
    """City id -> number of partnerships it takes part in, itself or through an organisation. One query."""
    rows = (
        Member.objects.annotate(place=Coalesce("city_id", "organisation__city_id"))
        .filter(place__isnull=False)
        .values_list("place")
        .annotate(count=Count("partnership", distinct=True))
        .order_by("place")
    )
    return dict(rows)


def in_order(cities: CityQuerySet, partnered: Mapping[int, int], words: str = "") -> CityQuerySet:
    """Cities whose own name begins with the words, then those with partnerships, the largest first."""
    begins = _first(search_text__startswith=f"|{fold(words)}")
    return cities.order_by(
        begins, _first(pk__in=list(partnered)), F("population").desc(nulls_last=True), "name", "id"
    )


def _first(**condition: object) -> Case:
    return Case(When(**condition, then=Value(0)), default=Value(1), output_field=IntegerField())
