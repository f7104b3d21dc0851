"""The committed city data and the demo's facts fit together: counts, scripts, ids. No database needed."""

import csv
import gzip
import json
import tomllib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest
from django.core.management import CommandError, call_command

from partnerships.data import extraction

CITIES = Path(extraction.__file__).with_name("cities.csv.gz")
DEMO = Path(__file__).parents[2] / "calls" / "demo" / "data"
THEMES = {
    *("governance", "culture", "resilience", "inclusion", "gender", "youth", "migration", "care"),
    *("climate-adaptation", "energy-transition", "air-quality", "circular-economy", "waste"),
    *("water", "mobility", "smart-city", "heritage", "employment", "health", "housing"),
    *("public-space", "safety", "food", "education", "participation", "transparency"),
    *("accountability", "equity", "logistics", "skills", "environment"),
}
Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts(name: str) -> dict[str, Any]:
    return tomllib.loads((DEMO / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cities() -> dict[str, Row]:
    with gzip.open(CITIES, "rt", encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    by_id = {row["geonameid"]: row for row in listed}
    assert len(by_id) == len(listed), "a GeoNames id occurs twice"
    return by_id


@pytest.fixture(scope="module")
def extra() -> dict[str, Row]:
    listed = rows("extra_cities.csv")
    by_slug = {row["slug_hint"]: row for row in listed}
    assert len(by_slug) == len(listed), "a slug occurs twice"
    return by_slug


def test_there_are_enough_cities_in_a_small_file(cities: dict[str, Row]) -> None:
    assert len(cities) >= 33_000
    assert CITIES.stat().st_size < 2_200_000
    smaller = [row for row in cities.values() if int(row["population"]) < extraction.POPULATION_FLOOR]
    assert len(smaller) == 32  # capitals


def test_cities_are_sorted_by_id(cities: dict[str, Row]) -> None:
    ids = [int(geonameid) for geonameid in cities]
    assert ids == sorted(ids)


def test_every_name_is_latin_and_said_once(cities: dict[str, Row]) -> None:
    for row in cities.values():
        alternates = row["alternate_names"].split("|") if row["alternate_names"] else []
        assert row["ascii_name"].isascii()
        assert row["ascii_name"]
        assert all(extraction.is_latin(name) for name in alternates), row
        folded = [name.casefold() for name in (row["name"], *alternates)]
        assert len(folded) == len(set(folded)), row
        assert not any(extraction.is_airport_code(name) for name in alternates), row


def test_places_and_time_zones_are_real(cities: dict[str, Row], extra: dict[str, Row]) -> None:
    zones = available_timezones()
    for row in (*cities.values(), *extra.values()):
        assert len(row["country"]) == 2
        assert -90 <= float(row["latitude"]) <= 90
        assert -180 <= float(row["longitude"]) <= 180
        assert row["time_zone"] in zones, row


def test_extra_cities_add_and_never_repeat(cities: dict[str, Row], extra: dict[str, Row]) -> None:
    for row in extra.values():
        assert row["geonameid"] not in cities
        assert row["kind"] in {"municipality", "region", "federation"}
        assert not row["population"] or row["population_source"], row


def test_ale_is_there_although_geonames_lacks_it(extra: dict[str, Row]) -> None:
    ale = extra["ale"]
    assert (ale["population"], ale["population_year"], ale["geonameid"]) == ("31402", "2019", "")


def test_every_partnership_joins_two_known_cities(cities: dict[str, Row], extra: dict[str, Row]) -> None:
    listed = rows("partnerships.csv")
    assert len(listed) == 55
    for row in listed:
        for side in ("lead", "partner"):
            geonameid, slug = row[f"{side}_geonameid"], row[f"{side}_extra"]
            assert bool(geonameid) != bool(slug), row
            city = cities[geonameid] if geonameid else extra[slug]
            assert city["country"] == row[f"{side}_country"], row
        assert set(filter(None, row["themes"].split(";"))) <= THEMES
        assert row["certainty"] in {"found", "year inferred", "inferred from listing order"}


@pytest.mark.parametrize(
    ("city", "country", "geonameid"),
    [
        ("San Justo", "AR", "3837124"),
        ("Santa Fe", "AR", "3836277"),
        ("Toyota", "JP", "1849814"),
        ("eThekwini", "ZA", "1007311"),
        ("Gwangju", "KR", "1841811"),
        ("St. John's", "CA", "6324733"),
    ],
)
def test_homonyms_are_the_right_city(city: str, country: str, geonameid: str) -> None:
    found = {
        row[f"{side}_geonameid"]
        for row in rows("partnerships.csv")
        for side in ("lead", "partner")
        if (row[f"{side}_city"], row[f"{side}_country"]) == (city, country)
    }
    assert found == {geonameid}


def members(document: dict[str, Any], section: str) -> Iterator[dict[str, Any]]:
    for entry in document[section]:
        yield from entry.get("member", [])


def test_networks_name_known_cities(cities: dict[str, Row], extra: dict[str, Row]) -> None:
    networks = facts("networks.toml")
    assert {network["slug"] for network in networks["network"]} >= {
        "mercociudades",
        "metropolis",
        "uclg",
        "iclei",
    }
    for member in members(networks, "network"):
        city = cities[str(member["geonameid"])] if "geonameid" in member else extra[member["extra"]]
        assert city["name"] == member["name"]
        assert member["basis"] in {"source", "took part in a call for members"}


def test_santa_fe_is_no_member_of_metropolis() -> None:
    metropolis = next(entry for entry in facts("networks.toml")["network"] if entry["slug"] == "metropolis")
    assert "Santa Fe" not in {member["name"] for member in metropolis["member"]}


def test_rosario_s_portfolio_is_complete(cities: dict[str, Row]) -> None:
    rosario = facts("rosario.toml")
    networks = {network["slug"] for network in facts("networks.toml")["network"]}
    assert (rosario["figures"]["twinnings"], rosario["figures"]["bilateral_agreements"]) == (25, 11)
    assert {agreement["stage"] for agreement in rosario["agreement"]} == {"in force", "talks"}
    assert {network["slug"] for network in rosario["network"]} <= networks
    assert [report["state"] for report in rosario["commitment"][0]["report"]] == ["filed", "late"]
    assert {member["role"] for member in members(rosario, "project")} == {
        *("coordinator", "partner", "collaborator", "requester", "supporter", "participant"),
    }
    for member in members(rosario, "project"):
        assert ("geonameid" in member) != ("organisation" in member), member
        assert "geonameid" not in member or str(member["geonameid"]) in cities
    for entry in (*rosario["project"], *rosario["agreement"], *rosario["people"]):
        assert set(entry["themes"]) <= THEMES
    assert {people["direction"] for people in rosario["people"]} == {"sent", "received"}


def test_useful_alternates_drop_what_nobody_types() -> None:
    given = ["ROS", "Rosário", "ROSÁRIO", "luo sa li ao", "Росарио", "rosario", "Rosario|x", "Vila Real"]
    assert extraction.useful_alternates("Rosario", given) == ["Rosário", "Vila Real"]


@pytest.mark.parametrize(
    ("name", "ascii_name"), [("Łódź", "Lodz"), ("Ærøskøbing", "Aeroskobing"), ("Nuku‘alofa", "Nuku'alofa")]
)
def test_ascii_form(name: str, ascii_name: str) -> None:
    assert extraction.ascii_form(name) == ascii_name


def test_the_command_gives_equal_bytes_for_equal_input(tmp_path: Path) -> None:
    write_source(tmp_path)
    outputs = [tmp_path / "one.csv.gz", tmp_path / "two.csv.gz"]
    for output in outputs:
        said = StringIO()
        call_command("extract_cities", source=tmp_path, output=output, stdout=said)
        assert said.getvalue().startswith("2 cities")
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
    lines = gzip.decompress(outputs[0].read_bytes()).decode().splitlines()
    assert lines[1] == "1,Valletta,Valletta,MT,,35.8997,14.5147,6794,Europe/Malta,La Valette,,"
    assert lines[2].startswith("2,Ashburn,Ashburn,US,Virginia,")


def test_the_command_says_when_the_folder_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is --source the data folder"):
        call_command("extract_cities", source=tmp_path, output=tmp_path / "cities.csv.gz")


def write_source(folder: Path) -> None:
    """Three places: a small capital, a city and a village that must be left out."""

    def city(geonameid: int, name: str, country: str, population: int, **more: Any) -> dict[str, Any]:
        place = {"latitude": 35.89968, "longitude": 14.5147, "timezone": "Europe/Malta", "admin1code": "00"}
        named = {"geonameid": geonameid, "name": name, "countrycode": country, "population": population}
        return {**place, **named, "alternatenames": [], **more}

    listed = [
        city(2, "Ashburn", "US", 43_511, admin1code="VA", timezone="America/New_York"),
        city(1, "Valletta", "MT", 6_794, alternatenames=["MLA", "La Valette"]),
        city(3, "Mdina", "MT", 250),
    ]
    contents = {
        "cities15000.json": {str(place["geonameid"]): place for place in listed},
        "countries.json": {"MT": {"capital": "Valletta"}, "US": {"capital": "Washington"}},
        "us_states.json": {"VA": {"name": "Virginia"}},
    }
    for name, content in contents.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
