"""Who may do what with an application, a call, a review. Each answer carries its reason.

"Does the state allow it?" is asked of calls.workflow; here only: "may this person?".
"""

from django.utils.translation import gettext_lazy as _

from calls.models import Application
from cooperation.accounts.access import NotAllowed, require, require_staff
from cooperation.accounts.models import User
from partnerships.models import Membership, Organisation
from partnerships.models.organisation import WRITERS

__all__ = [
    "NotAllowed",
    "require",
    "require_call_staff",
    "require_decider",
    "require_staff",
    "require_writer",
    "writes_for",
]


def writes_for(user: User, organisation: Organisation) -> bool:
    """A verified officer or approver of the organisation."""
    return (
        user.is_active
        and Membership.objects.verified()
        .filter(user=user, organisation=organisation, role__in=WRITERS)
        .exists()
    )


def require_writer(user: User, application: Application) -> None:
    require(
        writes_for(user, application.lead),
        _("Only officers and approvers of %(lead)s can change this application.")
        % {"lead": application.lead},
    )


def require_call_staff(user: User) -> None:
    """Staff who set up, publish and amend calls."""
    allowed = user.is_active and user.is_staff and user.has_perm("calls.change_call")
    require(allowed, _("Only programme staff can do this."))


def require_decider(user: User) -> None:
    require(
        user.is_active and user.is_staff and user.has_perm("calls.decide_application"),
        _("Only staff who approve decisions can do this."),
    )
