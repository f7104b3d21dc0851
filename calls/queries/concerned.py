"""Whom the end of a call concerns: each address once, with what it has to do with the call."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from calls.models import Alert, Application, Assignment, Call, PartnerInvitation, TeamMember
from calls.queries.assignments import unfinished
from cooperation.accounts.models import User
from partnerships.models import Membership
from partnerships.models.organisation import WRITERS


class Part(StrEnum):
    """What somebody has to do with a call. Of several the first counts."""

    APPLICANT = "applicant"
    REVIEWER = "reviewer"
    PARTNER = "partner"
    WATCHER = "watcher"


@dataclass
class Concerned:
    """One address: the person where it has an account, and the applications that it knows of."""

    part: Part
    email: str
    language: str
    key: str
    reader: User | None = None
    applications: list[Application] = field(default_factory=list)


def concerned_by(call: Call) -> list[Concerned]:
    """Leads and teams of what is written or submitted, reviewers with work left, partners, who waits for it.

    In a fixed number of queries. Ask before the call is cancelled: then no review is left to do.
    """
    found: dict[str, Concerned] = {}
    rows = Application.objects.live().filter(call=call).defer("answers", "prefilled").order_by("reference")
    applications = {row.pk: row for row in rows}
    for one, application in _everybody(call, applications):
        kept = found.setdefault(one.email.lower(), one)
        if application and kept.part == one.part and application not in kept.applications:
            kept.applications.append(application)
    return list(found.values())


def _everybody(
    call: Call, applications: dict[int, Application]
) -> Iterator[tuple[Concerned, Application | None]]:
    leads: dict[int, list[Application]] = {}
    for application in applications.values():
        leads.setdefault(application.lead_id, []).append(application)
    members = Membership.objects.verified().filter(
        organisation__in=leads, role__in=WRITERS, user__is_active=True
    )
    for member in members.select_related("user").order_by("pk"):
        for application in leads[member.organisation_id]:
            yield _person(Part.APPLICANT, member.user), application
    team = TeamMember.objects.active().filter(application__in=applications, user__is_active=True)
    for row in team.select_related("user").order_by("pk"):
        if row.user:
            yield _person(Part.APPLICANT, row.user), applications[row.application_id]
    standing = Assignment.objects.filter(application__in=applications, user__is_active=True)
    for assignment in unfinished(standing).select_related("user").order_by("pk"):
        yield _person(Part.REVIEWER, assignment.user), applications[assignment.application_id]
    invited = PartnerInvitation.objects.filter(application__in=applications, revoked_at__isnull=True)
    for invitation in invited.order_by("pk"):
        asked = Concerned(Part.PARTNER, invitation.email, invitation.language, f"i{invitation.pk}")
        yield asked, applications[invitation.application_id]
    for alert in Alert.objects.active().filter(call=call).select_related("owner", "address").order_by("pk"):
        yield Concerned(Part.WATCHER, alert.email, alert.language, f"a{alert.pk}", alert.owner), None


def _person(part: Part, user: User) -> Concerned:
    return Concerned(part, user.email, user.language, f"u{user.pk}", user)
