"""A later deadline for one application alone, with its reason. For everybody, amend the call instead."""

from datetime import datetime

from django.utils.translation import gettext as _

from calls.access import require_call_staff
from calls.models import Application, Extension
from calls.operations.mailing import post_to_lead
from calls.operations.status import NotPossible, lock, require_not_cancelled
from calls.queries.receipts import deadline_clocks
from cooperation.accounts.models import User
from cooperation.web.transactions import atomic_again


@atomic_again
def extend(
    *, application: Application, closes_to: datetime, reason: str, by: User, at: datetime
) -> Extension:
    """Move one applicant's deadline, and tell those who write for the lead.

    Waits for a submission that is under way, which counts by the deadline that it met; one that arrives
    later meets the new deadline. Raises NotAllowed, NotPossible.
    """
    current = lock(application)
    require_call_staff(by)
    closes_from = _require_possible(current, closes_to, at)
    if not reason.strip():
        raise NotPossible(_("Give the reason: the applicant reads it."))
    extension = move_deadline(current, closes_from, closes_to, reason=reason.strip(), by=by, at=at)
    _tell(current, extension, at)
    return extension


def move_deadline(
    application: Application,
    closes_from: datetime,
    closes_to: datetime,
    *,
    reason: str,
    by: User,
    at: datetime,
) -> Extension:
    """Keep on record that a LOCKED application closes at another time, and let it."""
    application.extended_to = closes_to
    application.save(update_fields=["extended_to"])
    return Extension.objects.create(
        application=application, closes_from=closes_from, closes_to=closes_to, reason=reason, at=at, by=by
    )


def _require_possible(application: Application, closes_to: datetime, at: datetime) -> datetime:
    """The deadline until now, where it can move to `closes_to`."""
    closes_from, call = application.closes_at, application.call
    require_not_cancelled(call)
    if not application.is_editable_status:
        raise NotPossible(
            _("%(reference)s is “%(status)s”: it takes no answers any more.")
            % {"reference": application.reference, "status": application.get_status_display()}
        )
    if closes_from is None or call.closes_at is None:
        raise NotPossible(_("This call has no deadline that could be extended."))
    if closes_to < call.closes_at:
        raise NotPossible(_("The call itself closes later than that. Choose a later time."))
    if closes_to <= at:
        raise NotPossible(_("This time has passed. Choose a later one."))
    if closes_to == closes_from:
        raise NotPossible(_("This is the deadline already."))
    if application.submitted_at and closes_to <= application.submitted_at:
        raise NotPossible(_("The application arrived after this time. Choose a later one."))
    return closes_from


def _tell(application: Application, extension: Extension, at: datetime) -> None:
    post_to_lead(
        application,
        kind="extension",
        at=at,
        cause=str(extension.pk),
        context=lambda reader: {"extension": extension, "clocks": deadline_clocks(application, reader)},
    )
