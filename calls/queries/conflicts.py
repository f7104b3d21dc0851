"""Who has a conflict of interest with which application: declared by people, or found in the records.

Found for many applications and people at once, in a constant number of queries. Each way of finding is
one function that yields (application, person, reason). Missing data never means "no conflict": where the
programme excludes a reviewer's own country, a reviewer whose country nobody recorded is excluded too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from calls.models import (
    Application,
    ApplicationPartner,
    Conflict,
    PartnerInvitation,
    Programme,
    Snapshot,
    TeamMember,
)
from calls.queries.eligibility_terms import country
from calls.queries.ties import Ties, ties_of
from cooperation.accounts.models import User


@dataclass(frozen=True)
class Reason:
    """Why somebody should not review an application: a code, and what its words speak of."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return _sentence(self.code) % self.params


Found = Iterator[tuple[int, int, Reason]]


def conflicts_of(
    applications: Iterable[Application], users: Iterable[User]
) -> dict[tuple[int, int], list[Reason]]:
    """(application id, user id) -> reasons, of all these applications with all these people.

    A pair that is not in the mapping has no conflict. A constant number of queries.
    """
    ids = {row.pk for row in applications}
    people = {user.pk: user for user in users}
    if not ids or not people:
        return {}
    parties, ties = _parties_of(ids), ties_of(list(people.values()))
    found: dict[tuple[int, int], list[Reason]] = defaultdict(list)
    for rows in (
        _declared(ids, people),
        _own_work(ids, people),
        _same_places(parties, ties),
        _same_countries(parties, ties),
        _earlier_partners(parties, ties),
    ):
        for application, user, reason in rows:
            known = {row.code for row in found[application, user]}
            # of one's own city every party of the application is a partner by this very application
            said = known & {"city", "organisation"} if reason.code == "partner" else {reason.code} & known
            if not said:
                found[application, user].append(reason)
    return dict(found)


def conflicts_between(application: Application, user: User) -> list[Reason]:
    """The reasons why this person should not review this application; empty when there is none."""
    return conflicts_of([application], [user]).get((application.pk, user.pk), [])


@dataclass
class _Parties:
    """The applications that each city (with its name), organisation and country is party to."""

    cities: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    leads: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    countries: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    programmes: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def without_own_country(self) -> set[int]:
        """The applications whose programme excludes reviewers from the country of any party."""
        strict = Programme.objects.filter(pk__in=list(self.programmes), country_conflicts=True)
        return set[int]().union(*(self.programmes[pk] for pk in strict.values_list("pk", flat=True)))


def _parties_of(ids: set[int]) -> _Parties:
    found = _Parties()
    leads = Application.objects.filter(pk__in=ids).order_by().values_list(
        "pk", "call__programme_id", "lead_id", "lead__name", "lead__country",
        "lead__city_id", "lead__city__name",
    )  # fmt: skip
    for pk, programme, lead, name, place, city, city_name in leads:
        found.programmes[programme].add(pk)
        found.leads[lead][pk] = name
        found.countries[str(place)].add(pk)
        if city:
            found.cities[city][pk] = city_name
    partners = ApplicationPartner.objects.filter(application__in=ids).order_by()
    for pk, city, name, place in partners.values_list(
        "application_id", "city_id", "city__name", "city__country"
    ):
        found.cities[city][pk] = name
        found.countries[str(place)].add(pk)
    return found


def _declared(ids: set[int], people: Mapping[int, User]) -> Found:
    rows = Conflict.objects.filter(application__in=ids, user__in=list(people), lifted_at__isnull=True)
    for application, user, reason in rows.values_list("application_id", "user_id", "reason"):
        yield application, user, Reason("declared", {"reason": reason})


def _own_work(ids: set[int], people: Mapping[int, User]) -> Found:
    """Who wrote it, submitted it, works on it or was asked to; who is the contact of a partner.

    An address is enough, accepted or not: what is unconfirmed must not hide a conflict.
    """
    started = Application.objects.filter(pk__in=ids, created_by__in=list(people)).order_by()
    sent = Snapshot.objects.filter(application__in=ids, submitted_by__in=list(people)).order_by()
    for rows in (
        started.values_list("pk", "created_by_id"),
        sent.values_list("application_id", "submitted_by_id"),
    ):
        for application, user in rows:
            yield application, user, Reason("author")
    by_email = {user.email.lower(): pk for pk, user in people.items()}
    written_to = Q(address__in=list(by_email))
    team = TeamMember.objects.filter(application__in=ids).annotate(address=Lower("email")).order_by()
    team = team.filter(written_to | Q(user__in=list(people)))
    for application, address, user in team.values_list("application_id", "address", "user_id"):
        yield application, user if user in people else by_email[address], Reason("team")
    contacts = PartnerInvitation.objects.filter(application__in=ids).annotate(address=Lower("email"))
    contacts = contacts.filter(written_to).order_by()
    for application, address in contacts.values_list("application_id", "address"):
        yield application, by_email[address], Reason("contact")


def _same_places(parties: _Parties, ties: Mapping[int, Ties]) -> Found:
    for user, tie in ties.items():
        for organisation in tie.organisations:
            for application, name in parties.leads.get(organisation, {}).items():
                yield application, user, Reason("organisation", {"name": name})
        for city in tie.cities:
            for application, name in parties.cities.get(city, {}).items():
                yield application, user, Reason("city", {"name": name})


def _same_countries(parties: _Parties, ties: Mapping[int, Ties]) -> Found:
    strict = parties.without_own_country()
    for user, tie in ties.items():
        for place in sorted(tie.countries):
            for application in parties.countries.get(place, set()) & strict:
                yield application, user, Reason("country", {"name": country(place)})
        if not tie.countries:
            for application in strict:
                yield application, user, Reason("country_unknown")


def _earlier_partners(parties: _Parties, ties: Mapping[int, Ties]) -> Found:
    for user, tie in ties.items():
        for known, partners in (
            (parties.cities, tie.partner_cities),
            (parties.leads, tie.partner_organisations),
        ):
            for place, through in partners.items():
                for application, name in known.get(place, {}).items():
                    yield application, user, Reason("partner", {"name": name, "through": through})


def _sentence(code: str) -> str:
    return {
        "declared": _("Declared: %(reason)s"),
        "author": _("Wrote or submitted the application."),
        "team": _("Works on the application, or was asked to."),
        "contact": _("Was asked to agree for a partner."),
        "organisation": _("Belongs to the applicant, %(name)s."),
        "city": _("Comes from a party’s city, %(name)s."),
        "country": _("Comes from a party’s country, %(name)s."),
        "country_unknown": _(
            "Country unknown: this programme keeps reviewers away from their own country. Record it first."
        ),
        "partner": _("%(through)s was a partner of %(name)s before."),
    }[code]
