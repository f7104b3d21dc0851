"""Where the review of an application stands, and what keeps a person from scoring it."""

from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from calls.models import Application, Assignment
from calls.queries.conflicts import conflicts_between
from calls.workflow import Status
from cooperation.accounts.models import User


class ReviewPhase(StrEnum):
    """Each reviewer alone; then those who finished see the others' scores; then nobody writes any more."""

    WAITING = "waiting"
    SCORING = "scoring"
    DISCUSSION = "discussion"
    CLOSED = "closed"


def phase_of(application: Application, at: datetime) -> ReviewPhase:
    """The phase at an instant. A discussion begins when the call says so, and never without its day."""
    if application.call.cancelled:
        return ReviewPhase.CLOSED
    if application.status == Status.SUBMITTED:
        return ReviewPhase.WAITING
    if application.status != Status.ELIGIBLE:
        return ReviewPhase.CLOSED
    begins = application.call.discussion_at
    return ReviewPhase.DISCUSSION if begins and begins <= at else ReviewPhase.SCORING


def assignment_of(user: User, application: Application) -> Assignment | None:
    """The standing assignment that lets this person read and score the application. Read afresh."""
    return application.assignments.standing().filter(user=user, user__is_active=True).first()


def why_conflicted(user: User, application: Application) -> str:
    """The conflict of interest between this person and the application, declared or found in the records.

    Empty without one. What staff wrote about a declared one is theirs.
    """
    reasons = conflicts_between(application, user)
    if not reasons:
        return ""
    found = [str(row) for row in reasons if row.code != "declared"]
    about = {"reasons": " ".join(found) or _("It is declared.")}
    return _("A conflict of interest keeps you from scoring this application. %(reasons)s") % about


def why_not_score(assignment: Assignment, application: Application, conflict: str | None = None) -> str:
    """Why the sheet is closed, as a sentence; empty while it can be written.

    Pass what `why_conflicted` said, to save its queries.
    """
    about = {"reference": application.reference}
    if application.call.cancelled:
        return _("The call is cancelled; the sheet is read only.")
    if application.status == Status.SUBMITTED:
        return _("%(reference)s is not screened yet. Scoring opens once it is found eligible.") % about
    if application.status != Status.ELIGIBLE:
        return _("%(reference)s is not under review; the sheet is read only.") % about
    if conflict is None:
        conflict = why_conflicted(assignment.user, application)
    if conflict:
        return conflict
    if assignment.unconflicted_at is None:
        return _("Declare first whether a conflict of interest stands against scoring it.")
    return ""
