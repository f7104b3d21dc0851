"""Population figures from a file, read line by line against the register. Nothing is written here."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django_countries import countries

from partnerships.models import City
from partnerships.models.city import fold
from partnerships.operations.refusals import NotPossible

HEADINGS = {
    "geonames": ("geonames", "geonames id", "geonames_id", "geonameid"),
    "name": ("name", "city"),
    "country": ("country", "country code", "country or territory"),
    "population": ("population", "inhabitants"),
    "year": ("year",),
    "source": ("source",),
}
LARGEST = 60_000_000  # inhabitants; no city has more
FIRST_YEAR = 1900
LONGEST_SOURCE = 120
NUMBER = re.compile(r"\d+|\d{1,3}(?:([ .,'’\u00a0\u202f])\d{3})(?:\1\d{3})*", re.ASCII)
DIGIT = re.compile(r"\D", re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
Numbered = tuple[int, list[str]]


@dataclass
class Read:
    """What a file says: lines to write, [line, city, population, year, source], and those that cannot be."""

    lines: list[list[Any]] = field(default_factory=list)
    refused: list[list[Any]] = field(default_factory=list)
    changed: int = 0
    unchanged: int = 0


class Refusal(Exception):
    """One line cannot be taken: the reason by its key, and what its words need."""

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.reason, self.facts = reason, facts


def read_figures(rows: Sequence[Numbered], *, this_year: int) -> Read:
    """Each line, against the register as it is now. Raises NotPossible where the heading lacks a column."""
    columns = _columns(rows)
    found, seen = Read(), dict[int, int]()
    lines = [(number, _cells(cells, columns)) for number, cells in rows[1:]]
    register = Register([cells for _number, cells in lines])
    for number, cells in lines:
        try:
            city = register.find(cells)
            population, year, source = figures_of(cells, this_year)
            if city.pk in seen:
                raise Refusal("twice", line=seen[city.pk])
            outcome = outcome_for(city, population, year, source)
        except Refusal as refusal:
            found.refused.append([number, refusal.reason, _as_written(cells), refusal.facts])
            continue
        seen[city.pk] = number
        found.lines.append([number, city.pk, population, year, source])
        found.changed += outcome == "changed"
        found.unchanged += outcome == "unchanged"
    return found


def outcome_for(city: City, population: int, year: int, source: str) -> str:
    """ "changed" or "unchanged". Raises Refusal where the register has a newer figure."""
    if city.population_year and city.population_year > year:
        raise Refusal("newer", year=city.population_year)
    same = (city.population, city.population_year, city.population_source) == (population, year, source)
    return "unchanged" if same else "changed"


def figures_of(cells: Mapping[str, str], this_year: int) -> tuple[int, int, str]:
    """Population, year and source of a line. Raises Refusal."""
    population = _number(cells["population"])
    if population is None or not 0 < population <= LARGEST:
        raise Refusal("population", written=cells["population"][:40])
    year = _number(cells["year"])
    if year is None or not FIRST_YEAR <= year <= this_year:
        raise Refusal("year", written=cells["year"][:40], last=this_year)
    source = cells["source"]
    if not source or len(source) > LONGEST_SOURCE or CONTROL.search(source):
        raise Refusal("source")
    return population, year, source


def _number(text: str) -> int | None:
    """A whole number, also with its thousands set apart; None for anything else."""
    return int(DIGIT.sub("", text)) if len(text) < 20 and NUMBER.fullmatch(text) else None


def _columns(rows: Sequence[Numbered]) -> dict[str, int]:
    """Which column holds what, by the heading."""
    heading = [fold(cell) for cell in rows[0][1]] if rows else []
    found = {
        key: heading.index(name) for key, names in HEADINGS.items() for name in names[::-1] if name in heading
    }
    missing = [key for key in ("population", "year", "source") if key not in found]
    if "geonames" not in found:
        missing += [key for key in ("name", "country") if key not in found]
    if missing:
        about = {"missing": ", ".join(missing)}
        raise NotPossible(_("The first line must name the columns. Missing: %(missing)s.") % about)
    if len(rows) < 2:
        raise NotPossible(_("The file holds a heading and no line below it."))
    return found


def _cells(cells: list[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {key: cells[columns[key]] if columns.get(key, len(cells)) < len(cells) else "" for key in HEADINGS}


def _as_written(cells: Mapping[str, str]) -> list[str]:
    """The cells that the file of refused lines gives back."""
    return [CONTROL.sub("\ufffd", cells[key])[:LONGEST_SOURCE] for key in HEADINGS]


class Register:
    """The cities that a file speaks of, looked up in two queries."""

    def __init__(self, lines: Iterable[Mapping[str, str]]) -> None:
        lines = list(lines)
        ids = {number for cells in lines if (number := _id(cells["geonames"]))}
        fields = ("name", "country", "geonames_id", "population", "population_year", "population_source")
        self._by_id = {row.geonames_id: row for row in City.objects.filter(geonames_id__in=ids).only(*fields)}
        self._by_name = self._named([cells for cells in lines if not cells["geonames"]], fields)

    def _named(self, lines: list[Mapping[str, str]], fields: Sequence[str]) -> Mapping[Any, list[City]]:
        wanted = {(country_code(cells["country"]), fold(cells["name"])) for cells in lines}
        found: dict[tuple[str, str], list[City]] = defaultdict(list)
        there = City.objects.filter(country__in={country for country, _name in wanted if country})
        for city in there.only(*fields, "search_text").iterator() if wanted else ():
            for name in dict.fromkeys(city.search_text.split("|")[1:]):
                if (str(city.country), name) in wanted:
                    found[str(city.country), name].append(city)
        return found

    def find(self, cells: Mapping[str, str]) -> City:
        """The one city that a line names: by its GeoNames id where it has one. Raises Refusal."""
        if cells["geonames"]:
            number = _id(cells["geonames"])
            if number is None or number not in self._by_id:
                raise Refusal("unknown_id", written=cells["geonames"][:40])
            return self._by_id[number]
        country, name = country_code(cells["country"]), fold(cells["name"])
        if not name:
            raise Refusal("no_city")
        if not country:
            raise Refusal("country", written=cells["country"][:40])
        found = self._by_name.get((country, name), [])
        exact = [city for city in found if fold(city.name) == name] or found
        if len(exact) != 1:
            reason = "several" if exact else "unknown_city"
            raise Refusal(reason, city=cells["name"][:80], country=country, count=len(exact))
        return exact[0]


def _id(text: str) -> int | None:
    """A GeoNames id that the column can hold."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def country_code(text: str) -> str:
    """ISO code from a code or an English name; empty for neither."""
    if len(text) == 2 and text.upper() in countries.countries:
        return text.upper()
    return countries.by_name(text, language="en") if text else ""
