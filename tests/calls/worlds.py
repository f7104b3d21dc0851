"""A call with a small form, a city that applies, and its people."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from calls.models import Application, Call, Section
from calls.operations.applications import start
from cooperation.accounts.models import User
from partnerships.models import City, Organisation
from partnerships.models.organisation import Role
from tests.factories import (
    CallFactory,
    CityFactory,
    MembershipFactory,
    OrganisationFactory,
    QuestionFactory,
    RuleFactory,
    SectionFactory,
    UserFactory,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class World:
    """Ale applies to one call; Gaborone may become its partner."""

    call: Call
    section: Section
    lead: Organisation
    officer: User
    approver: User
    viewer: User
    gaborone: City

    def draft(self, **answers: Any) -> Application:
        """A draft of the lead with these answers, written by the officer."""
        application = start(call=self.call, lead=self.lead, by=self.officer, at=self.call.opens_at)
        Application.objects.filter(pk=application.pk).update(answers=answers, title=answers.get("title", ""))
        application.refresh_from_db()
        return application

    def complete(self) -> Application:
        """A draft that can be submitted."""
        return self.draft(title="Youth in local decisions", summary="Young people decide.")


def small_world(**call: Any) -> World:
    """A call that closes in 20 days with a required title and a summary of at most 50 characters."""
    made = CallFactory(**call)
    section = SectionFactory(call=made, key="summary", titles={"en": "Summary"})
    QuestionFactory(section=section, key="title", type="text", labels={"en": "Project title"}, required=True)
    QuestionFactory(
        section=section, key="summary", labels={"en": "Summary"}, required=True, limit=50, position=1
    )
    RuleFactory(call=made, kind="lead_country", parameters={"countries": ["SE"]})
    RuleFactory(call=made, kind="partner_country", parameters={"countries": ["BW"]}, position=1)
    ale = CityFactory(name="Ale", slug="ale")
    gaborone = CityFactory(name="Gaborone", slug="gaborone", country="BW", time_zone="Africa/Gaborone")
    lead = OrganisationFactory(city=ale)
    people = [
        MembershipFactory(organisation=lead, role=role, user=UserFactory(name=name)).user
        for role, name in [
            (Role.OFFICER, "Karin Lindqvist"), (Role.APPROVER, "Per Bergman"), (Role.VIEWER, "Vera Ek")
        ]
    ]  # fmt: skip
    return World(made, section, lead, *people, gaborone=gaborone)


def later(moment: datetime, **delta: float) -> datetime:
    return moment + timedelta(**delta)
