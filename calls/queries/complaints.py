"""Complaints about an outcome: who may complain until when, and who may answer."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from calls.models import Application, Decision
from calls.queries.blinding import why_in_conflict
from calls.queries.deadlines import word_instant
from calls.queries.working_days import complain_until
from calls.workflow import Status
from cooperation.accounts.models import User

COMPLAINABLE = frozenset({Status.RESERVE, Status.REJECTED})


@dataclass(frozen=True)
class Window:
    """Until when a city may complain, and why it may not now; `why_not` is empty while it may."""

    until: datetime | None
    why_not: str


def window_of(application: Application, at: datetime) -> Window:
    """Counted from the instant at which the city was told its outcome."""
    told_at = told_when(application)
    until = complain_until(application.call, told_at) if told_at else None
    return Window(until, _why_not(application, told_at, until, at))


def told_when(application: Application) -> datetime | None:
    """When the outcome that counts now was published; a later recommendation does not move it."""
    rows = application.status_changes.filter(target=application.status).order_by("-at", "-id")
    return rows.values_list("at", flat=True).first()


def _why_not(application: Application, told_at: datetime | None, until: datetime | None, at: datetime) -> str:
    call = application.call
    if application.status not in COMPLAINABLE or told_at is None:
        return _("There is no outcome to complain about.")
    if until is None:
        return _("This call takes no complaints here. Write to the organiser.")
    if at >= until:
        return _("Complaints were taken until %(until)s.") % {"until": word_instant(until, call.zone)}
    if application.complaints.filter(answered_at__isnull=True).exists():
        return _("Your complaint waits for its answer.")
    return ""


def why_not_answer(user: User, application: Application, decision: Decision | None) -> str:
    """Who recommended or approved the outcome does not judge the complaint, nor whoever has a conflict."""
    if reason := why_in_conflict(user, application):
        return reason
    if decision is None:
        return ""
    if user.pk == decision.recommended_by_id:
        return _("You recommended this outcome. Somebody who had no part in it answers the complaint.")
    if user.pk == decision.approved_by_id:
        return _("You approved this outcome. Somebody who had no part in it answers the complaint.")
    return ""
