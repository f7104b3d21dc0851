"""A search of the catalogue that can be kept: read from the filters, in a canonical form, and done again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db.models import QuerySet
from django.http import QueryDict

from calls.models import Alert, Call, Programme
from calls.models.call import CallKind, Editorial
from calls.queries.catalogue import (
    GROUPS,
    CityVerdict,
    catalogue,
    city_verdicts,
    containing,
    in_order,
    lead_facts,
    on_themes,
    partners_in,
)
from calls.queries.eligibility_terms import Vocabulary
from calls.queries.regions import REGION_LABELS
from partnerships.models import City, Theme

# What can be asked for besides words and a city, in the order of the canonical form.
FACETS = ("status", "kind", "region", "theme", "programme")
# Closed calls are never news: a search for them alone finds nothing to tell.
LIVING = tuple(group for group in GROUPS if group != "closed")


@dataclass(frozen=True)
class Search:
    """What somebody looks for. The same search is the same `query`, however it was clicked together."""

    q: str = ""
    status: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    programme: tuple[str, ...] = ()
    city: str = ""

    @classmethod
    def of(cls, chosen: Mapping[str, Any], city: City | None) -> Self:
        """From what the catalogue's filters read, and the one city that the reader named."""
        facets = {name: tuple(sorted(set(chosen.get(name) or ()))) for name in FACETS}
        facets["status"] = tuple(group for group in facets["status"] if group in GROUPS)
        words = " ".join((chosen.get("q") or "").casefold().split())
        return cls(q=words, city=city.slug if city else "", **facets)

    @classmethod
    def read(cls, query: str) -> Self:
        """From a stored query."""
        sent = QueryDict(query)
        return cls(
            q=sent.get("q", ""),
            city=sent.get("city", ""),
            **{name: tuple(sent.getlist(name)) for name in FACETS},
        )

    @property
    def query(self) -> str:
        """The search as part of an address; empty for every call."""
        written = QueryDict(mutable=True)
        for name in ("q", *FACETS, "city"):
            value = getattr(self, name)
            written.setlist(name, value if isinstance(value, tuple) else [value] if value else [])
        return written.urlencode()

    @property
    def hopeless(self) -> bool:
        """Whether only closed calls are looked for."""
        return bool(self.status) and not set(self.status) & set(LIVING)

    def takes(self, group: str) -> bool:
        """Whether a call of this group of the catalogue is among what was asked for."""
        return not self.status or group in self.status

    def narrow(self, calls: QuerySet[Any]) -> QuerySet[Any]:
        """The calls that match, whatever their status, before any city is asked for."""
        if self.kind:
            calls = calls.filter(kind__in=self.kind)
        if self.programme:
            calls = calls.filter(programme__slug__in=self.programme)
        if self.theme:
            calls = calls.filter(on_themes(self.theme))
        if self.region:
            calls = calls.filter(partners_in(self.region))
        return containing(calls, self.q) if self.q else calls


@dataclass(frozen=True)
class Found:
    """A call that a search finds, its group on the clock, and what its city is told in the list."""

    call: Call
    group: str
    verdict: CityVerdict | None = None


def found_by(search: Search, at: datetime, *, archived: bool = False) -> list[Found]:
    """Calls that match whatever their status, in the order of the page; those that exclude the city not.

    Closed ones are left out unless `archived` asks for everything that the page lists. The number of queries
    does not grow with the calls.
    """
    calls = catalogue(at)
    if not archived:
        calls = calls.filter(editorial=Editorial.PUBLISHED).exclude(group="closed")
    calls = in_order(search.narrow(calls)).select_related("programme")
    rows = list(calls.prefetch_related("texts", "themes", "quotas", "rules"))
    if not search.city:
        return [Found(call, call.group) for call in rows]
    city = City.objects.filter(slug=search.city).first()
    if city is None:
        return []
    verdicts = city_verdicts(rows, lead_facts(city, at), at, Vocabulary.current())
    found = [Found(call, call.group, verdicts[call.pk]) for call in rows]
    return [row for row in found if row.group == "closed" or not _excluded(row)]


def _excluded(row: Found) -> bool:
    return row.verdict is not None and row.verdict.excluded


def calls_of_search(alert: Alert, at: datetime) -> list[Call]:
    """The calls that a saved search stands for now, as the page lists them, closed ones included."""
    search = Search.read(alert.query)
    return [row.call for row in found_by(search, at, archived=True) if search.takes(row.group)]


@dataclass(frozen=True)
class Names:
    """What the values of searches are called in the reader's language; loaded once for any number of them."""

    themes: Mapping[str, str]
    programmes: Mapping[str, str]
    cities: Mapping[str, City]

    @classmethod
    def of(cls, searches: Sequence[Search]) -> Self:
        """Three queries at most, one for each kind of name that occurs."""
        themes = {slug for row in searches for slug in row.theme}
        programmes = {slug for row in searches for slug in row.programme}
        cities = {row.city for row in searches if row.city}
        return cls(
            {row.slug: str(row) for row in Theme.objects.filter(slug__in=themes)} if themes else {},
            {row.slug: str(row) for row in Programme.objects.filter(slug__in=programmes)}
            if programmes
            else {},
            {row.slug: row for row in City.objects.filter(slug__in=cities)} if cities else {},
        )

    def theme(self, slug: str) -> str:
        return self.themes.get(slug, slug)

    def programme(self, slug: str) -> str:
        return self.programmes.get(slug, slug)

    def city(self, slug: str) -> str:
        return self.cities[slug].name if slug in self.cities else slug

    def kind(self, value: str) -> str:
        return str(dict(CallKind.choices).get(value, value))

    def region(self, value: str) -> str:
        return str(REGION_LABELS.get(value, value))
