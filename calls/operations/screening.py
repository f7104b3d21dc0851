"""Screening: staff confirm or refuse eligibility, with a reason where they differ from the rules."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_screener
from calls.models import Application, StatusChange
from calls.operations.mailing import post_to_lead
from calls.operations.overtaking import require_current
from calls.operations.restoring import return_to_submission
from calls.operations.status import NotPossible, change_status, lock
from calls.queries.corrections import open_correction
from calls.queries.cut_offs import settled_at
from calls.queries.deadlines import word_instant
from calls.queries.screening_evidence import is_override, unmet
from calls.workflow import Status
from cooperation.accounts.models import User


@transaction.atomic
def screen(
    *, application: Application, eligible: bool, note: str, by: User, at: datetime, version: int | None = None
) -> Application:
    """Move a submitted application to eligible or ineligible, as it was submitted last.

    A refusal needs a note, in words for the city; so do its reversal and a screening against the
    assessment, which is marked. Closes a request for correction. The city hears of a refusal, and of its
    reversal, at once. `version` is the one that the reader saw. Raises NotAllowed, NotPossible, Overtaken.
    """
    current = lock(application)
    require_screener(by)
    require_current(current, version)
    if why_not := why_not_screen(current, at):
        raise NotPossible(why_not)
    overrides = is_override(current, eligible=eligible)
    _require_note(current, eligible, overrides, note)
    reversal = current.status == Status.INELIGIBLE
    if current.status == Status.SUBMITTED:
        return_to_submission(current, by=by, at=at)
        current.corrections.filter(closed_at__isnull=True).update(closed_at=at, closed_by=by)
    target = Status.ELIGIBLE if eligible else Status.INELIGIBLE
    change = change_status(current, target, by=by, at=at, note=note.strip(), overrides=overrides)
    if reversal or not eligible:
        _tell(current, change, at)
    return current


def why_not_screen(application: Application, at: datetime) -> str:
    """The sentence that says why it is too early; empty otherwise. The city may submit again until then.

    What was corrected on request can be screened as soon as the answer is there.
    """
    if application.status != Status.SUBMITTED:
        return ""
    about = {"lead": str(application.lead)}
    request = open_correction(application)
    if request and request.answered_at is None and at < request.due_at:
        about["when"] = word_instant(request.due_at, application.call.zone)
        return _("%(lead)s was asked to correct it by %(when)s. Screen it once the answer is there.") % about
    until = settled_at(application)
    if until is None or at >= until or application.corrections.filter(answered_at__isnull=False).exists():
        return ""
    about["when"] = word_instant(until, application.call.zone)
    return _("%(lead)s can submit again until %(when)s. Screen it after that.") % about


def _require_note(application: Application, eligible: bool, overrides: bool, note: str) -> None:
    if note.strip():
        return
    if not eligible:
        raise NotPossible(_("Say in the note why the application is not eligible."))
    if application.status == Status.INELIGIBLE:
        raise NotPossible(_("Say in the note why the application is eligible after all."))
    if overrides:
        raise NotPossible(_("The assessment says otherwise. Say in the note why it is eligible."))


def _tell(application: Application, change: StatusChange, at: datetime) -> None:
    post_to_lead(
        application,
        kind="screening",
        at=at,
        cause=str(change.pk),
        context=lambda reader: {
            "change": change,
            "unmet": unmet(application) if change.target == Status.INELIGIBLE else [],
        },
    )
