"""For whom a person writes, and where the applications of their organisations stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from calls.models import Application, Call
from calls.models.call import Admission, Phase
from calls.queries.deadlines import word_instant, word_left
from calls.workflow import PLACED, Status
from cooperation.accounts.models import User
from partnerships.models import Membership, Organisation
from partnerships.models.organisation import WRITERS

STATES = {
    Status.DRAFT: "progress",
    Status.SUBMITTED: "done",
    Status.ELIGIBLE: "done",
    Status.INELIGIBLE: "not-met",
    Status.REVIEWED: "done",
    Status.SELECTED: "met",
    Status.RESERVE: "reserve",
    Status.REJECTED: "declined",
    Status.ACCEPTED: "agreed",
    Status.DECLINED: "declined",
    Status.WITHDRAWN: "withdrawn",
}


@dataclass(frozen=True)
class Lead:
    """An organisation a person writes for, and its live application to a call, if there is one."""

    lead: Organisation
    existing: Application | None


@dataclass(frozen=True)
class Line:
    """One application in "My applications"."""

    application: Application
    state: str
    deadline: str
    left: str
    closed: bool


@dataclass
class Desk:
    """An organisation, the reader's role in it, and its applications.

    Who was only invited to the team of an application has no membership.
    """

    organisation: Organisation
    membership: Membership | None = None
    lines: list[Line] = field(default_factory=list)


def leads_of(user: User, call: Call) -> list[Lead]:
    """Organisations the person may apply for, in alphabetical order; only invited ones in a later stage."""
    memberships = Membership.objects.verified().filter(user=user, role__in=WRITERS)
    if call.admits == Admission.INVITED:
        selected = Application.objects.filter(call__promotes_to=call, status__in=PLACED)
        memberships = memberships.filter(organisation__in=selected.values("lead"))
    organisations = [row.organisation for row in memberships.select_related("organisation__city")]
    rows = call.applications.live().filter(lead__in=organisations)
    live = {row.lead_id: row for row in rows.defer("answers")}
    return [Lead(row, live.get(row.pk)) for row in sorted(organisations, key=lambda row: row.name)]


def desks_of(user: User, at: datetime) -> list[Desk]:
    """The reader's organisations with their applications; in five queries, however many there are."""
    memberships = Membership.objects.filter(user=user).select_related("organisation")
    desks = {
        row.organisation_id: Desk(row.organisation, row) for row in memberships.order_by("organisation__name")
    }
    applications = Application.objects.visible_to(user).select_related("call__programme", "lead")
    for row in applications.defer("answers").prefetch_related("call__texts"):
        desks.setdefault(row.lead_id, Desk(row.lead)).lines.append(_line(row, at))
    return list(desks.values())


def people_of(application: Application) -> Sequence[Membership]:
    """Verified members of the lead organisation, approvers last."""
    rows = Membership.objects.verified().filter(organisation=application.lead, user__is_active=True)
    return list(rows.select_related("user").order_by("role", "user__name"))


def _line(row: Application, at: datetime) -> Line:
    closes_at = row.closes_at  # a later one, where this application alone was granted it
    return Line(
        row,
        STATES[Status(row.status)],
        word_instant(closes_at, row.call.zone) if closes_at else "",
        word_left(closes_at, at) if closes_at else "",
        row.call.phase(at) is Phase.CLOSED,
    )
