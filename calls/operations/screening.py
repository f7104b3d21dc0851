"""Screening: staff confirm or refuse eligibility, with a reason where they differ from the rules."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_staff
from calls.models import Application
from calls.operations.status import NotPossible, change_status, lock
from calls.workflow import Status
from cooperation.accounts.models import User


@transaction.atomic
def screen(*, application: Application, eligible: bool, note: str, by: User, at: datetime) -> Application:
    """Move a submitted application to eligible or ineligible. A refusal needs a note, in words for the city."""
    require_staff(by)
    if not eligible and not note.strip():
        raise NotPossible(_("Say in the note why the application is not eligible."))
    current = lock(application)
    change_status(
        current, Status.ELIGIBLE if eligible else Status.INELIGIBLE, by=by, at=at, note=note.strip()
    )
    return current
