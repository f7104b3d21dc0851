"""Who may speak for a city or an organisation. Asked inside operations, afresh each time."""

from django.utils.translation import gettext_lazy as _

from cooperation.accounts.access import require
from cooperation.accounts.models import User
from partnerships.models import Membership, Organisation
from partnerships.models.organisation import WRITERS


def writes_for(user: User, organisation: Organisation) -> bool:
    """A verified officer or approver of the organisation."""
    return (
        Membership.objects.verified()
        .filter(user=user, user__is_active=True, organisation=organisation, role__in=WRITERS)
        .exists()
    )


def require_writer_for(user: User, organisation: Organisation) -> None:
    """Those who act in an organisation's name."""
    require(
        writes_for(user, organisation),
        _("Only officers and approvers of %(name)s can do this.") % {"name": organisation},
    )
