"""Assignments as work: begun, finished, overdue; how much of it each reviewer has."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from calls.models import Assignment, Review
from calls.models.call import Editorial
from calls.models.reviewer import AssignmentQuerySet
from calls.workflow import UNDER_REVIEW


def with_progress(rows: AssignmentQuerySet) -> AssignmentQuerySet:
    """Adds `begun` and `finished`: whether this person has a score sheet, and has finished it."""
    sheets = Review.objects.filter(application=OuterRef("application"), reviewer=OuterRef("user"))
    return rows.annotate(begun=Exists(sheets), finished=Exists(sheets.filter(finished_at__isnull=False)))


def unfinished(rows: AssignmentQuerySet) -> AssignmentQuerySet:
    """Standing, not finished, still under review, in a call that is not cancelled: what is left to do."""
    sheets = Review.objects.filter(application=OuterRef("application"), reviewer=OuterRef("user"))
    return rows.standing().filter(
        ~Exists(sheets.filter(finished_at__isnull=False)),
        ~Q(application__call__editorial=Editorial.CANCELLED),
        application__status__in=UNDER_REVIEW,
    )


def overdue(rows: AssignmentQuerySet, at: datetime) -> AssignmentQuerySet:
    """Left to do after the day on which the call's reviews were due."""
    return unfinished(rows).filter(application__call__review_due_at__lte=at)


def loads_of(users: Iterable[int]) -> dict[int, int]:
    """User id -> how many reviews are left to do in all calls; nobody with none. One query."""
    rows = unfinished(Assignment.objects.filter(user__in=list(users))).order_by()
    return dict(rows.values_list("user").annotate(count=Count("pk")))


def counts_in(call_id: int) -> dict[int, tuple[int, int]]:
    """User id -> how many assignments stand in one call, and how many of these are finished. One query."""
    sheets = Review.objects.filter(application=OuterRef("application"), reviewer=OuterRef("user"))
    finished = Count("pk", filter=Exists(sheets.filter(finished_at__isnull=False)))
    rows = Assignment.objects.standing().filter(application__call=call_id).order_by().values_list("user")
    counted = rows.annotate(standing=Count("pk"), finished=finished)
    return {user: (standing, done) for user, standing, done in counted}


def standing_in(call_id: int) -> AssignmentQuerySet:
    """The assignments that stand in one call, in a lasting order, with their progress."""
    rows = Assignment.objects.standing().filter(application__call=call_id)
    return with_progress(rows).order_by("application_id", "user_id")
