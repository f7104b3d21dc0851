"""The directory of cities: similar names, the facets with their counts, and what each row tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet

from partnerships.models import City, CityTheme, Member, NetworkMembership, Partnership
from partnerships.models.city import CityQuerySet, Direction, fold

MOST_SIMILAR = 8
LEAST_ALIKE = "0.45"
SHORTEST_GUESS = 3  # letters; below that every name is similar


def similar(words: str) -> list[City]:
    """Cities whose names are spelt much like the words, the most alike first. Two queries.

    PostgreSQL's word similarity of trigrams from LEAST_ALIKE on: its usual 0.6 misses "goetheborg".
    """
    typed = fold(words)
    if len(typed) < SHORTEST_GUESS:
        return []
    alike = City.objects.annotate(alike=TrigramWordSimilarity(typed, "search_text"))
    found = alike.filter(search_text__trigram_word_similar=typed)
    best = found.order_by("-alike", F("population").desc(nulls_last=True), "id")[:MOST_SIMILAR]
    with transaction.atomic(), connection.cursor() as cursor:
        # for this transaction alone; the index reads it
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [LEAST_ALIKE])
        return list(best)


def with_direction(direction: Direction, themes: Iterable[str]) -> Q:
    """Cities that offer, or want, any of the themes."""
    rows = CityTheme.objects.filter(direction=direction, theme__in=list(themes))
    return Q(pk__in=rows.order_by().values("city"))


def country_counts(cities: CityQuerySet) -> Mapping[str, int]:
    """How many of these cities lie in each country. One query, as each of the following."""
    rows = cities.order_by().values_list("country").annotate(number=Count("pk"))
    return {str(code): number for code, number in rows}


def direction_counts(cities: CityQuerySet, direction: Direction) -> Mapping[str, int]:
    rows = CityTheme.objects.filter(direction=direction, city__in=_keys(cities))
    return dict(rows.order_by().values_list("theme").annotate(number=Count("city", distinct=True)))


def network_counts(cities: CityQuerySet) -> Mapping[str, int]:
    """By network, as the pages of the cities show their members."""
    rows = NetworkMembership.objects.shown().filter(city__in=_keys(cities)).order_by()
    return dict(rows.values_list("network__slug").annotate(number=Count("city", distinct=True)))


def theme_counts(cities: CityQuerySet, places: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    """By theme of their partnerships; `places` as `theme_places` gives them."""
    found: dict[str, set[int]] = {}
    for theme, city in places:
        found.setdefault(theme, set()).add(city)
    anywhere = set().union(*found.values())
    present = set(cities.order_by().filter(pk__in=anywhere).values_list("pk", flat=True))
    return {theme: len(row & present) for theme, row in found.items()}


def theme_places() -> Iterable[tuple[str, int]]:
    """Theme and city of every listed partnership. One query."""
    listed = Partnership.objects.listed().order_by().values("pk")
    pairs = Member.objects.filter(partnership__in=listed, partnership__themes__isnull=False).order_by()
    for theme, own, of_organisation in pairs.values_list("partnership__themes", "city", "organisation__city"):
        if place := own or of_organisation:
            yield theme, place


def _keys(cities: CityQuerySet) -> QuerySet:
    return cities.order_by().values("pk")


@dataclass
class Row:
    """A city in the directory, with what it offers and wants."""

    city: City
    partnerships: int
    offers: list[str] = field(default_factory=list)
    wants: list[str] = field(default_factory=list)


def rows_of(cities: Iterable[City], partnered: Mapping[int, int]) -> list[Row]:
    """Rows for one page. One query for any number of them."""
    rows = {city.pk: Row(city, partnered.get(city.pk, 0)) for city in cities}
    chosen = CityTheme.objects.filter(city__in=rows).select_related("theme").order_by("theme")
    for entry in chosen:
        row = rows[entry.city_id]
        (row.wants if entry.direction == Direction.LEARN else row.offers).append(str(entry.theme))
    return list(rows.values())
