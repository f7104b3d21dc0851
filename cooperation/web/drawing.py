"""Geometry of the server-drawn pictures: where a date or an arc falls. Pure arithmetic, no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

SMALLEST_GAP = 0.86  # share of the axis given out in equal steps, so that labels of near dates do not collide
LABEL_TOP = 117  # baseline of the date under the axis, pixels
LINE_HEIGHT = 20  # pixels


@dataclass(frozen=True)
class Milestone:
    """A dated event of a call. `note` says planned or actual; `period` names the time that ends here."""

    on: date
    label: str
    note: str = ""
    date_words: str = ""
    deadline: bool = False
    period: str = ""


@dataclass(frozen=True)
class Arc:
    """Half an ellipse over the axis: centre and radius in percent of its width, height in pixels."""

    centre: float
    radius: float
    height: float
    word: str
    now: bool


@dataclass(frozen=True)
class Mark:
    """A milestone with its place on the axis (percent) and its text cut into lines."""

    x: float
    anchor: str
    milestone: Milestone
    label_lines: tuple[tuple[int, str], ...]
    past: bool

    @property
    def shift(self) -> int:
        """How far the text moves to align with the outer edge of a dot of radius 8 (pixels)."""
        return {"start": -8, "end": 8}.get(self.anchor, 0)

    @property
    def note_y(self) -> int:
        """Baseline of the note, under the last line of the label (pixels)."""
        return LABEL_TOP + LINE_HEIGHT * len(self.label_lines) + 20


def as_date(moment: date | datetime) -> date:
    """The calendar date of a date or an instant (in the zone the instant carries)."""
    return moment.date() if isinstance(moment, datetime) else moment


def positions(dates: Sequence[date]) -> list[float]:
    """Places from 0 to 100 for rising dates: partly by time, partly even, so that labels stay apart."""
    if len(dates) < 2:
        return [50.0] * len(dates)
    days = [(later - earlier).days for earlier, later in pairwise(dates)]
    even = SMALLEST_GAP / len(days)
    total = sum(days) or 1
    places = [0.0]
    for step in days:
        places.append(places[-1] + 100 * (even + (1 - SMALLEST_GAP) * step / total))
    return [round(place, 2) for place in places]


def place_of(day: date, dates: Sequence[date], places: Sequence[float]) -> float:
    """Where a day falls between the milestones; before the first is 0, after the last is 100."""
    if not dates or day <= dates[0]:
        return 0.0
    for (start, end), (left, right) in zip(pairwise(dates), pairwise(places), strict=True):
        if start <= day <= end:
            share = (day - start).days / ((end - start).days or 1)
            return round(left + (right - left) * share, 2)
    return 100.0


def lines(text: str, width: int = 20) -> tuple[str, ...]:
    """Text cut at spaces into lines of at most `width` characters (a longer word stays whole)."""
    result: list[str] = []
    for word in text.split():
        if result and len(result[-1]) + 1 + len(word) <= width:
            result[-1] += " " + word
        else:
            result.append(word)
    return tuple(result)


def marks(milestones: Sequence[Milestone], today: date) -> list[Mark]:
    """Each milestone with its place; the outermost labels are aligned to the ends of the axis."""
    places = positions([milestone.on for milestone in milestones])
    last = len(places) - 1
    anchors = {0: "start", last: "end"} if last else {0: "middle"}
    width = max(10, 120 // max(len(places), 1))
    return [
        Mark(place, anchors.get(index, "middle"), milestone, _label(milestone, width), milestone.on <= today)
        for index, (place, milestone) in enumerate(zip(places, milestones, strict=True))
    ]


def _label(milestone: Milestone, width: int) -> tuple[tuple[int, str], ...]:
    rows = enumerate(lines(milestone.label, width), start=1)
    return tuple((LABEL_TOP + LINE_HEIGHT * number, row) for number, row in rows)


def arcs(found: Sequence[Mark], today: date) -> list[Arc]:
    """One arc for each milestone that names the period it ends, from where the last such period ended."""
    result: list[Arc] = []
    start = found[0] if found else None
    for mark in found[1:]:
        if start is None or not mark.milestone.period:
            continue
        width = mark.x - start.x
        now = start.milestone.on <= today <= mark.milestone.on
        height = min(58.0, 18 + width * 1.1)
        result.append(
            Arc(round(start.x + width / 2, 2), round(width / 2, 2), height, mark.milestone.period, now)
        )
        start = mark
    return result
