"""A draft of Ale with Gaborone as its partner, and the link that Gaborone was sent."""

from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from calls.models import Application, Consent, PartnerInvitation
from calls.models.consent import ConsentAnswer
from calls.operations.applications import add_partner, save_answers
from calls.operations.consents import Contact, Reply, answer, invite_partner
from calls.queries.statement import statement_sha256
from partnerships.models import City
from tests.calls.worlds import World

AGREES = Reply(ConsentAnswer.AGREED, "Thabo Molefe", "Town Clerk")
DECLINES = Reply(ConsentAnswer.DECLINED, "Thabo Molefe", "Town Clerk", "No time this year.")
PROPOSES = Reply(ConsentAnswer.CHANGE, "Thabo Molefe", "Town Clerk", "Name the youth council.")
TYPED = {"answer": "agreed", "signatory": "Thabo Molefe", "function": "Town Clerk", "confirm": "on"}


@dataclass
class Asked:
    """An application, one of its partners, and that partner's link."""

    world: World
    draft: Application
    invitation: PartnerInvitation
    token: str

    @property
    def path(self) -> str:
        return f"/consent/{self.token}/"

    @property
    def now(self) -> str:
        """The hash of the text as it is."""
        return statement_sha256(Application.objects.get(pk=self.draft.pk))

    def reply(self, reply: Reply = AGREES, seen: str = "") -> Consent:
        return answer(token=self.token, reply=reply, seen=seen or self.now, at=timezone.now())

    def edit(self, **answers: str) -> None:
        """The lead changes its text."""
        save_answers(
            application=self.draft,
            answers=answers,
            version=Application.objects.get(pk=self.draft.pk).version,
            by=self.world.officer,
            at=timezone.now(),
        )

    def form(self, **typed: object) -> dict[str, object]:
        """What the page sends: its own text, and what was typed into it."""
        page = Client().get(self.path).context["page"]
        return {"seen": page.agreement.sealed, **TYPED, **typed}


def ask(world: World, city: City | None, email: str = "clerk@example.org", *, hours: int = 1, **contact):
    """Ask one city at an address, some hours ago."""
    draft = Application.objects.get(lead=world.lead)
    return invite_partner(
        application=draft,
        city=city,
        contact=Contact(email, **contact),
        by=world.officer,
        at=timezone.now() - timedelta(hours=hours),
    )


def asked(world: World, **contact) -> Asked:
    """Ale's complete draft; Gaborone is its partner and was asked two hours ago."""
    draft = world.complete()
    add_partner(application=draft, city=world.gaborone, by=world.officer, at=timezone.now())
    invitation, token = ask(world, world.gaborone, hours=2, **contact)
    draft.refresh_from_db()
    return Asked(world, draft, invitation, token)
