"""What a partner city is in an application: its role, and the kind of organisation that takes part."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.models import Application, ApplicationPartner
from calls.models.application import PartnerRole
from calls.operations.applications import lock_editable, touch
from calls.operations.status import NotPossible
from cooperation.accounts.models import User
from partnerships.models import City
from partnerships.models.organisation import OrganisationKind


@transaction.atomic
def change_partner(
    *,
    application: Application,
    city: City,
    role: PartnerRole,
    kind: OrganisationKind,
    by: User,
    at: datetime,
) -> ApplicationPartner:
    """Say what a partner is. A changed role changes the text that the partners agree to.

    Raises NotAllowed, NotPossible.
    """
    current = lock_editable(application, by=by, at=at)
    partner = current.partners.filter(city=city).first()
    if partner is None:
        raise NotPossible(_("%(city)s is not a partner. Add it first.") % {"city": city})
    if (partner.role, partner.kind) != (role, kind):
        partner.role, partner.kind = role, kind
        partner.save(update_fields=["role", "kind"])
        touch(current, by, at)
    return partner
