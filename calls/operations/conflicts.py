"""Conflicts of interest that staff put on record, and lift. What the records show is found, not written."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require, require_assigner
from calls.models import Application, Conflict
from calls.models.reviewer import AssignmentEnd
from calls.operations.status import NotPossible, lock
from cooperation.accounts.models import User


@transaction.atomic
def record_conflict(
    *, application: Application, reviewer: User, reason: str, by: User, at: datetime
) -> Conflict:
    """Put a conflict on record; an unfinished assignment ends. Again gives the one that stands.

    Raises NotAllowed; NotPossible without a reason.
    """
    require_assigner(by)
    current = lock(application)
    if not reason.strip():
        raise NotPossible(_("Write what the conflict is."))
    found = current.conflicts.filter(user=reviewer, lifted_at__isnull=True).first()
    if found:
        return found
    finished = current.reviews.filter(reviewer=reviewer, finished_at__isnull=False).exists()
    if not finished:
        current.assignments.standing().filter(user=reviewer).update(
            ended_at=at, ended_by=by, end=AssignmentEnd.CONFLICT, end_reason=reason.strip()
        )
    return Conflict.objects.create(application=current, user=reviewer, reason=reason.strip(), at=at, by=by)


@transaction.atomic
def lift_conflict(*, conflict: Conflict, reason: str, by: User, at: datetime) -> Conflict:
    """A declared conflict stands no more; the row is kept. Never by the reviewer whom it concerns.

    Raises NotAllowed; NotPossible without a reason, or once it was lifted.
    """
    require_assigner(by)
    current = Conflict.objects.select_for_update().get(pk=conflict.pk)
    require(current.user_id != by.pk, _("Somebody else lifts a conflict of interest of your own."))
    if current.lifted_at:
        raise NotPossible(_("This conflict was lifted already."))
    if not reason.strip():
        raise NotPossible(_("Write why the conflict stands no more."))
    current.lifted_at, current.lifted_by, current.lift_reason = at, by, reason.strip()
    current.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    return current
