"""Conflicts of interest that staff put on record, and lift. What the records show is found, not written."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require, require_assigner
from calls.models import Application, Conflict
from calls.operations.declaring import put_on_record
from calls.operations.status import NotPossible, lock
from calls.queries.blinding import why_in_conflict
from cooperation.accounts.models import User


@transaction.atomic
def record_conflict(
    *, application: Application, reviewer: User, reason: str, by: User, at: datetime
) -> Conflict:
    """Put a reviewer's conflict on record, as if they had declared it themselves (see `put_on_record`).

    Raises NotAllowed; NotPossible without a reason.
    """
    current = lock(application)
    require_assigner(by)
    if not reason.strip():
        raise NotPossible(_("Write what the conflict is."))
    return put_on_record(current, reviewer, reason.strip(), by, at)


@transaction.atomic
def lift_conflict(*, conflict: Conflict, reason: str, by: User, at: datetime) -> Conflict:
    """A declared conflict stands no more; the row is kept. Never by the reviewer whom it concerns.

    Raises NotAllowed; NotPossible without a reason, or once it was lifted.
    """
    current = Conflict.objects.select_for_update().get(pk=conflict.pk)
    require_assigner(by)
    require(current.user_id != by.pk, _("Somebody else lifts a conflict of interest of your own."))
    if current.lifted_at:
        raise NotPossible(_("This conflict was lifted already."))
    if not reason.strip():
        raise NotPossible(_("Write why the conflict stands no more."))
    current.lifted_at, current.lifted_by, current.lift_reason = at, by, reason.strip()
    current.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    return current


def require_unconflicted(user: User, application: Application) -> None:
    """Whoever declared a conflict of interest about an application decides nothing about it."""
    reason = why_in_conflict(user, application)
    require(not reason, reason)
