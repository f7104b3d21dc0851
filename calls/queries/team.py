"""The people of one application: the lead organisation's, and those invited to its team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from calls.models import Application, TeamMember
from calls.secret_links import hash_of
from partnerships.models import Membership


@dataclass(frozen=True)
class Colleague:
    """One invitation. `state` is `joined`, `invited` or `expired`."""

    member: TeamMember
    state: str


def team_of(application: Application, at: datetime) -> list[Colleague]:
    """Who was invited and not taken out, in the order of invitation; one query."""
    rows = application.team.filter(revoked_at__isnull=True).select_related("user", "invited_by")
    return [Colleague(row, _state(row, at)) for row in rows]


def active_team(application: Application) -> Sequence[TeamMember]:
    """Those who joined and may work on it now; one query."""
    rows = application.team.active().filter(user__is_active=True)
    return list(rows.select_related("user"))


def invitation_with(token: str) -> TeamMember | None:
    """The invitation that a secret address belongs to, with what its page shows."""
    rows = TeamMember.objects.filter(token_hash=hash_of(token))
    rows = rows.select_related("application__call__programme", "application__lead__city", "invited_by")
    return rows.prefetch_related("application__call__texts", "application__partners__city").first()


def knows(application: Application, email: str) -> bool:
    """Whether somebody with this address works on the application already."""
    members = Membership.objects.verified().filter(organisation=application.lead, user__email__iexact=email)
    return members.exists() or application.team.active().filter(email=email).exists()


def _state(member: TeamMember, at: datetime) -> str:
    if member.accepted_at:
        return "joined"
    return "expired" if at >= member.expires_at else "invited"
