"""Staff, and an application that is brought to a status by the operations, as in life."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils import timezone

from calls.models import Application, Call, Criterion
from calls.models.decision import Outcome
from calls.operations.assigning import assign
from calls.operations.deciding import approve, recommend
from calls.operations.declaring import declare_no_conflict
from calls.operations.results import publish_results
from calls.operations.reviewing import finish_review, save_review
from calls.operations.screening import screen
from calls.operations.submission import submit
from calls.queries.application_lists import mean_seen
from calls.queries.staff import against_assessment
from cooperation.accounts.models import User
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    CityFactory,
    CriterionFactory,
    MembershipFactory,
    QuestionFactory,
    RuleFactory,
    SectionFactory,
    UserFactory,
)

STAFF = ("view_application", "screen_application", "assign_application", "recommend_application")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def days_ago(count: int) -> datetime:
    return timezone.now() - timedelta(days=count)


def staff_person(email: str = "marta@example.org", *rights: str) -> User:
    """Programme staff: screens, assigns, recommends; more rights of the calls app by name."""
    user = UserFactory(email=email, name=email.partition("@")[0].title(), is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=[*STAFF, *rights]))
    return User.objects.get(pk=user.pk)


def staff_list(user: User) -> QuerySet[Application]:
    """The applications that a person of staff sees, with the figures that a list shows them."""
    return Application.objects.for_staff(user).annotate(mean=mean_seen(user), against=against_assessment())


@dataclass
class Desk:
    """A call that closed yesterday, with two criteria, staff, and applications in it."""

    call: Call = field(
        default_factory=lambda: CallFactory(text__title="Municipal Partnership", closes_at=days_ago(1))
    )
    marta: User = field(default_factory=lambda: staff_person("marta@example.org"))
    helena: User = field(default_factory=lambda: staff_person("helena@example.org", "decide_application"))

    def __post_init__(self) -> None:
        section = SectionFactory(call=self.call, key="summary", titles={"en": "Summary"})
        QuestionFactory(section=section, key="what", labels={"en": "What will change?"})
        RuleFactory(call=self.call, parameters={"countries": ["SE"]})
        CriterionFactory(call=self.call, key="relevance", labels={"en": "Relevance"}, weight=60, position=1)
        CriterionFactory(call=self.call, key="plan", labels={"en": "Plan"}, weight=40, position=2)

    @property
    def criteria(self) -> list[Criterion]:
        return list(self.call.criteria.all())

    def submitted(self, name: str = "Ale", partner: bool = False) -> Application:
        """Submitted by its officer before the deadline, sealed with a snapshot."""
        city = CityFactory(name=name)
        officer = MembershipFactory(organisation__city=city)
        draft = ApplicationFactory(
            call=self.call,
            lead=officer.organisation,
            title=f"Youth of {name}",
            answers={"what": "Young people are heard."},
        )
        if partner:
            draft.partners.create(city=CityFactory(name="Gaborone", country="BW"))
        submit(application=draft, version=draft.version, by=officer.user, at=days_ago(2))
        draft.refresh_from_db()
        return draft

    def eligible(self, name: str = "Ale", **more) -> Application:
        application = self.submitted(name, **more)
        screen(application=application, eligible=True, note="", by=self.marta, at=timezone.now())
        application.refresh_from_db()
        return application

    def scored(self, name: str = "Ale", values: tuple[int, int] = (4, 3), by: User | None = None, **more):
        """Eligible, with one finished sheet."""
        application = self.eligible(name, **more)
        self.score(application, values, by or self.marta)
        return application

    def assign(self, application: Application, reviewer: User) -> None:
        """To a reviewer who has said nothing yet."""
        assign(application=application, reviewer=reviewer, by=self.marta, at=timezone.now())

    def score(self, application: Application, values: tuple[int, int], by: User) -> None:
        self.assign(application, by)
        declare_no_conflict(application=application, by=by, at=timezone.now())
        pairs = zip(self.criteria, values, strict=True)
        save_review(
            application=application,
            scores={criterion.pk: (value, "") for criterion, value in pairs},
            recommendation="fund",
            comment="",
            version=0,
            finish=True,
            by=by,
            at=timezone.now(),
        )

    def reviewed(self, name: str = "Ale", values: tuple[int, int] = (4, 3), **more) -> Application:
        application = self.scored(name, values, **more)
        finish_review(application=application, by=self.marta, at=timezone.now())
        application.refresh_from_db()
        return application

    def recommended(self, name: str = "Ale", outcome: Outcome = Outcome.SELECTED, **more) -> Application:
        application = self.reviewed(name, **more)
        recommend(application=application, outcome=outcome, reason="Clear.", by=self.marta, at=timezone.now())
        application.refresh_from_db()
        return application

    def decided(self, name: str = "Ale", outcome: Outcome = Outcome.SELECTED, **more) -> Application:
        application = self.recommended(name, outcome, **more)
        approve(application=application, by=self.helena, at=timezone.now())
        publish_results(call=self.call, by=self.helena, at=timezone.now())
        application.refresh_from_db()
        return application
