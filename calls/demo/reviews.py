"""Who reviews a fictitious application, and how far they have come."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from calls.demo.people import REVIEWERS, People
from calls.models import Application
from calls.models.review import HIGHEST_SCORE, Recommendation
from calls.models.reviewer import AssignmentSource
from calls.operations.assigning import assign_all
from calls.operations.declaring import declare_no_conflict
from calls.operations.reviewing import save_review
from calls.workflow import Status
from cooperation.accounts.models import User
from cooperation.history.actor import acting

Row = Mapping[str, Any]
# How many of the two sheets are begun, and how many of these are finished.
PROGRESS = {"both": (2, 2), "first": (2, 1), "begun": (1, 0), "none": (0, 0)}


def review(application: Application, row: Row, *, by: User, people: People, at: datetime) -> None:
    """Assign two reviewers, and let them score as far as `reviews` says; where it does not, to the end.

    While an application is still under review the second has not finished.
    """
    usual = "first" if row["status"] == Status.ELIGIBLE else "both"
    begun, finished = PROGRESS[row.get("reviews", usual)]
    pair = _pair(row, application, people)
    with acting(by):
        wishes = [(application, reviewer) for reviewer in pair]
        assign_all(wishes=wishes, by=by, at=at, source=AssignmentSource.HAND)
    for place, reviewer in enumerate(pair[:begun]):
        with acting(reviewer):
            _fill(application, row, place, finish=place < finished, by=reviewer, at=at)


def _fill(application: Application, row: Row, place: int, *, finish: bool, by: User, at: datetime) -> None:
    """One sheet."""
    declare_no_conflict(application=application, by=by, at=at)
    given = _values(row, place)
    save_review(
        application=application,
        scores=_scores(application, given),
        recommendation=_recommendation(given),
        comment="Demonstration text. Read with interest.",
        feedback="Demonstration text. A clear question; say sooner who will do what." if finish else "",
        version=0,
        finish=finish,
        by=by,
        at=at + timedelta(hours=place),
    )


def _pair(row: Row, application: Application, people: People) -> list[User]:
    """The two who review: always the same where few apply, all four in turn in a large round."""
    if "second_scores" not in row or application.call.places is None or application.call.places < 20:
        return [people[email] for email in REVIEWERS[:2]]
    first = application.pk % len(REVIEWERS)
    second = (first + 1 + application.pk // len(REVIEWERS) % (len(REVIEWERS) - 1)) % len(REVIEWERS)
    return [people[REVIEWERS[first]], people[REVIEWERS[second]]]


def _values(row: Row, place: int) -> Sequence[int]:
    """The file's scores; without scores of its own the second differs by a point here and there."""
    if place == 0 or "second_scores" in row:
        return row["second_scores" if place else "scores"]
    return [min(HIGHEST_SCORE, value + number % 2) for number, value in enumerate(row["scores"])]


def _scores(application: Application, given: Sequence[int]) -> dict[int, tuple[int, str]]:
    criteria = application.call.criteria.order_by("position")
    pairs = zip(criteria, given, strict=True)
    return {criterion.pk: (value, "Demonstration text.") for criterion, value in pairs}


def _recommendation(given: Sequence[int]) -> str:
    mean = sum(given) / len(given)
    if mean >= 4:
        return Recommendation.FUND
    return Recommendation.CONDITIONS if mean >= 3 else Recommendation.DECLINE
