"""The city's answer to its place: accepted or declined in time; without an answer staff free the place."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_recommender, require_submitter
from calls.models import Application, Decision
from calls.operations.founding import found_for, tell_partners
from calls.operations.mailing import post_to_lead
from calls.operations.overtaking import require_current
from calls.operations.pairing_lapsing import lapse_of
from calls.operations.pairing_locks import lock_pairing
from calls.operations.status import NotPossible, change_status, lock
from calls.queries.deadlines import word_instant
from calls.workflow import Status
from cooperation.accounts.models import User
from cooperation.web.transactions import atomic_again


@atomic_again
def accept_place(*, application: Application, by: User, at: datetime) -> Decision:
    """Accept the place: the partnership is founded. Before the due date, once."""
    current = lock(application)
    require_submitter(by, current)
    decision = asked_place(current)
    _require_in_time(decision, at)
    change_status(current, Status.ACCEPTED, by=by, at=at)
    decision.partnership = found_for(current, at)
    _write_answer(decision, "", by, at, "partnership")
    tell_partners(current, at)
    post_to_lead(current, kind="place_accepted", at=at, context={"decision": decision, "by": by})
    return decision


@atomic_again
def decline_place(*, application: Application, note: str, by: User, at: datetime) -> Decision:
    """Give the place back, with a reason; the next on the reserve list may get it."""
    lock_pairing(application.call_id)
    current = lock(application)
    require_submitter(by, current)
    decision = asked_place(current)
    _require_in_time(decision, at)
    if not note.strip():
        raise NotPossible(_("Say why you decline. The organiser reads it."))
    change_status(current, Status.DECLINED, by=by, at=at, note=note.strip())
    _write_answer(decision, note.strip(), by, at)
    lapse_of(current, at=at)
    post_to_lead(current, kind="place_declined", at=at, context={"decision": decision, "by": by})
    return decision


@transaction.atomic
def lapse_place(
    *, application: Application, reason: str, by: User, at: datetime, version: int | None = None
) -> Decision:
    """Staff free a place whose due date passed without an answer. The city gets the reason."""
    lock_pairing(application.call_id)
    current = lock(application)
    require_recommender(by)
    require_current(current, version)
    decision = asked_place(current)
    if decision.acceptance_due_at is None or at < decision.acceptance_due_at:
        raise NotPossible(_("The city can answer until %(due)s.") % {"due": _due(decision)})
    if not reason.strip():
        raise NotPossible(_("Give the reason: the city reads it."))
    change_status(current, Status.DECLINED, by=by, at=at, note=reason.strip())
    _write_answer(decision, "", by, at)
    lapse_of(current, at=at)
    post_to_lead(
        current, kind="place_lapsed", at=at, context={"decision": decision, "reason": reason.strip()}
    )
    return decision


def asked_place(current: Application) -> Decision:
    """The published decision of a LOCKED application that waits for the city's answer."""
    if current.status in (Status.ACCEPTED, Status.DECLINED):
        raise NotPossible(
            _("This place was answered already: “%(status)s”.") % {"status": current.get_status_display()}
        )
    asked = (
        Decision.objects.select_for_update()
        .published()
        .filter(application=current, acceptance_due_at__isnull=False)
    )
    decision = asked.first() if current.status == Status.SELECTED else None
    if decision is None:
        raise NotPossible(
            _("No place of %(reference)s waits for an answer.") % {"reference": current.reference}
        )
    decision.application = current
    return decision


def _require_in_time(decision: Decision, at: datetime) -> None:
    if decision.acceptance_due_at and at >= decision.acceptance_due_at:
        raise NotPossible(
            _("The answer was due on %(due)s. Write to the organiser: the place may go to another city.")
            % {"due": _due(decision)}
        )


def _due(decision: Decision) -> str:
    due = decision.acceptance_due_at
    return word_instant(due, decision.application.call.zone) if due else ""


def _write_answer(decision: Decision, note: str, by: User, at: datetime, *fields: str) -> None:
    decision.answered_at, decision.answered_by, decision.answer_note = at, by, note
    decision.save(update_fields=["answered_at", "answered_by", "answer_note", *fields])
