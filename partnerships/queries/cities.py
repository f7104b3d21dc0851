"""The list of cities: those with partnerships first, then by size."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Case, Count, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce

from partnerships.models import City, Member


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


def partnered_first(cities: QuerySet[City], partnered: Mapping[int, int]) -> QuerySet[City]:
    """Cities with partnerships before the others, the largest first among equals."""
    rank = Case(When(pk__in=list(partnered), then=Value(0)), default=Value(1), output_field=IntegerField())
    return cities.order_by(rank, F("population").desc(nulls_last=True), "name", "id")
