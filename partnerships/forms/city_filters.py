"""The facets of the directory of cities. Everything chosen is in the address; none chosen shows all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import django_filters
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from cooperation.web.facets import Facet, FacetFilters
from partnerships.models import City, Network, NetworkMembership, Theme
from partnerships.models.city import CityQuerySet, Direction
from partnerships.queries import directory

LONGEST_WORDS = 100  # characters of a search; the longest city name has 200 but nobody types it


class CityFilters(FacetFilters):
    """Filters over cities."""

    q = django_filters.CharFilter(
        label=_("Name of a city"), method="called", max_length=LONGEST_WORDS, widget=forms.SearchInput
    )
    partnered = Facet(label=_("Partnerships"), method="with_partnerships", choices=[("yes", _("Has some"))])
    offers = Facet(label=_("Can teach"), method="offering")
    wants = Facet(label=_("Wants to learn"), method="wanting")
    theme = Facet(label=_("Has worked on"), method="on_themes")
    network = Facet(label=_("Network"), method="in_networks")
    country = Facet(label=_("Country or territory"))

    class Meta:
        model = City
        fields: list[str] = []

    FACETS = ("partnered", "offers", "wants", "theme", "network", "country")

    def __init__(self, *args: Any, partnered: Mapping[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partnered_cities = list(partnered)
        # Two small tables, read once a page: their names are the choices.
        themes = [(theme.slug, str(theme)[:1].upper() + str(theme)[1:]) for theme in Theme.objects.all()]
        networks = [(row.slug, row.short_name) for row in Network.objects.all()]
        for name in ("offers", "wants", "theme"):
            self.filters[name].extra["choices"] = sorted(themes, key=lambda pair: pair[1])
        self.filters["network"].extra["choices"] = networks
        # now, and not when the portal starts: their names are in the reader's language
        self.filters["country"].extra["choices"] = list(countries)

    def called(self, cities: CityQuerySet, name: str, words: str) -> CityQuerySet:
        """Any of the city's names, accents ignored."""
        return cities.matching(words)

    def with_partnerships(self, cities: CityQuerySet, name: str, chosen: Sequence[str]) -> CityQuerySet:
        return cities.filter(pk__in=self.partnered_cities) if chosen else cities

    def offering(self, cities: CityQuerySet, name: str, themes: Sequence[str]) -> CityQuerySet:
        return cities.filter(directory.with_direction(Direction.TEACH, themes)) if themes else cities

    def wanting(self, cities: CityQuerySet, name: str, themes: Sequence[str]) -> CityQuerySet:
        return cities.filter(directory.with_direction(Direction.LEARN, themes)) if themes else cities

    def on_themes(self, cities: CityQuerySet, name: str, themes: Sequence[str]) -> CityQuerySet:
        if not themes:
            return cities
        return cities.filter(pk__in={city for theme, city in self._places if theme in themes})

    def in_networks(self, cities: CityQuerySet, name: str, slugs: Sequence[str]) -> CityQuerySet:
        """Members, as the pages of the cities show them."""
        if not slugs:
            return cities
        members = NetworkMembership.objects.shown().filter(network__slug__in=slugs)
        return cities.filter(pk__in=members.order_by().values("city"))

    @cached_property
    def _places(self) -> list[tuple[str, int]]:
        return list(directory.theme_places())

    def facets(self) -> list[dict[str, Any]]:
        """As elsewhere, with the most frequent choices first."""
        found = super().facets()
        for facet in found:
            facet["choices"].sort(key=lambda choice: -choice["number"])
        return found

    def numbers(self, name: str, rows: CityQuerySet) -> Mapping[Any, int]:
        match name:
            case "country":
                return directory.country_counts(rows)
            case "network":
                return directory.network_counts(rows)
            case "theme":
                return directory.theme_counts(rows, self._places)
            case "partnered":
                return {"yes": rows.filter(pk__in=self.partnered_cities).count()}
        direction = Direction.TEACH if name == "offers" else Direction.LEARN
        return directory.direction_counts(rows, direction)
