"""Climate and coast of places: of the committed files, and of a small world drawn by hand."""

import csv
import gzip
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from partnerships.data.surroundings import Climates, Coast, distance
from partnerships.operations.cities import CityRow, read_city_file, read_extra_cities

DEMO = Path(__file__).parents[2] / "calls" / "demo" / "data"
# An island of two by two degrees around the point where the date line meets the equator.
ISLAND = {
    "transform": {"scale": [1, 1], "translate": [0, 0]},
    "arcs": [[[179, -1], [2, 0], [0, 2], [-2, 0], [0, -2]]],
    "objects": {"land": {"geometries": [{"type": "Polygon", "arcs": [[0]]}]}},
}


@pytest.fixture(scope="module")
def register() -> dict[int, CityRow]:
    return {row.geonames_id: row for row in read_city_file()}


@pytest.mark.parametrize(
    ("geonames_id", "name", "climate", "coastal"),
    [
        (3838583, "Rosario", "Cfa", False),
        (3128760, "Barcelona", "Csa", True),
        (2925533, "Frankfurt am Main", "Cfb", False),
        (1848354, "Yokohama", "Cfa", True),
        (1880252, "Singapore", "Af", True),
    ],
)
def test_known_cities(register, geonames_id, name, climate, coastal):
    city = register[geonames_id]
    assert (city.name, city.climate, city.coastal) == (name, climate, coastal)


def test_every_city_says_whether_it_is_coastal_and_few_lack_a_climate(register):
    assert all(city.coastal is not None for city in register.values())
    assert sum(not city.climate for city in register.values()) == 192
    assert {city.climate[:1] for city in register.values()} == {"", *"ABCDE"}
    extra = [city for city, _ in read_extra_cities(DEMO / "extra_cities.csv")]
    assert all(city.climate and city.coastal is not None for city in extra)


def test_distance_to_a_stretch_of_coast():
    beside, before = ((10.0, 0.0), (10.0, 1.0)), ((10.0, 1.0), (10.0, 2.0))
    assert distance(0.5, 11.0, beside) == pytest.approx(111.2, abs=0.1)
    assert distance(0.0, 10.0, before) == pytest.approx(111.2)
    assert distance(60.0, 11.0, ((10.0, 59.0), (10.0, 61.0))) == pytest.approx(55.6, abs=0.1)
    assert distance(0.0, -179.9, ((179.9, -1.0), (179.9, 1.0))) == pytest.approx(22.24, abs=0.01)
    assert distance(0.0, 0.0, ((1.0, 0.0), (1.0, 0.0))) == pytest.approx(111.2)


@pytest.mark.parametrize(
    ("latitude", "longitude", "coastal"),
    [(0.0, 180.0, False), (0.9, 180.0, True), (0.9, -180.0, True), (0.0, -179.1, True), (0.0, 179.1, True)],
)
def test_the_coast_is_found_on_both_sides_of_the_date_line(latitude, longitude, coastal):
    assert Coast(ISLAND).is_near(latitude, longitude) is coastal


def test_a_place_in_the_sea_has_the_climate_of_the_nearest_land():
    classes = {1: "Af", 2: "Ocean", 3: "ET"}
    world = [[3] * 36, *([2] * 36 for _ in range(17))]
    world[9][5] = 1
    climates = Climates(classes, (36, 18), lambda place: world[place[1]][place[0]])
    assert climates.at(-5, -125) == "Af"
    assert climates.at(-5, -105) == "Af"
    assert climates.at(-5, 5) == ""
    assert climates.at(90, 180) == climates.at(90, -180) == "ET"


@pytest.fixture
def sources(tmp_path: Path) -> tuple[Path, Path, Path]:
    (tmp_path / "kg_zoneNum.csv").write_text(",kg_zone,zoneNum\n1,Cfa,1\n2,Ocean,2\n")
    Image.new("L", (36, 18), 1).save(tmp_path / "kmz_int_reshape.png")
    (tmp_path / "land.json").write_text(json.dumps(ISLAND))
    cities = tmp_path / "cities.csv.gz"
    cities.write_bytes(gzip.compress(b"name,latitude,longitude,climate,coastal\nNew,0.9,180,,\n"))
    return tmp_path, tmp_path / "land.json", cities


def test_the_command_fills_a_file_and_gives_equal_bytes_again(sources, capsys):
    climates, land, cities = sources
    options = {"climates": climates, "land": land, "cities": cities}
    call_command("extract_surroundings", **options)
    first = cities.read_bytes()
    (row,) = csv.DictReader(gzip.decompress(first).decode().splitlines())
    assert (row["climate"], row["coastal"]) == ("Cfa", "1")
    assert "1 cities written" in capsys.readouterr().out
    call_command("extract_surroundings", **options)
    assert cities.read_bytes() == first


def test_a_wrong_source_is_refused(sources):
    climates, _, cities = sources
    with pytest.raises(CommandError, match="not the source"):
        call_command("extract_surroundings", climates=climates, land=climates / "none.json", cities=cities)
