"""A partnership with people on both sides, for the tests of its members' pages."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from cooperation.accounts.models import User
from partnerships.models import AgreementVersion, City, DueReport, Member, Partnership
from partnerships.operations import agreeing, reporting
from tests.factories import MembershipFactory, UserFactory
from tests.partnerships.portfolios import city_at, partnership

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
TODAY = AT.date()


@dataclass
class World:
    """Ale coordinates, Gaborone is the partner; each has an officer, and there is one of the staff."""

    partnership: Partnership
    ale: City
    gaborone: City
    anna: User
    thabo: User
    staff: User

    @property
    def coordinator(self) -> Member:
        return self.partnership.members.get(city=self.ale)

    @property
    def partner(self) -> Member:
        return self.partnership.members.get(city=self.gaborone)

    def address(self, page: str = "") -> str:
        return f"/partnerships/{self.partnership.slug}/desk/{page}"


def officer(city: City, **fields) -> User:
    """A verified officer of the city's municipality."""
    return MembershipFactory(organisation__city=city, **fields).user


def world(stage: str = "active", **fields) -> World:
    ale, gaborone = city_at("Ale", 12.1, 57.9), city_at("Gaborone", 25.9, -24.7, country="BW")
    made = partnership(ale, gaborone, slug="youth", stage=stage, **fields)
    anna, thabo = officer(ale, user__email="anna@example.org"), officer(gaborone, user__language="en")
    staff = UserFactory(is_staff=True)
    return World(made, ale, gaborone, anna, thabo, staff)


def drafted(it: World, text: str = "We meet twice a year.", seen: int = 0, **fields) -> AgreementVersion:
    return agreeing.draft(
        partnership=it.partnership, words=agreeing.Draft(text, **fields), seen=seen, by=it.anna, at=AT
    )


def signed(it: World, version: AgreementVersion, member: Member, by: User):
    return agreeing.sign(
        version=version,
        member=member,
        signing=agreeing.Signing("Anna Berg", "mayor"),
        seen=version.sha256,
        by=by,
        at=AT,
    )


def due_report(it: World, kind: str = "financial", due_on: date = date(2026, 12, 1)) -> DueReport:
    return reporting.plan_report(partnership=it.partnership, kind=kind, due_on=due_on, by=it.anna, at=AT)
