"""How much kinder or stricter each reviewer scored than the others on the same applications.

A reviewer's leniency is the mean, over the applications that somebody else finished as well, of their score
less the mean of the others'. Few shared applications say little, so their number stands beside it. It is
advice: scores are corrected only where the settings of a selection say so, and the settings are recorded.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from calls.queries.scores import Sheet, mean

MILLI = 1000  # corrections are rounded to thousandths of a point, so that they read as they count


@dataclass(frozen=True)
class Leniency:
    """Points of 100 above the others, and on how many shared applications."""

    points: Fraction
    shared: int


def leniency_of(sheets: Mapping[int, Sequence[Sheet]]) -> dict[int, Leniency]:
    """Reviewer id -> leniency, of those who share at least one application with somebody."""
    apart: dict[int, list[Fraction]] = defaultdict(list)
    for rows in sheets.values():
        for row in rows:
            others = [other.score for other in rows if other.reviewer != row.reviewer]
            if others:
                apart[row.reviewer].append(row.score - mean(others))
    return {
        reviewer: Leniency(Fraction(round(mean(points) * MILLI), MILLI), len(points))
        for reviewer, points in apart.items()
    }


def corrected(rows: Sequence[Sheet], found: Mapping[int, Leniency]) -> list[Fraction]:
    """The sheets' scores less their reviewers' leniency, kept within 0 and 100."""
    nobody = Leniency(Fraction(), 0)
    scores = (row.score - found.get(row.reviewer, nobody).points for row in rows)
    return [min(max(score, Fraction()), Fraction(100)) for score in scores]
