"""What a person keeps: city pages, and the partnerships of the members they act for."""

from cooperation.accounts.models import User
from partnerships.models import City, Membership, Partnership
from partnerships.models.organisation import WRITERS, OrganisationKind
from partnerships.models.partnership import Stage
from partnerships.workflow import LIVE

UNDER_WAY = (Stage.ACTIVE, Stage.EXTENDED)


def cities_kept_by(user: User) -> list[City]:
    """The cities whose page a person keeps, by name. One query."""
    mine = Membership.objects.verified().filter(
        user=user, user__is_active=True, role__in=WRITERS, organisation__kind=OrganisationKind.MUNICIPALITY
    )
    return list(City.objects.filter(organisations__memberships__in=mine).distinct().order_by("name", "pk"))


def live_partnerships_of(user: User) -> list[Partnership]:
    """The partnerships a person works in that have not ended, those under way first. One query."""
    mine = Partnership.objects.of_person(user).filter(stage__in=LIVE)
    return sorted(mine, key=lambda row: (row.stage not in UNDER_WAY, row.title))
