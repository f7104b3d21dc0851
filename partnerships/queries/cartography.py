"""Geometry of the map: crops, land as horizontal lines, arcs that bend upward, labels that keep apart.

Pure arithmetic. Lengths are units of the projection until a Crop turns them into pixels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil, floor

from partnerships.data.coastlines import Point, land_rings

# heights of an arc's control point as a share of the distance: neighbours bend differently and stay apart
BENDS = (0.2, 0.26, 0.14)
CELL = 32  # pixels of a square in which labels look for what they would cover
ROW = 3  # pixels between two lines of land
SMALLEST_WIDTH = 1.1  # units: a crop never shows less than a fifth of the world
WORLD_EDGE = 2.72  # units from the middle of the world to its eastern and western edge


@dataclass(frozen=True)
class Crop:
    """A piece of the plane and the pixels it fills."""

    left: float
    top: float
    scale: float  # pixels per unit
    width: int
    height: int

    def pixels(self, point: Point) -> Point:
        x = (point[0] - self.left) * self.scale
        return round(x, 1), round((point[1] - self.top) * self.scale, 1)


def control_point(start: Point, end: Point, bend: float) -> Point:
    """Where an arc is pulled to: beside the middle of the chord, always on its upper side."""
    across, down = end[0] - start[0], end[1] - start[1]
    side = 1 if across >= 0 else -1
    return (
        (start[0] + end[0]) / 2 + side * bend * down,
        (start[1] + end[1]) / 2 - side * bend * across,
    )


def on_arc(start: Point, end: Point, bend: float, share: float) -> Point:
    """The point at a share (0 to 1) of the quadratic curve between two places."""
    middle = control_point(start, end, bend)
    first, second, third = (1 - share) ** 2, 2 * share * (1 - share), share**2
    return (
        first * start[0] + second * middle[0] + third * end[0],
        first * start[1] + second * middle[1] + third * end[1],
    )


def crop_around(points: Sequence[Point], width: int, height: int, margin: tuple[int, int]) -> Crop:
    """The crop that shows all points with `margin` pixels (x, y) around them, `height` pixels at most."""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    scale = min(
        (width - 2 * margin[0]) / max(right - left, 0.01),
        (height - 2 * margin[1]) / max(bottom - top, 0.01),
        width / SMALLEST_WIDTH,
    )
    # a flat scene needs no tall frame
    height = min(height, max(round(height * 0.55), round((bottom - top) * scale) + 2 * margin[1] + 24))
    wide, high = width / scale, height / scale
    start = (left + right - wide) / 2
    if wide < 2 * WORLD_EDGE:
        start = min(max(start, -WORLD_EDGE), WORLD_EDGE - wide)
    return Crop(round(start, 3), round((top + bottom - high) / 2, 3), round(scale, 2), width, height)


@lru_cache(maxsize=256)
def land_path(crop: Crop) -> str:
    """The land inside a crop as one SVG path of fine horizontal lines."""
    crossings: dict[int, list[float]] = defaultdict(list)
    for ring in land_rings():
        for start, end in pairwise(ring):
            _cross(crop, start, end, crossings)
    return "".join(
        piece for row in sorted(crossings) for piece in _row_pieces(row, sorted(crossings[row]), crop.width)
    )


def _cross(crop: Crop, start: Point, end: Point, crossings: dict[int, list[float]]) -> None:
    """Note where a stretch of coast crosses the rows of the crop."""
    (x1, y1), (x2, y2) = (start, end) if start[1] <= end[1] else (end, start)
    high, low = (y1 - crop.top) * crop.scale, (y2 - crop.top) * crop.scale
    first, last = max(0, ceil(high / ROW)), min(crop.height // ROW, ceil(low / ROW) - 1)
    for row in range(first, last + 1):
        share = (row * ROW - high) / (low - high)
        crossings[row].append((x1 + (x2 - x1) * share - crop.left) * crop.scale)


def _row_pieces(row: int, places: Sequence[float], width: int) -> Iterable[str]:
    for start, end in zip(places[::2], places[1::2], strict=False):
        left, right = max(0, floor(start)), min(width, ceil(end))
        if right - left >= 1:
            yield f"M{left} {row * ROW}h{right - left}"


@dataclass(frozen=True)
class Label:
    """A name beside its dot, in pixels."""

    x: float
    y: float
    anchor: str
    text: str
    here: bool = False


Box = tuple[float, float, float, float]  # left, top, right, bottom


def text_size(text: str, here: bool) -> tuple[float, float]:
    """Width and height of a name in pixels, estimated on the wide side."""
    return (len(text) * 10.2, 20.0) if here else (len(text) * 7.2, 14.0)


def choices(point: Point, text: str, here: bool) -> Iterable[tuple[Label, Box]]:
    """Eight places for a name around its dot, the preferred one first."""
    x, y = point
    wide, high = text_size(text, here)
    gap = 11 if here else 9
    rows = (high * 0.32, high * 0.32 - 9, high * 0.32 + 9)
    for anchor, edge, left in (("start", x + gap, x + gap), ("end", x - gap, x - gap - wide)):
        for down in rows:
            base = round(y + down, 1)
            box = (left, base - high * 0.8, left + wide, base + high * 0.25)
            yield Label(round(edge, 1), base, anchor, text, here), box
    for down in (-gap, gap + high * 0.75):
        base = round(y + down, 1)
        box = (x - wide / 2, base - high * 0.8, x + wide / 2, base + high * 0.25)
        yield Label(x, base, "middle", text, here), box


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def place_labels(
    names: Sequence[tuple[Point, str, bool]], line_points: Sequence[Point], crop: Crop, at_most: int
) -> list[Label]:
    """Names (dot, text, whether it is the page's own city) that find room; the others stay in the list.

    A name never covers another or leaves the frame; it avoids dots first and lines second.
    """
    taken: list[Box] = []
    placed: list[Label] = []
    dots = _by_cell(point for point, _, _ in names)
    lines = _by_cell(line_points)
    for point, text, here in sorted(names, key=lambda name: not name[2]):
        best: tuple[float, Label, Box] | None = None
        for rank, (label, box) in enumerate(choices(point, text, here)):
            outside = box[0] < 4 or box[1] < 4 or box[2] > crop.width - 4 or box[3] > crop.height - 4
            if outside or any(overlap(box, other) for other in taken):
                continue
            covered = sum(other != point for other in _inside(dots, box, 5))
            cost = 12 * covered + sum(1 for _ in _inside(lines, box, 1)) + rank * 0.4
            if best is None or cost < best[0]:
                best = (cost, label, box)
        if best and len(placed) < at_most and (here or best[0] < 24):
            placed.append(best[1])
            taken.append(best[2])
    return placed


Cells = dict[tuple[int, int], list[Point]]


def _by_cell(points: Iterable[Point]) -> Cells:
    """Points by square of the page, so that a name is compared with what is near it only."""
    cells: Cells = defaultdict(list)
    for point in points:
        cells[int(point[0] // CELL), int(point[1] // CELL)].append(point)
    return cells


def _inside(cells: Cells, box: Box, margin: float) -> Iterable[Point]:
    """The points in a box widened by a margin (pixels)."""
    left, top, right, bottom = box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin
    for column in range(int(left // CELL), int(right // CELL) + 1):
        for row in range(int(top // CELL), int(bottom // CELL) + 1):
            for point in cells.get((column, row), ()):
                if left < point[0] < right and top < point[1] < bottom:
                    yield point
