"""An import in words: what its lines change, and why some cannot be written, with the way out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from partnerships.models import City, PopulationImport

FIRST = 20  # lines that a page shows; the counts are of all


@dataclass(frozen=True)
class Change:
    """One line to be written, beside what the register says now."""

    line: int
    city: City
    population: int
    year: int
    source: str

    @property
    def is_new(self) -> bool:
        now = (self.city.population, self.city.population_year, self.city.population_source)
        return now != (self.population, self.year, self.source)


@dataclass(frozen=True)
class RefusedLine:
    """One line that cannot be written: what stands there, and what to do about it."""

    line: int
    written: Sequence[str]
    why: str


def recent_imports() -> QuerySet[PopulationImport]:
    """The newest, without their lines."""
    return PopulationImport.objects.select_related("by").defer("lines", "refused")[:10]


def first_changes(found: PopulationImport) -> list[Change]:
    """The first lines, with the cities they speak of; one query."""
    lines = found.lines[:FIRST]
    cities = City.objects.in_bulk([line[1] for line in lines])
    return [Change(line[0], cities[line[1]], *line[2:]) for line in lines if line[1] in cities]


def refused_lines(found: PopulationImport, most: int | None = None) -> list[RefusedLine]:
    """Lines that cannot be written, in the order of the file."""
    rows = sorted(found.refused, key=lambda row: row[0])[:most]
    return [RefusedLine(line, written, why(reason, facts)) for line, reason, written, facts in rows]


def why(reason: str, facts: Mapping[str, Any]) -> str:
    """The reason in the reader's language."""
    words = {
        "unknown_id": _("No city has the GeoNames id “%(written)s”. Correct it, or give name and country."),
        "unknown_city": _(
            "The register has no %(city)s in %(country)s. Add the city first, or correct this."
        ),
        "several": _("%(count)s cities in %(country)s are called %(city)s. Give the GeoNames id."),
        "no_city": _("It names no city. Give a GeoNames id, or name and country."),
        "country": _("“%(written)s” is no country. Give its code of two letters, such as SE."),
        "population": _("“%(written)s” is no number of inhabitants. Write a whole number."),
        "year": _("“%(written)s” is no year from 1900 to %(last)s."),
        "source": _("The source is missing or longer than 120 characters."),
        "twice": _("Line %(line)s is about the same city. Keep one of them."),
        "newer": _("The register has a figure of %(year)s. An older one does not replace it."),
        "gone": _("The city is not in the register any more."),
    }
    return words.get(reason, reason) % facts
