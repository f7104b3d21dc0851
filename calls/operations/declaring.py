"""What a reviewer says before scoring: no conflict of interest, a conflict, or that they abstain."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require
from calls.models import Application, Assignment, Conflict, Reopening, Review
from calls.models.reviewer import AssignmentEnd
from calls.operations.reviewer_mail import post_unassigned
from calls.operations.status import NotPossible, lock
from calls.queries.review_phase import assignment_of, why_conflicted
from calls.workflow import UNDER_REVIEW, Status
from cooperation.accounts.models import User

STILL_SCORED = UNDER_REVIEW | {Status.REVIEWED}


@transaction.atomic
def declare_no_conflict(*, application: Application, by: User, at: datetime) -> Assignment:
    """The reviewer says that nothing stands against scoring it; again changes nothing.

    Raises NotAllowed for whom it is not assigned to, NotPossible against a conflict that is on record.
    """
    current, assignment = _assigned(application, by)
    if conflict := why_conflicted(by, current):
        raise NotPossible(conflict)
    if assignment.unconflicted_at is None:
        assignment.unconflicted_at = at
        assignment.save(update_fields=["unconflicted_at"])
    return assignment


@transaction.atomic
def declare_conflict(*, application: Application, reason: str, by: User, at: datetime) -> Assignment:
    """The reviewer has a conflict of interest: it goes on record and the assignment ends.

    A sheet that was finished already counts no more.
    """
    current, assignment = _assigned(application, by)
    put_on_record(current, by, reason, by, at)
    assignment.refresh_from_db()
    return assignment


def put_on_record(application: Application, reviewer: User, reason: str, by: User, at: datetime) -> Conflict:
    """A reviewer's conflict with a LOCKED application, whoever declares it; again gives the one that stands.

    Until an outcome is published their assignment ends, and a sheet that was finished counts no more. It
    stays on record. What was decided by it stays as it was. Told by mail is who has not said it themselves.
    """
    if application.status in STILL_SCORED:
        if review := _finished(application, reviewer):
            take_back(review, reason, by, at)
        standing = application.assignments.standing().filter(user=reviewer)
        ended = list(standing.select_related("application__call", "user"))
        standing.update(ended_at=at, ended_by=by, end=AssignmentEnd.CONFLICT, end_reason=reason)
        if by != reviewer:
            post_unassigned(ended, at=at)
    recorded = application.conflicts.filter(user=reviewer, lifted_at__isnull=True).first()
    return recorded or Conflict.objects.create(
        application=application, user=reviewer, reason=reason, at=at, by=by
    )


@transaction.atomic
def abstain(*, application: Application, reason: str, by: User, at: datetime) -> Assignment:
    """The reviewer stands aside for another reason than a conflict of interest: the assignment ends.

    Raises NotPossible once their sheet is finished: it stands.
    """
    current, assignment = _assigned(application, by)
    if _finished(current, by):
        raise NotPossible(_("You finished this review. It is read only."))
    return _end(assignment, AssignmentEnd.ABSTAINED, reason, by, at)


def _assigned(application: Application, by: User) -> tuple[Application, Assignment]:
    current = lock(application)
    assignment = require_assigned(by, current)
    if current.status not in UNDER_REVIEW:
        raise NotPossible(_("%(reference)s is not under review.") % {"reference": current.reference})
    return current, assignment


def require_assigned(by: User, application: Application) -> Assignment:
    """The person's standing assignment. Raises NotAllowed without one."""
    assignment = assignment_of(by, application)
    reference = {"reference": application.reference}
    require(assignment is not None, _("Only those to whom %(reference)s is assigned score it.") % reference)
    assert assignment is not None  # noqa: S101 said to mypy; `require` has raised
    return assignment


def _end(assignment: Assignment, why: AssignmentEnd, reason: str, by: User, at: datetime) -> Assignment:
    assignment.ended_at, assignment.ended_by = at, by
    assignment.end, assignment.end_reason = why, reason
    assignment.save(update_fields=["ended_at", "ended_by", "end", "end_reason"])
    return assignment


def _finished(application: Application, by: User) -> Review | None:
    rows = application.reviews.select_for_update()
    return rows.filter(reviewer=by, finished_at__isnull=False).first()


def take_back(review: Review, reason: str, by: User, at: datetime) -> Review:
    """A LOCKED finished sheet becomes unfinished, and counts no more; why is kept."""
    Reopening.objects.create(review=review, reason=reason, at=at, by=by)
    review.finished_at, review.version, review.changed_at = None, review.version + 1, at
    review.save(update_fields=["finished_at", "version", "changed_at"])
    return review
