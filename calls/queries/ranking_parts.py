"""A long ranking in parts: the head, what is folded away, what stands at the line, the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

HEAD, BEFORE_LINE, AFTER_LINE = 10, 4, 8
SHORTEST_FOLD = 4
AT_ONCE = 200  # rows that a fold draws; a longer one is paged


@dataclass(frozen=True)
class Part:
    """Rows `start` to `end`. Folded ones are drawn closed, or linked to where they are `paged`."""

    start: int
    end: int
    folded: bool = False
    line_before: bool = False

    @property
    def paged(self) -> bool:
        return self.folded and self.end - self.start > AT_ONCE

    @property
    def count(self) -> int:
        return self.end - self.start


def parts_of(count: int, line: int | None) -> list[Part]:
    """How `count` rows are shown when the selection line stands before row `line` (None: no line)."""
    edge = count if line is None else line
    tail = BEFORE_LINE if line is not None else 0
    found = [*_folding(0, edge, HEAD, tail)]
    if line is not None and line < count:
        after = list(_folding(line, count, AFTER_LINE, 0))
        first = after[0]
        found += [Part(first.start, first.end, first.folded, line_before=True), *after[1:]]
    return [part for part in found if part.count]


def _folding(start: int, end: int, head: int, tail: int) -> list[Part]:
    if end - start - head - tail < SHORTEST_FOLD:
        return [Part(start, end)]
    return [
        Part(start, start + head),
        Part(start + head, end - tail, folded=True),
        Part(end - tail, end),
    ]


def line_after_last(rows: Sequence[dict[str, Any]]) -> int | None:
    """Where the selection line stands: after the last selected row; None when nobody is."""
    selected = [number for number, row in enumerate(rows) if row["outcome"] == "selected"]
    return selected[-1] + 1 if selected else None
