"""Random registers of cities in the database, with everything that rules look up about a city."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from calls.models import Application, ApplicationPartner, Call, Decision
from cooperation.accounts.models import User
from partnerships.models import City, Commitment, Network, NetworkMembership, Organisation
from partnerships.models.organisation import OrganisationKind
from tests.calls.eligibility.strategies import (
    CALLS,
    CATEGORIES,
    CLASSES,
    COMMITMENTS,
    COUNTRIES,
    NETWORKS,
    PROGRAMMES,
    TODAY,
)
from tests.factories import CallFactory, NetworkFactory, ProgrammeFactory, UserFactory

near = st.integers(-100, 100).map(lambda count: TODAY + timedelta(days=count))
years = st.none() | st.integers(TODAY.year - 1, TODAY.year + 1)
# the last hours of a day tell a programme's zone from any other clock
hours = st.sampled_from([time(0, 30), time(12), time(23, 30)])
memberships = st.dictionaries(
    st.sampled_from(NETWORKS), st.tuples(years, years, st.none() | near), max_size=2
)
stays = st.fixed_dictionaries(
    {
        "country": st.sampled_from([*COUNTRIES, "KE", ""]),
        "population": st.none() | st.integers(0, 100),
        "urbanisation": st.sampled_from(["", *CLASSES]),
        "categories": st.none() | st.lists(st.sampled_from(CATEGORIES), unique=True),
        "organisations": st.lists(st.sampled_from(OrganisationKind.values), max_size=2),
        "memberships": memberships,
        "commitments": st.lists(st.tuples(st.sampled_from(["", *COMMITMENTS]), st.none() | near), max_size=2),
    }
)
# each application: the call, the city that leads, perhaps a partner, perhaps the day of its approval
applications = st.lists(
    st.tuples(
        st.sampled_from(["this", *CALLS]),
        st.integers(0, 4),
        st.none() | st.integers(0, 4),
        st.none() | st.tuples(near, hours),
        st.booleans(),
    ),
    max_size=6,
)
registers = st.tuples(st.lists(stays, min_size=1, max_size=5), applications)


@dataclass(frozen=True)
class Ground:
    """What stays the same from example to example: calls and people."""

    calls: dict[str, Call]
    people: tuple[User, User]
    networks: dict[str, Network]

    @classmethod
    def lay(cls) -> "Ground":
        """One call of each slug that the strategies name, "this" one among them, in two programmes."""
        programmes = {slug: ProgrammeFactory(slug=slug) for slug in PROGRAMMES}
        calls = {
            slug: CallFactory(slug=slug, programme=programmes[slug.partition("-")[0]], zone=zone)
            for slug, zone in zip(CALLS, ["Pacific/Auckland", "America/Lima"], strict=True)
        }
        calls["this"] = CallFactory(programme=programmes["icld"], zone="Europe/Stockholm")
        networks = {slug: NetworkFactory(slug=slug) for slug in NETWORKS}
        return cls(calls, (UserFactory(), UserFactory()), networks)

    def settle(self, register) -> list[City]:
        """Write a register; the caller rolls it back."""
        rows, drawn = register
        cities = [self._city(number, row) for number, row in enumerate(rows)]
        taken: set[tuple[str, int]] = set()
        for number, (call, lead, partner, approval, withdrawn) in enumerate(drawn):
            if lead >= len(cities) or (call, lead) in taken:
                continue
            taken.add((call, lead))
            partner = None if partner is None or partner >= len(cities) or partner == lead else partner
            self._application(
                number, self.calls[call], cities[lead], None if partner is None else cities[partner],
                approval, withdrawn,
            )  # fmt: skip
        return cities

    def _city(self, number: int, row) -> City:
        plain = {key: row[key] for key in ("country", "population", "urbanisation", "categories")}
        city = City.objects.create(name=f"City {number}", slug=f"drawn-{number}", **plain)
        for place, kind in enumerate(row["organisations"]):
            Organisation.objects.create(
                name=kind, slug=f"drawn-{number}-{place}", kind=kind, city=city, country=row["country"]
            )
        for slug, (since, until, dues) in row["memberships"].items():
            NetworkMembership.objects.create(
                network=self.networks[slug],
                city=city,
                since_year=since,
                until_year=until,
                dues_paid_until=dues,
            )
        for key, joined in row["commitments"]:
            Commitment.objects.create(city=city, name=key, key=key, joined_on=joined)
        return city

    def _application(
        self,
        number: int,
        call: Call,
        lead: City,
        partner: City | None,
        approval: tuple[date, time] | None,
        withdrawn: bool,
    ) -> None:
        organisation = lead.organisations.first() or Organisation.objects.create(
            name="Seat", slug=f"seat-{number}", kind="university", city=lead, country=str(lead.country)
        )
        recommended, approved = self.people
        at = call.opens_at
        row = Application.objects.create(
            call=call,
            lead=organisation,
            reference=f"DRAWN-{number}",
            status="selected" if approval else "withdrawn" if withdrawn else "draft",
            created_at=at, created_by=recommended, changed_at=at, changed_by=recommended,
            submitted_at=at if approval else None,
        )  # fmt: skip
        if partner:
            ApplicationPartner.objects.create(application=row, city=partner)
        if approval:
            Decision.objects.create(
                application=row, outcome="selected", reason="Good", recommended_at=at,
                recommended_by=recommended, approved_by=approved,
                approved_at=datetime.combine(*approval, tzinfo=ZoneInfo(call.zone)),
            )  # fmt: skip
