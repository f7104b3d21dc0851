"""Coastlines for the server-drawn map: from world-atlas (TopoJSON) to rings in Equal Earth coordinates.

Source: npm package world-atlas 2.0.2, file land-110m.json, Natural Earth's 1:110m land (public
domain). Pure arithmetic, no Django.
"""

import gzip
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

LAND = Path(__file__).with_name("land.json.gz")
UNITS = 1000  # stored whole numbers per unit of the projection (the world is about 5.4 units wide)
SOUTHERN_LIMIT = -60.0  # degrees; a ring wholly south of it (Antarctica) is left out

Point = tuple[float, float]

# Šavrič, Patterson, Jenny (2018), "The Equal Earth map projection", formulas 5 and 6.
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796


def equal_earth(longitude: float, latitude: float) -> Point:
    """Degrees to the plane: x grows eastwards, y SOUTHWARDS as on a screen; the world is 5.41 by 2.63."""
    angle = asin(sqrt(3) / 2 * sin(radians(latitude)))
    square = angle * angle
    sixth = square**3
    slope = 9 * A4 * sixth * square + 7 * A3 * sixth + 3 * A2 * square + A1
    x = 2 * sqrt(3) * radians(longitude) * cos(angle) / (3 * slope)
    y = angle * (A4 * sixth * square + A3 * sixth + A2 * square + A1)
    return x, -y


def decoded_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """TopoJSON arcs as degrees: quantised, each point the difference from the one before."""
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    result = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + move_x, y * scale_y + move_y))
        result.append(points)
    return result


def rings(topology: dict[str, Any]) -> Iterable[list[Point]]:
    """Every ring of the land, islands and lakes alike, in degrees."""
    arcs = decoded_arcs(topology)
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for ring in (ring for polygon in polygons for ring in polygon):
            yield unwrapped(
                [point for index in ring for point in (arcs[index] if index >= 0 else arcs[~index][::-1])]
            )


def unwrapped(ring: Sequence[Point]) -> list[Point]:
    """The ring without jumps at the date line: eastern Siberia then lies beyond 180 degrees."""
    result, turn, before = [], 0.0, ring[0][0]
    for longitude, latitude in ring:
        turn -= 360 * round((longitude - before) / 360)
        before = longitude
        result.append((longitude + turn, latitude))
    middle = sum(longitude for longitude, _ in result) / len(result)
    shift = 360 * round(middle / 360)
    return [(longitude - shift, latitude) for longitude, latitude in result]


def project(topology: dict[str, Any]) -> list[list[int]]:
    """Rings as flat lists x, y, x, y ... in thousandths of the projection's unit."""
    kept = (ring for ring in rings(topology) if max(latitude for _, latitude in ring) > SOUTHERN_LIMIT)
    return [
        [round(value * UNITS) for longitude, latitude in ring for value in equal_earth(longitude, latitude)]
        for ring in kept
    ]


def write_compressed(land: Sequence[Sequence[int]], path: Path) -> int:
    """Write the rings; the same input gives the same bytes. Returns the number of rings."""
    text = json.dumps(land, separators=(",", ":")).encode()
    path.write_bytes(gzip.compress(text, compresslevel=9, mtime=0))
    return len(land)


@lru_cache(maxsize=1)
def land_rings() -> tuple[tuple[Point, ...], ...]:
    """The committed rings in units of the projection, read once per process."""
    stored = json.loads(gzip.decompress(LAND.read_bytes()))
    return tuple(
        tuple((ring[index] / UNITS, ring[index + 1] / UNITS) for index in range(0, len(ring), 2))
        for ring in stored
    )
