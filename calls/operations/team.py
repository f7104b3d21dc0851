"""Who works on an application besides its lead organisation: invited by mail, bound to one address."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from calls.access import require, require_lead
from calls.models import Application, TeamMember
from calls.models.team import TeamRole
from calls.operations.status import NotPossible, lock
from calls.operations.team_mail import post_invitation
from calls.queries.team import invitation_with, knows
from calls.secret_links import hash_of, new_token
from calls.workflow import Status
from cooperation.accounts.models import User
from cooperation.web.transactions import atomic_again

VALID_FOR = timedelta(days=14)
# Inviting and taking back must not turn the portal into a machine that writes to strangers.
MOST_A_DAY = 60
MOST_MEMBERS = 50  # more people than write any application; keeps the portal from mailing whole lists


class UnknownInvitation(Exception):
    """No invitation has this token."""


@atomic_again
def invite(
    *, application: Application, email: str, role: TeamRole, by: User, at: datetime
) -> tuple[TeamMember, str]:
    """Ask somebody to join; return the invitation and its secret token. It is good for 14 days.

    Asking an address again replaces its earlier, open invitation. Raises NotAllowed for people who do not
    write for the lead; NotPossible for who works on it already, past the limit of a day, once withdrawn.
    """
    current = _locked(application, by)
    email = email.strip().lower()
    if knows(current, email):
        raise NotPossible(_("%(email)s works on this application already.") % {"email": email})
    current.team.filter(email=email, revoked_at__isnull=True).update(revoked_at=at, revoked_by=by)
    if current.team.filter(revoked_at__isnull=True).count() >= MOST_MEMBERS:
        raise NotPossible(
            _("A team has at most %(count)s people. Take somebody out first.") % {"count": MOST_MEMBERS}
        )
    if current.team.filter(invited_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise NotPossible(
            _("%(count)s requests were sent for this application today, the limit. Ask again tomorrow.")
            % {"count": MOST_A_DAY}
        )
    token = new_token()
    member = TeamMember.objects.create(
        application=current,
        email=email,
        role=role,
        token_hash=hash_of(token),
        invited_at=at,
        invited_by=by,
        expires_at=at + VALID_FOR,
    )
    post_invitation(member, token, at=at)
    return member, token


@atomic_again
def accept(*, token: str, by: User, at: datetime) -> TeamMember:
    """Join the team. A second click, by the same person, changes nothing.

    Raises UnknownInvitation; NotAllowed for another address than the one invited; NotPossible for an
    invitation that was taken back or has expired, and once the application is withdrawn.
    """
    found = invitation_with(token)
    if found is None:
        raise UnknownInvitation
    current = lock(found.application)
    member = TeamMember.objects.select_related("application", "invited_by").get(pk=found.pk)
    require(by.is_active and by.email.lower() == member.email, _("This invitation is for another address."))
    refuse_stale(member, at)
    if member.accepted_at:
        return member
    _require_live(current)
    member.user, member.accepted_at = by, at
    member.save(update_fields=["user", "accepted_at"])
    return member


def refuse_stale(member: TeamMember, at: datetime) -> None:
    """Raise NotPossible for an invitation that opens nothing any more."""
    about = {"person": member.invited_by, "email": member.invited_by.email}
    if member.revoked_at:
        raise NotPossible(
            _("This invitation was taken back. Ask %(person)s, %(email)s, for a new one.") % about
        )
    if member.accepted_at is None and at >= member.expires_at:
        raise NotPossible(_("This invitation has expired. Ask %(person)s, %(email)s, for a new one.") % about)


@atomic_again
def change_role(
    *, application: Application, member: int, role: TeamRole, by: User, at: datetime
) -> TeamMember:
    """Give a member, or somebody invited, another role; it counts at once."""
    found = _member(_locked(application, by), member)
    found.role = role
    found.save(update_fields=["role"])
    return found


@atomic_again
def revoke(*, application: Application, member: int, by: User, at: datetime) -> TeamMember:
    """End a membership or take an invitation back; it counts at once, also for who is logged in."""
    current = lock(application)
    require_lead(by, current)
    found = _member(current, member)
    found.revoked_at, found.revoked_by = at, by
    found.save(update_fields=["revoked_at", "revoked_by"])
    return found


def _locked(application: Application, by: User) -> Application:
    current = lock(application)
    require_lead(by, current)
    _require_live(current)
    return current


def _require_live(application: Application) -> None:
    if application.status == Status.WITHDRAWN:
        raise NotPossible(
            _("%(reference)s is withdrawn. Reopen it first.") % {"reference": application.reference}
        )


def _member(application: Application, pk: int) -> TeamMember:
    found = application.team.filter(pk=pk, revoked_at__isnull=True).first()
    if found is None:
        raise NotPossible(_("This person is no longer in the team. Reload the page."))
    return found
