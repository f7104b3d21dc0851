"""The list of cities: those with partnerships first, then by size."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Case, Count, F, IntegerField, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from partnerships.models import Member, Partnership
from partnerships.models.city import CityQuerySet, fold


def partnership_counts() -> Mapping[int, int]:
    """City id -> number of partnerships it takes part in, itself or through an organisation. One query."""
    listed = Partnership.objects.listed().order_by().values("pk")
    rows = (
        Member.objects.filter(partnership__in=listed)
        .annotate(place=Coalesce("city_id", "organisation__city_id"))
        .filter(place__isnull=False)
        .values_list("place")
        .annotate(count=Count("partnership", distinct=True))
        .order_by("place")
    )
    return dict(rows)


# How the list may be ordered, in the address and in words.
SORTS = {
    "partnerships": _("Partnerships first"),
    "size": _("Largest first"),
    "name": _("By name"),
}


def in_order(
    cities: CityQuerySet, partnered: Mapping[int, int], words: str = "", sort: str = "partnerships"
) -> CityQuerySet:
    """Cities whose own name begins with the words, then those with partnerships, the largest first."""
    largest = F("population").desc(nulls_last=True)
    if sort == "name":
        return cities.order_by("name", "id")
    if sort == "size":
        return cities.order_by(largest, "name", "id")
    first = [_first(pk__in=list(partnered))] if partnered else []
    if words.strip():
        first.insert(0, _first(search_text__startswith=f"|{fold(words)}"))
    return cities.order_by(*first, largest, "name", "id")


def _first(**condition: object) -> Case:
    return Case(When(**condition, then=Value(0)), default=Value(1), output_field=IntegerField())
