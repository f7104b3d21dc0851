"""What ties a person to places and organisations: their own record, and every membership.

A membership counts whether or not staff have verified it: what is unconfirmed must not hide a conflict.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from calls.models import Application, ApplicationPartner, Reviewer
from cooperation.accounts.models import User
from partnerships.models import Membership
from partnerships.models.partnership import Member


@dataclass
class Ties:
    """One person's cities, organisations (with their names) and countries, and whom those worked with.

    `partner_cities` and `partner_organisations` name, for each, the tie of the person through which.
    """

    cities: dict[int, str] = field(default_factory=dict)
    organisations: dict[int, str] = field(default_factory=dict)
    countries: set[str] = field(default_factory=set)
    partner_cities: dict[int, str] = field(default_factory=dict)
    partner_organisations: dict[int, str] = field(default_factory=dict)

    def add(self, organisation: tuple[int | None, str, str], city: tuple[int | None, str, str]) -> None:
        """An organisation and a city, each as id, name and country."""
        for known, (pk, name, place) in ((self.organisations, organisation), (self.cities, city)):
            if pk:
                known[pk] = name
            if place:
                self.countries.add(place)


def ties_of(users: Sequence[User]) -> dict[int, Ties]:
    """User id -> ties, also for those of whom nothing is known. Six queries."""
    found = {user.pk: Ties() for user in users}
    _read_records(found)
    _read_memberships(found)
    _read_partnerships(found)
    _read_applications(found)
    return found


def _read_records(found: dict[int, Ties]) -> None:
    rows = Reviewer.objects.filter(user__in=found).values_list(
        "user_id", "country",
        "organisation_id", "organisation__name", "organisation__country",
        "organisation__city_id", "organisation__city__name", "organisation__city__country",
        "city_id", "city__name", "city__country",
    )  # fmt: skip
    for user, country, *rest in rows:
        ties = found[user]
        ties.add(_named(rest[0:3]), _named(rest[3:6]))
        ties.add((None, "", str(country or "")), _named(rest[6:9]))


def _read_memberships(found: dict[int, Ties]) -> None:
    rows = Membership.objects.filter(user__in=found).values_list(
        "user_id",
        "organisation_id", "organisation__name", "organisation__country",
        "organisation__city_id", "organisation__city__name", "organisation__city__country",
    )  # fmt: skip
    for user, *rest in rows:
        found[user].add(_named(rest[0:3]), _named(rest[3:6]))


def _named(row: Sequence) -> tuple[int | None, str, str]:
    pk, name, country = row
    return pk, name or "", str(country or "")


def _read_partnerships(found: dict[int, Ties]) -> None:
    """Whoever stood in a partnership beside a person's city or organisation."""
    cities, organisations = _places(found)
    own = Q(city__in=cities) | Q(organisation__in=organisations) | Q(organisation__city__in=cities)
    ours = Member.objects.filter(own).values("partnership")
    groups: dict[int, set[tuple[int | None, int | None]]] = defaultdict(set)
    rows = Member.objects.filter(partnership__in=ours).order_by()
    for pk, city, organisation, seat in rows.values_list(
        "partnership_id", "city_id", "organisation_id", "organisation__city_id"
    ):
        groups[pk].add((city or seat, organisation))
    _join(found, groups.values())


def _read_applications(found: dict[int, Ties]) -> None:
    """Whoever applied together with a person's city or organisation: what was submitted at least once."""
    cities, organisations = _places(found)
    if not cities and not organisations:
        return
    own = Q(lead__in=organisations) | Q(lead__city__in=cities) | Q(partners__city__in=cities)
    ours = Application.objects.filter(own, submitted_at__isnull=False).order_by().distinct()
    groups: dict[int, set[tuple[int | None, int | None]]] = {
        pk: {(city, lead)} for pk, lead, city in ours.values_list("pk", "lead_id", "lead__city_id")
    }
    partners = ApplicationPartner.objects.filter(application__in=groups).order_by()
    for pk, partner in partners.values_list("application_id", "city_id"):
        groups[pk].add((partner, None))
    _join(found, groups.values())


def _places(found: dict[int, Ties]) -> tuple[set[int], set[int]]:
    rows = found.values()
    cities, organisations = (row.cities.keys() for row in rows), (row.organisations.keys() for row in rows)
    return set[int]().union(*cities), set[int]().union(*organisations)


def _join(found: dict[int, Ties], groups: Collection[set[tuple[int | None, int | None]]]) -> None:
    """Each person's tie within a group makes the others of the group partners."""
    by_city: dict[int, list[int]] = defaultdict(list)
    by_organisation: dict[int, list[int]] = defaultdict(list)
    for user, ties in found.items():
        for city in ties.cities:
            by_city[city].append(user)
        for organisation in ties.organisations:
            by_organisation[organisation].append(user)
    for group in groups:
        for place in group:
            city, organisation = place[0] or 0, place[1] or 0
            for user in {*by_city.get(city, ()), *by_organisation.get(organisation, ())}:
                ties = found[user]
                through = ties.organisations.get(organisation) or ties.cities.get(city, "")
                for other in group - {place}:
                    _add_partner(ties, other, through)


def _add_partner(ties: Ties, other: tuple[int | None, int | None], through: str) -> None:
    city, organisation = other
    if city and city not in ties.cities:
        ties.partner_cities.setdefault(city, through)
    if organisation and organisation not in ties.organisations:
        ties.partner_organisations.setdefault(organisation, through)
