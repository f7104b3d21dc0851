"""Who may speak for a city or an organisation. Asked inside operations, afresh each time."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from cooperation.accounts.access import require
from cooperation.accounts.models import User
from partnerships.models import City, JoiningRequest, Member, Membership, Organisation, Partnership
from partnerships.models.organisation import APPLYING, WRITERS, MembershipQuerySet, OrganisationKind
from partnerships.models.partnership import MemberRole


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


def edits_city(user: User, city: City) -> bool:
    """A verified officer or approver of the city's municipality: who keeps its page."""
    return city_editors(city).filter(user__pk=user.pk).exists()


def city_editors(city: City) -> MembershipQuerySet:
    """Verified memberships of those who keep a city's page."""
    return Membership.objects.verified().filter(
        organisation__city=city,
        organisation__kind=OrganisationKind.MUNICIPALITY,
        role__in=WRITERS,
        user__is_active=True,
    )


def require_city_editor(user: User, city: City) -> None:
    require(
        edits_city(user, city),
        _("Only officers and approvers of the municipality of %(city)s can do this.") % {"city": city},
    )


def verifies_facts(user: User) -> bool:
    """Staff who keep the register of cities. Read afresh, so that a right taken away is gone at once."""
    current = User.objects.filter(pk=user.pk, is_active=True, is_staff=True).first()
    return current is not None and current.has_perm("partnerships.change_city")


def require_verifier(user: User) -> None:
    require(verifies_facts(user), _("Only staff who keep the register of cities can do this."))


def seats_in(user: User, partnership: Partnership, roles: Sequence[str] = WRITERS) -> list[Member]:
    """Those of one partnership, who coordinates first."""
    seats = Member.objects.acted_for(user, roles).filter(partnership=partnership)
    seats = seats.select_related("city", "organisation")
    return sorted(seats, key=lambda member: member.role != MemberRole.COORDINATOR)


def require_seat(user: User, partnership: Partnership) -> list[Member]:
    """The members that a person acts for in a partnership. Raises NotAllowed for those of none."""
    seats = seats_in(user, partnership)
    require(bool(seats), _("Only officers and approvers of the members can do this."))
    return seats


def coordinates(seats: Iterable[Member], partnership: Partnership) -> bool:
    """Whether one of the seats coordinates; where no member does, any of them counts."""
    present = partnership.members.present()
    roles = {seat.role for seat in seats}
    return MemberRole.COORDINATOR in roles or (
        bool(roles) and not present.filter(role=MemberRole.COORDINATOR).exists()
    )


def require_coordinator(user: User, partnership: Partnership) -> list[Member]:
    """Those who act for the member that coordinates; where none does, for any member."""
    seats = require_seat(user, partnership)
    require(
        coordinates(seats, partnership),
        _("Only officers and approvers of the member that coordinates can do this."),
    )
    return seats


def answers_for(user: User, request: JoiningRequest) -> bool:
    """Whether a person acts for the city or the organisation that was asked to join."""
    mine = Membership.objects.verified().filter(user=user.pk, user__is_active=True, role__in=WRITERS)
    if request.city_id:
        mine = mine.filter(organisation__city=request.city_id, organisation__kind__in=APPLYING)
    else:
        mine = mine.filter(organisation=request.organisation_id)
    return mine.exists()
