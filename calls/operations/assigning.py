"""Assigning applications to reviewers."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_assigner
from calls.models import Application, Assignment
from calls.models.reviewer import AssignmentSource
from calls.operations.status import NotPossible, lock
from calls.workflow import Status
from cooperation.accounts.models import User

ASSIGNABLE = frozenset({Status.SUBMITTED, Status.ELIGIBLE})


@transaction.atomic
def assign(
    *,
    application: Application,
    reviewer: User,
    by: User,
    at: datetime,
    source: AssignmentSource = AssignmentSource.HAND,
    pinned: bool = False,
) -> Assignment:
    """Give one application to one reviewer; again changes nothing. Raises NotAllowed, NotPossible."""
    require_assigner(by)
    current = lock(application)
    if current.status not in ASSIGNABLE:
        raise NotPossible(_("%(reference)s is not under review.") % {"reference": current.reference})
    found = current.assignments.standing().filter(user=reviewer).first()
    return found or Assignment.objects.create(
        application=current, user=reviewer, source=source, pinned=pinned, assigned_at=at, assigned_by=by
    )
