"""The finished score sheets of a call as exact figures: each sheet, and each criterion's mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, F, Sum

from calls.models import Call, Review, Score
from calls.models.review import HIGHEST_SCORE


@dataclass(frozen=True)
class Sheet:
    """One finished sheet: whose, and its weighted score of 100."""

    reviewer: int
    score: Fraction


def sheets_of(call: Call) -> dict[int, list[Sheet]]:
    """Application id -> its finished sheets in the order they were begun. One query."""
    finished = Review.objects.filter(application__call=call, finished_at__isnull=False)
    weight = F("scores__criterion__weight")
    sums = finished.order_by("id").annotate(points=Sum(F("scores__value") * weight), whole=Sum(weight))
    found: dict[int, list[Sheet]] = {}
    for application, reviewer, points, whole in sums.values_list(
        "application_id", "reviewer_id", "points", "whole"
    ):
        if whole:
            score = Fraction(100 * points, HIGHEST_SCORE * whole)
            found.setdefault(application, []).append(Sheet(reviewer, score))
    return found


def criterion_means(call: Call) -> dict[int, dict[int, Fraction]]:
    """Application id -> criterion id -> the mean of the finished sheets' scores, of 5. One query."""
    rows = Score.objects.filter(review__application__call=call, review__finished_at__isnull=False)
    grouped = rows.values_list("review__application_id", "criterion_id").annotate(
        points=Sum("value"), sheets=Count("id")
    )
    found: dict[int, dict[int, Fraction]] = {}
    for application, criterion, points, sheets in grouped.order_by():
        found.setdefault(application, {})[criterion] = Fraction(points, sheets)
    return found


def weighted(scores: Sequence[tuple[int | Fraction, int]]) -> Fraction | None:
    """(value 0..5, weight) pairs as one exact score of 100; None without any weight."""
    whole = sum(weight for _value, weight in scores)
    if not whole:
        return None
    return Fraction(100 * sum(value * weight for value, weight in scores), HIGHEST_SCORE * whole)


def mean(values: Sequence[Fraction]) -> Fraction:
    """The exact mean of at least one value."""
    return sum(values, Fraction()) / len(values)
