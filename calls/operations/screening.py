"""Screening: staff confirm or refuse eligibility, with a reason where they differ from the rules."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_screener
from calls.models import Application
from calls.operations.overtaking import require_current
from calls.operations.restoring import return_to_submission
from calls.operations.status import NotPossible, change_status, lock
from calls.queries.cut_offs import settled_at
from calls.queries.deadlines import word_instant
from calls.workflow import Status
from cooperation.accounts.models import User


@transaction.atomic
def screen(
    *, application: Application, eligible: bool, note: str, by: User, at: datetime, version: int | None = None
) -> Application:
    """Move a submitted application to eligible or ineligible, as it was submitted last.

    A refusal needs a note, in words for the city; so does the reversal of one. `version` is the one that
    the reader saw. Raises NotAllowed, NotPossible, Overtaken.
    """
    require_screener(by)
    current = lock(application)
    require_current(current, version)
    if why_not := why_not_screen(current, at):
        raise NotPossible(why_not)
    if not eligible and not note.strip():
        raise NotPossible(_("Say in the note why the application is not eligible."))
    if eligible and current.status == Status.INELIGIBLE and not note.strip():
        raise NotPossible(_("Say in the note why the application is eligible after all."))
    if current.status == Status.SUBMITTED:
        return_to_submission(current, by=by, at=at)
    target = Status.ELIGIBLE if eligible else Status.INELIGIBLE
    change_status(current, target, by=by, at=at, note=note.strip())
    return current


def why_not_screen(application: Application, at: datetime) -> str:
    """The sentence that says why it is too early; empty otherwise. The city may submit again until then."""
    until = settled_at(application)
    if application.status != Status.SUBMITTED or until is None or at >= until:
        return ""
    about = {"lead": application.lead, "when": word_instant(until, application.call.zone)}
    return _("%(lead)s can submit again until %(when)s. Screen it after that.") % about
