"""What the city learns of its reviews: own score against the selected, and what reviewers wrote to it."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from calls.models import Application, Call, Criterion, Decision, Review
from calls.models.review import HIGHEST_SCORE
from calls.queries.scores import criterion_means, mean, weighted
from partnerships.models.wording import localise

# With fewer selected applications their average would tell what one of them scored.
FEWEST_FOR_AN_AVERAGE = 3


@dataclass(frozen=True)
class Line:
    """One criterion, or the whole: own mean and the average of the selected, None when it is not told."""

    label: str
    own: float | None
    selected: float | None
    of: int
    share: int = 100  # how much of the total it makes, in percent

    @property
    def below(self) -> float:
        """How far the own score is below the selected, as both are shown; 0 when it is not, or not told."""
        return max(self._gap, 0)

    @property
    def above(self) -> float:
        """How far the own score is above the selected, as both are shown; 0 when it is not, or not told."""
        return max(-self._gap, 0)

    @property
    def _gap(self) -> float:
        return 0 if self.own is None or self.selected is None else round(self.selected - self.own, 1)


@dataclass(frozen=True)
class Feedback:
    lines: tuple[Line, ...]
    total: Line | None
    reviews: int
    comments: tuple[str, ...]

    @property
    def furthest_below(self) -> Line | None:
        """The criterion where most is missing to the selected; None when none is below."""
        behind = [line for line in self.lines if line.below]
        return max(behind, key=lambda line: line.below, default=None)


class FeedbackOf:
    """The feedback of each application of a round, from a fixed number of queries.

    `selected` are the applications that have a place once these results are published.
    """

    def __init__(self, call: Call, selected: Collection[int]) -> None:
        self.criteria: list[Criterion] = list(call.criteria.all())
        self.means = criterion_means(call)
        self.reviews, self.comments = _sheets(call)
        scored = [self.means[row] for row in selected if row in self.means]
        self.average = _average(scored) if len(scored) >= FEWEST_FOR_AN_AVERAGE else {}

    def of(self, application: Application) -> dict[str, Any]:
        """Frozen with the decision: JSON, without names and in an order that tells nobody's."""
        own = self.means.get(application.pk, {})
        return {
            "criteria": [
                {
                    "key": row.key,
                    "labels": row.labels,
                    "weight": row.weight,
                    "own": _one_decimal(own.get(row.pk)),
                    "selected": _one_decimal(self.average.get(row.pk)),
                }
                for row in self.criteria
            ],
            "total": {
                "own": _one_decimal(self._total(own)),
                "selected": _one_decimal(self._total(self.average)),
            },
            "reviews": self.reviews.get(application.pk, 0),
            "comments": sorted(self.comments.get(application.pk, []), key=_shuffled),
        }

    def _total(self, means: Mapping[int, Fraction]) -> Fraction | None:
        """The weighted mean of 100. Every finished sheet is complete, so this is the mean of the sheets."""
        if not means:
            return None
        return weighted([(means.get(row.pk, Fraction()), row.weight) for row in self.criteria])


def feedback_of(decision: Decision) -> Feedback | None:
    """The frozen feedback in the reader's language; None when there is none to give."""
    frozen = decision.feedback
    if not frozen or not frozen.get("reviews"):
        return None
    whole = sum(row["weight"] for row in frozen["criteria"]) or 1
    lines = tuple(
        Line(
            localise(row["labels"]),
            _number(row["own"]),
            _number(row["selected"]),
            HIGHEST_SCORE,
            round(100 * row["weight"] / whole),
        )
        for row in frozen["criteria"]
    )
    total = frozen["total"]
    own = _number(total["own"])
    summed = Line("", own, _number(total["selected"]), 100) if own is not None else None
    return Feedback(lines, summed, frozen["reviews"], tuple(frozen["comments"]))


def _average(scored: list[dict[int, Fraction]]) -> dict[int, Fraction]:
    criteria = {criterion for means in scored for criterion in means}
    return {
        criterion: mean([means[criterion] for means in scored if criterion in means])
        for criterion in criteria
    }


def _sheets(call: Call) -> tuple[dict[int, int], dict[int, list[str]]]:
    """How many reviews were finished for each application, and what they wrote to the city."""
    rows = Review.objects.filter(application__call=call, finished_at__isnull=False)
    counts: dict[int, int] = defaultdict(int)
    comments: dict[int, list[str]] = defaultdict(list)
    for application, words in rows.values_list("application", "feedback"):
        counts[application] += 1
        if words.strip():
            comments[application].append(words.strip())
    return counts, comments


def _shuffled(words: str) -> str:
    """An order that depends on the words alone: not on who wrote them, nor when."""
    return hashlib.sha256(words.encode()).hexdigest()


def _one_decimal(value: Fraction | None) -> str | None:
    return None if value is None else f"{float(value):.1f}"


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)
