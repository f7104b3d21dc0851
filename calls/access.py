"""Who may do what with an application, a call, a review. Each answer carries its reason.

"Does the state allow it?" is asked of calls.workflow; here only: "may this person?".
"""

from django.utils.translation import gettext_lazy as _

from calls.models import Application
from calls.models.team import EDITORS, TeamRole
from cooperation.accounts.access import NotAllowed, require, require_staff
from cooperation.accounts.models import User
from partnerships.access import writes_for

__all__ = [
    "NotAllowed",
    "may_submit",
    "may_write",
    "require",
    "require_assigner",
    "require_call_staff",
    "require_decider",
    "require_reader",
    "require_recommender",
    "require_screener",
    "require_staff",
    "require_submitter",
    "require_writer",
    "writes_for",
]


def may_write(user: User, application: Application) -> bool:
    """Officers and approvers of the lead, and those whom they took into the team to write."""
    return writes_for(user, application.lead) or _in_team(user, application, EDITORS)


def may_submit(user: User, application: Application) -> bool:
    """Officers and approvers of the lead, and the team's submitters."""
    return writes_for(user, application.lead) or _in_team(user, application, (TeamRole.SUBMITTER,))


def _in_team(user: User, application: Application, roles: tuple[TeamRole, ...]) -> bool:
    return application.team.active().filter(user=user, user__is_active=True, role__in=roles).exists()


def require_writer(user: User, application: Application) -> None:
    """Those who change the application's answers, partners and documents."""
    require(
        may_write(user, application),
        _("Only officers and approvers of %(lead)s, and editors they invited, can change this application.")
        % {"lead": application.lead},
    )


def require_submitter(user: User, application: Application) -> None:
    """Those who act in the lead's name: submit, withdraw, reopen."""
    require(
        may_submit(user, application),
        _("Only officers and approvers of %(lead)s, and submitters they invited, can do this.")
        % {"lead": application.lead},
    )


def require_lead(user: User, application: Application) -> None:
    """Those who decide who works on the application."""
    require(
        writes_for(user, application.lead),
        _("Only officers and approvers of %(lead)s can do this.") % {"lead": application.lead},
    )


def require_call_staff(user: User) -> None:
    """Staff who set up, publish and amend calls."""
    require(_staff_with(user, "change_call"), _("Only programme staff can do this."))


def require_reader(user: User) -> None:
    """Staff who read applications, and take copies of them away."""
    require(_staff_with(user, "view_application"), _("Only staff who read applications can do this."))


def require_screener(user: User) -> None:
    """Staff who hold applications against the rules."""
    require(_staff_with(user, "screen_application"), _("Only staff who screen applications can do this."))


def require_assigner(user: User) -> None:
    """Staff who invite reviewers, assign applications and close reviews."""
    require(_staff_with(user, "assign_application"), _("Only staff who assign reviewers can do this."))


def require_recommender(user: User) -> None:
    """Staff who put forward what is then approved by somebody else."""
    require(_staff_with(user, "recommend_application"), _("Only staff who recommend outcomes can do this."))


def require_decider(user: User) -> None:
    """Staff who approve what others recommended, and publish it."""
    require(_staff_with(user, "decide_application"), _("Only staff who approve decisions can do this."))


def _staff_with(user: User, right: str) -> bool:
    """Read afresh, so that a right taken away in mid-session is gone at once."""
    current = User.objects.filter(pk=user.pk, is_active=True, is_staff=True).first()
    return current is not None and current.has_perm(f"calls.{right}")
