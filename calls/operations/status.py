"""The one writer of an application's status."""

from datetime import datetime

from django.utils.translation import gettext as _

from calls.models import Application, Call, StatusChange
from calls.workflow import Status, transitions
from cooperation.accounts.models import User
from partnerships.operations.refusals import NotPossible


def change_status(
    application: Application,
    target: Status,
    *,
    by: User,
    at: datetime,
    note: str = "",
    fields: tuple[str, ...] = (),
    overrides: bool = False,
) -> StatusChange:
    """Move a LOCKED application along the table, write the history row, raise the version.

    Also saves `fields`, set by the caller. `overrides` marks a step against the assessment.
    Raises NotPossible for a step that the table does not have, and in a cancelled call for every step but
    the withdrawal.
    """
    if target != Status.WITHDRAWN:
        require_not_cancelled(application.call)
    if not transitions(application.status, target):
        raise NotPossible(
            _("%(reference)s is now “%(status)s”; this step is not possible any more. Reload the page.")
            % {"reference": application.reference, "status": application.get_status_display()}
        )
    change = StatusChange(
        application=application,
        source=application.status,
        target=target,
        at=at,
        by=by,
        note=note,
        overrides=overrides,
    )
    change.save()
    application.status = target
    application.version += 1
    application.changed_at, application.changed_by = at, by
    application.save(update_fields=["status", "version", "changed_at", "changed_by", *fields])
    return change


def require_not_cancelled(call: Call) -> None:
    """What was received of a cancelled call is kept as it is. May raise NotPossible."""
    if call.cancelled:
        raise NotPossible(_("The call is cancelled: nothing in it changes any more."))


def lock(application: Application) -> Application:
    """The same application, read afresh and locked until the transaction ends."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("call", "lead__city")
        .get(pk=application.pk)
    )
