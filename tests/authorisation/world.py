"""One small world in which every address of the portal means something, and every kind of person."""

from datetime import timedelta

from django.contrib.auth.models import Permission
from django.utils import timezone

from calls.models import Decision, Enquiry, PairingRun, Review
from calls.models.team import TeamRole
from calls.operations.applications import add_partner
from calls.operations.consents import Contact, invite_partner
from calls.operations.documents import Signature, Upload, inspect_letter, keep_letter
from calls.operations.pairing import request_run
from calls.operations.screening import screen
from calls.operations.submission import submit
from calls.operations.team import invite
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from partnerships.models import Idea, Interest, Membership, Partnership
from partnerships.models.partnership import Member
from partnerships.operations.ideas import IdeaText, publish_idea
from partnerships.operations.interests import answer_interest, express_interest
from tests.calls.alert_world import confirmed
from tests.calls.pairing_world import solve_here
from tests.cooperation.documents.samples import picture
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    CityFactory,
    CriterionFactory,
    MembershipFactory,
    OrganisationFactory,
    QuestionFactory,
    RuleFactory,
    SectionFactory,
    ThemeFactory,
    UserFactory,
)
from tests.notifications.inbox_world import message
from tests.worlds import pairing_world

PRINCIPALS = (
    "anonymous",
    "suspended",
    "stranger",
    "viewer",
    "officer",
    "approver",
    "staff",
    "decider",
    "admin",
)
STAFF_APPS = ("calls", "partnerships", "notifications")


class World:
    """Objects by name, and the people of PRINCIPALS (but anonymous) by name."""

    def __init__(self) -> None:
        self.people = self._people()
        self.call = CallFactory(slug="open-call")
        self.hidden = CallFactory(slug="hidden-call", editorial="draft")
        RuleFactory(call=self.call)
        CriterionFactory(call=self.call, key="relevance")
        section = SectionFactory(call=self.call, key="summary")
        QuestionFactory(section=section, key="title", type="text")
        self.enquiry = Enquiry.objects.create(
            call=self.call, number=1, text="Who?", asked_at=timezone.now(), asked_by=self.people["officer"]
        )
        self.draft = ApplicationFactory(call=self.call, lead=self.own, reference="OWN-2026-0001")
        self.submitted = self._submitted("OWN-2026-0002")
        self.reviewed = self._reviewed()
        self.consent_token = self._asked(self.submitted)
        self.team_token = self._invited(self.draft, self.people["stranger"])
        self.draft_file, self.submitted_file = self._file(self.draft), self._file(self.submitted)
        self.theme = ThemeFactory(slug="waste")
        self.partnership = Partnership.objects.create(
            slug="two-cities", titles={"en": "Two cities"}, kind="pairing", stage="agreed"
        )
        for city in (self.own.city, self.other.city):
            Member.objects.create(partnership=self.partnership, city=city, role="partner")
        self.idea, self.interest = self._idea()
        self.alert = confirmed(at=timezone.now())
        self.pairing_call = pairing_world()
        self.run = self._run()
        self.mail = Message.objects.earliest("pk")
        self.told = message(self.people["officer"], "told", state="portal")
        self.membership = Membership.objects.get(user=self.people["officer"])

    def _people(self) -> dict[str, User]:
        self.own = OrganisationFactory(city__name="Ale", city__slug="ale-se")
        self.other = OrganisationFactory(city__name="Ghanzi", city__slug="ghanzi-bw", city__country="BW")
        people = {name: UserFactory(email=f"{name}@example.org") for name in PRINCIPALS[1:]}
        for name, role in (("viewer", "viewer"), ("officer", "officer"), ("approver", "approver")):
            MembershipFactory(user=people[name], organisation=self.own, role=role)
        MembershipFactory(user=people["suspended"], organisation=self.own)
        MembershipFactory(user=people["stranger"], organisation=self.other)
        for name in ("staff", "decider", "admin"):
            people[name].is_staff = True
        people["admin"].is_superuser = True
        people["suspended"].is_active = False
        for person in people.values():
            person.save()
        rights = Permission.objects.filter(content_type__app_label__in=STAFF_APPS)
        people["staff"].user_permissions.set(rights.exclude(codename="decide_application"))
        people["decider"].user_permissions.set(rights)
        return people

    def _submitted(self, reference: str):
        call = CallFactory(slug=f"call-of-{reference.lower()}")
        CriterionFactory(call=call)
        application = ApplicationFactory(call=call, lead=self.own, reference=reference, title="Youth")
        at = timezone.now()
        add_partner(application=application, city=CityFactory(), by=self.people["officer"], at=at)
        submit(application=application, version=None, by=self.people["officer"], at=at)
        application.refresh_from_db()
        return application

    def _file(self, application):
        """A document of the application."""
        clean, at = inspect_letter(Upload("letter.png", picture("PNG"))), timezone.now()
        city = self.other.city
        return keep_letter(application=application, city=city, clean=clean, signature=Signature(), at=at)

    def _asked(self, application) -> str:
        """The secret of the link that the application's partner was sent."""
        return invite_partner(
            application=application,
            city=application.partners.get().city,
            contact=Contact("partner@example.org"),
            by=self.people["officer"],
            at=timezone.now(),
        )[1]

    def _invited(self, application, person: User) -> str:
        """The secret of an invitation to the application's team."""
        return invite(
            application=application,
            email=person.email,
            role=TeamRole.EDITOR,
            by=self.people["officer"],
            at=timezone.now(),
        )[1]

    def _reviewed(self):
        application = self._submitted("OWN-2026-0003")
        at = timezone.now()
        staff, closed = self.people["staff"], application.closes_at
        screen(application=application, eligible=True, note="", by=staff, at=closed)
        Review.objects.create(
            application=application, reviewer=self.people["staff"], changed_at=at, finished_at=at
        )
        Decision.objects.create(
            application=application,
            outcome="selected",
            reason="Good.",
            recommended_at=at,
            recommended_by=self.people["admin"],
        )
        application.refresh_from_db()
        return application

    def _idea(self) -> tuple[Idea, Interest]:
        """An idea of the own city, and the mutual interest of the stranger's."""
        at, officer, stranger = timezone.now(), self.people["officer"], self.people["stranger"]
        text = IdeaText("en", "No landfill", "Sort together.", "Compost.", ("waste",), ("en",))
        idea = publish_idea(organisation=self.own, text=text, by=officer, at=at)
        interest = express_interest(idea=idea, organisation=self.other, message="We fit.", by=stranger, at=at)
        return idea, answer_interest(interest=interest, mutual=True, answer="", by=officer, at=at)

    def _run(self) -> PairingRun:
        at = timezone.now() - timedelta(minutes=1)
        run = request_run(call=self.pairing_call, by=self.people["staff"], at=at)
        return solve_here(run)
