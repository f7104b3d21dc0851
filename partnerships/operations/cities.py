"""Filling the register of cities from the city file, in one COPY."""

import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from django.db import connection, transaction
from django.utils.text import slugify

from partnerships.models import City, CityTheme
from partnerships.models.city import Direction

DATA = Path(__file__).resolve().parent.parent / "data"
COASTAL = {"1": True, "0": False, "": None}
# What PostgreSQL reads as an escape in COPY's text format.
ESCAPES = str.maketrans({"\\": "\\\\", "\t": " ", "\n": " ", "\r": " "})


@dataclass(frozen=True)
class CityRow:
    """One city as a file tells it. `hint` begins the address; without one the name does."""

    name: str
    country: str
    hint: str = ""
    region: str = ""
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None
    population_year: int | None = None
    population_source: str = ""
    time_zone: str = "UTC"
    languages: tuple[str, ...] = ()
    alternate_names: str = ""
    geonames_id: int | None = None
    climate: str = ""
    coastal: bool | None = None


COLUMNS = (
    *(field.name for field in fields(CityRow) if field.name not in {"hint"}),
    "slug",
    "search_text",
)


def languages_by_country() -> dict[str, tuple[str, ...]]:
    """The languages in which a country's administrations mostly work; a rough table, editable per city."""
    with (DATA / "languages.csv").open(encoding="utf-8", newline="") as file:
        return {row["country"]: tuple(row["languages"].split("|")) for row in csv.DictReader(file)}


def read_city_file(path: Path = DATA / "cities.csv.gz") -> Iterator[CityRow]:
    """The cities of the committed GeoNames extract, in the file's order."""
    languages = languages_by_country()
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield CityRow(
                name=row["name"],
                country=row["country"],
                hint=row["ascii_name"],
                region=row["admin1"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                population=int(row["population"]) or None,
                population_source="GeoNames",
                time_zone=row["time_zone"] or "UTC",
                languages=languages.get(row["country"], ()),
                alternate_names=row["alternate_names"],
                geonames_id=int(row["geonameid"]),
                climate=row["climate"],
                coastal=COASTAL[row["coastal"]],
            )


@transaction.atomic
def load_cities(rows: Iterable[CityRow]) -> int:
    """Fill an empty register and return the number of cities. Raises ValueError when it is not empty.

    Of two rows with one GeoNames id the later counts. Addresses are "rosario-ar"; of homonyms in one
    country the largest keeps the plain address, the others end with their GeoNames id.
    """
    if City.objects.exists():
        raise ValueError("the register of cities is not empty")
    kept = _without_repetition(rows)
    slugs = addresses(kept)
    columns = ", ".join(connection.ops.quote_name(name) for name in COLUMNS)
    lines = io.StringIO("".join(_line(row, slug) for row, slug in zip(kept, slugs, strict=True)))
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {City._meta.db_table} ({columns}) FROM STDIN", lines)
        # Planned badly until somebody counts the rows.
        cursor.execute(f"ANALYZE {City._meta.db_table}")
    return len(kept)


def _without_repetition(rows: Iterable[CityRow]) -> list[CityRow]:
    by_id: dict[object, CityRow] = {}
    for number, row in enumerate(rows):
        by_id[row.geonames_id or f"row {number}"] = row
    return list(by_id.values())


def addresses(rows: list[CityRow]) -> list[str]:
    """One address per row, all different."""
    bases = [f"{slugify(row.hint or row.name)[:90] or 'city'}-{row.country.lower()}" for row in rows]
    largest_first = sorted(range(len(rows)), key=lambda place: -(rows[place].population or 0))
    slugs, taken = [""] * len(rows), set()
    for place in largest_first:
        slug = bases[place]
        if slug in taken:
            slug = f"{slug}-{rows[place].geonames_id or place}"
        taken.add(slug)
        slugs[place] = slug
    return slugs


def _line(row: CityRow, slug: str) -> str:
    city = City(name=row.name, alternate_names=row.alternate_names)
    values = {name: getattr(row, name) for name in COLUMNS if hasattr(row, name)}
    values |= {"slug": slug, "search_text": city.searchable()}
    return "\t".join(_cell(values[name]) for name in COLUMNS) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, tuple):
        return "{" + ",".join(value) + "}"
    return str(value).translate(ESCAPES)


@transaction.atomic
def state_interests(*, city: City, learn: Iterable[str], teach: Iterable[str]) -> None:
    """Replace what a city wants to learn and can teach, by theme."""
    wanted = [(Direction.LEARN, slug) for slug in learn] + [(Direction.TEACH, slug) for slug in teach]
    city.city_themes.all().delete()
    CityTheme.objects.bulk_create(
        CityTheme(city=city, theme_id=slug, direction=direction) for direction, slug in dict.fromkeys(wanted)
    )


def read_extra_cities(path: Path) -> Iterator[tuple[CityRow, str]]:
    """Cities that the GeoNames extract lacks, each with the kind of its government."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield _extra(row), row["kind"]


def _extra(row: dict[str, str]) -> CityRow:
    def number(key: str) -> int | None:
        return int(row[key]) if row[key] else None

    return CityRow(
        name=row["name"],
        country=row["country"],
        hint=row["slug_hint"],
        region=row["admin1"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        population=number("population"),
        population_year=number("population_year"),
        population_source=row["population_source"],
        time_zone=row["time_zone"],
        languages=tuple(row["languages"].split("|")) if row["languages"] else (),
        alternate_names=row["alternate_names"],
        geonames_id=number("geonameid"),
        climate=row["climate"],
        coastal=COASTAL[row["coastal"]],
    )
