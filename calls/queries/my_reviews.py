"""What one person reviews, call by call: what is to begin, begun, finished or late, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from calls.models import Application, Assignment, Call, Conflict, Review, Reviewer
from calls.queries.review_phase import ReviewPhase, phase_of
from cooperation.accounts.models import User


class ReviewState(StrEnum):
    """How one's own review of an application stands."""

    WAITING = "waiting"
    TO_BEGIN = "to_begin"
    BEGUN = "begun"
    OVERDUE = "overdue"
    FINISHED = "finished"
    CLOSED = "closed"
    CONFLICT = "conflict"


# What is still to be done, the most urgent first.
TO_DO = (ReviewState.OVERDUE, ReviewState.BEGUN, ReviewState.TO_BEGIN)


@dataclass(frozen=True)
class MyReview:
    """One assigned application. `begun`: something is written, which a late sheet does not tell by itself."""

    application: Application
    state: ReviewState
    begun: bool


@dataclass(frozen=True)
class MyCall:
    """The reviews of one call, by reference."""

    call: Call
    rows: Sequence[MyReview]

    @property
    def finished(self) -> int:
        return sum(row.state is ReviewState.FINISHED for row in self.rows)

    @property
    def to_do(self) -> int:
        return sum(row.state in TO_DO for row in self.rows)

    @property
    def next(self) -> MyReview | None:
        return next_to_do(self.rows)


def is_reviewer(user: User) -> bool:
    """Whether the reviewers' pages open to this person: assigned now or once, or invited and not gone."""
    assigned = Exists(Assignment.objects.filter(user=OuterRef("pk")))
    expert = Reviewer.objects.filter(user=OuterRef("pk"), declined_at__isnull=True, retired_at__isnull=True)
    return User.objects.filter(assigned | Q(Exists(expert)), pk=user.pk, is_active=True).exists()


def waits_for_acceptance(user: User) -> bool:
    """Whether the person was invited to review and has neither accepted nor declined."""
    unanswered = {"accepted_at": None, "declined_at": None, "retired_at": None}
    return Reviewer.objects.filter(user=user, **unanswered).exists()


def my_calls(user: User, at: datetime) -> list[MyCall]:
    """Every call in which something is assigned to the person: what is left to do first, by due date."""
    rows = _assigned(user).order_by(
        "application__call__review_due_at", "application__call_id", "application__reference"
    )
    groups = groupby(rows, key=lambda row: row.application.call_id)
    found = [[_mine(row, at) for row in group] for _call, group in groups]
    calls = [MyCall(group[0].application.call, group) for group in found]
    return sorted(calls, key=lambda row: not row.to_do)


def mine_in(call: Call, user: User, at: datetime) -> list[MyReview]:
    """The person's applications of one call, in the order in which the desk leads through them."""
    return [
        _mine(row, at)
        for row in _assigned(user).filter(application__call=call).order_by("application__reference")
    ]


def next_to_do(rows: Sequence[MyReview], after: Application | None = None) -> MyReview | None:
    """The next unfinished review after an application, then from the start; None when nothing is left.

    Without an application to come after, late ones come first, then what is begun.
    """
    open_rows = [row for row in rows if row.state in TO_DO and row.application != after]
    if after is None:
        return min(open_rows, key=lambda row: TO_DO.index(row.state), default=None)
    later = [row for row in open_rows if row.application.reference > after.reference]
    return next(iter([*later, *open_rows]), None)


def stood_aside(user: User) -> int:
    """How many assignments the person ended: abstained or in conflict."""
    return Assignment.objects.filter(user=user, ended_by=user).count()


def _assigned(user: User) -> QuerySet[Assignment]:
    mine = Review.objects.filter(application=OuterRef("application"), reviewer=user)
    conflict = Conflict.objects.filter(application=OuterRef("application"), user=user, lifted_at__isnull=True)
    received = Application.objects.for_reviewer(user)
    rows = Assignment.objects.standing().filter(user=user, application__in=received)
    return (
        rows.select_related("application__call__programme", "application__lead__city")
        .prefetch_related("application__call__texts")
        .annotate(
            begun=Exists(mine),
            finished=Exists(mine.filter(finished_at__isnull=False)),
            conflicted=Exists(conflict),
        )
    )


def _mine(row: Assignment, at: datetime) -> MyReview:
    said: Any = row  # the annotations
    return MyReview(row.application, _state(said, at), said.begun)


def _state(row: Any, at: datetime) -> ReviewState:
    if row.finished:
        return ReviewState.FINISHED
    phase, due = phase_of(row.application, at), row.application.call.review_due_at
    if phase in (ReviewPhase.WAITING, ReviewPhase.CLOSED):
        return ReviewState(phase.value)
    if row.conflicted:
        return ReviewState.CONFLICT
    if due and due <= at:
        return ReviewState.OVERDUE
    return ReviewState.BEGUN if row.begun else ReviewState.TO_BEGIN
