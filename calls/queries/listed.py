"""Where the computed list that an outcome was taken from puts its application, for those who approve it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from calls.models import Decision, SelectionRun
from calls.models.decision import Outcome

OUTCOMES = [outcome.value for outcome in Outcome]
UNLISTED = 2**31  # behind every line of a list


@dataclass(frozen=True)
class Listed:
    """One line: the number of its list, its order there, its place as "27=" and its score of 100."""

    number: int
    order: int
    place: str
    score: str


def listed(decisions: Iterable[Decision]) -> dict[int, Listed]:
    """Application id -> its line, for what was recommended from a list. One query."""
    wanted = {row.application.reference: row for row in decisions if row.run_id}
    runs = SelectionRun.objects.filter(pk__in={row.run_id for row in wanted.values()}).defer("input")
    found = {}
    for run in runs:
        for order, line in enumerate(run.result.get("rows", [])):
            row = wanted.get(line["application"])
            if row is not None and row.run_id == run.pk:
                found[row.application_id] = Listed(run.number, order, line["place"], line["score"])
    return found


def in_order(rows: Iterable[Any], lines: Mapping[int, Listed]) -> list[tuple[Any, Listed | None]]:
    """Decisions as they are read, each with its line: the selected first, each as its list has them."""

    def place(pair: tuple[Decision, Listed | None]) -> tuple[int, int, str]:
        row, line = pair
        return OUTCOMES.index(row.outcome), line.order if line else UNLISTED, row.application.reference

    return sorted(((row, lines.get(row.application_id)) for row in rows), key=place)


def tally(decisions: Sequence[Decision]) -> list[tuple[str, str, int]]:
    """How many of each outcome there are, as (outcome, its name, number); none that is missing."""
    counts = Counter(row.outcome for row in decisions)
    return [(key, str(Outcome(key).label), counts[key]) for key in OUTCOMES if counts[key]]
