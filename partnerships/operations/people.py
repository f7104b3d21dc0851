"""Organisations and the people who act for them. A role counts once staff have verified it."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from cooperation.accounts.access import require_staff
from cooperation.accounts.models import User
from partnerships.models import City, Membership, Organisation
from partnerships.models.organisation import OrganisationKind, Role


@transaction.atomic
def register_organisation(
    *,
    name: str,
    kind: OrganisationKind | str,
    country: str,
    by: User,
    city: City | None = None,
    contact_email: str = "",
) -> Organisation:
    """Register an organisation, or return the one of that name and country."""
    require_staff(by)
    known = Organisation.objects.filter(name=name, country=country).first()
    return known or Organisation.objects.create(
        name=name,
        slug=_free_address(name, country),
        kind=kind,
        city=city,
        country=country,
        contact_email=contact_email,
    )


def _free_address(name: str, country: str) -> str:
    base = f"{slugify(name)[:100] or 'organisation'}-{country.lower()}"
    taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


@transaction.atomic
def add_member(*, person: User, organisation: Organisation, role: Role) -> Membership:
    """Note that a person says to act for an organisation; it gives no right before verification."""
    membership, _created = Membership.objects.get_or_create(
        user=person, organisation=organisation, defaults={"role": role}
    )
    return membership


@transaction.atomic
def verify_member(*, membership: Membership, by: User, at: datetime) -> Membership:
    """Confirm a role; verifying it twice keeps the first date and name."""
    require_staff(by)
    current = Membership.objects.select_for_update().get(pk=membership.pk)
    if current.verified_at is None:
        current.verified_at, current.verified_by = at, by
        current.save(update_fields=["verified_at", "verified_by"])
    return current
