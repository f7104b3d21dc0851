"""A call that asks for documents: one from the lead, one from each party that may follow later."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from calls.models import Application, ApplicationPartner, Document, Question, Section
from calls.operations.documents import Signature, Upload, add_document
from cooperation.accounts.models import User
from tests.calls.worlds import World, small_world
from tests.cooperation.documents.samples import pdf
from tests.factories import QuestionFactory, SectionFactory


@dataclass
class Papers:
    """Ale with Gaborone: a budget by the deadline, an endorsement letter of each ten days later."""

    world: World
    section: Section
    budget: Question
    letter: Question
    application: Application

    @property
    def officer(self) -> User:
        return self.world.officer

    @property
    def page(self) -> str:
        return f"/applications/{self.application.reference}/documents/"

    def attach(self, slot: str = "budget", name: str = "a.pdf", data: bytes = b"", **more) -> Document:
        more = {"by": self.officer, "at": self.world.call.opens_at + timedelta(days=1), **more}
        upload = Upload(name, data or pdf())
        return add_document(application=self.application, slot=slot, upload=upload, **more)


def papers(**call) -> Papers:
    world = small_world(consent_required=False, **call)
    section = SectionFactory(call=world.call, key="papers", titles={"en": "Papers"}, position=1)
    budget = QuestionFactory(
        section=section, key="budget", type="file", labels={"en": "Budget"}, required=True,
        settings={"at_most": 2, "accepts": ["pdf", "xlsx"]},
    )  # fmt: skip
    due_on = (world.call.closes_at + timedelta(days=10)).astimezone(world.call.zone_info).date()
    letter = QuestionFactory(
        section=section, key="letter", type="file", labels={"en": "Endorsement letter"}, required=True,
        position=1,
        settings={
            "sort": "endorsement_letter", "each_party": True, "due_on": due_on.isoformat(), "signed": True,
            "functions": [{"value": "mayor", "label": {"en": "Mayor"}}],
        },
    )  # fmt: skip
    application = world.complete()
    ApplicationPartner.objects.create(application=application, city=world.gaborone)
    return Papers(world, section, budget, letter, application)


def files_kept() -> list[Path]:
    return [path for path in Path(settings.DOCUMENTS_ROOT).rglob("*") if path.is_file()]


def signed() -> Signature:
    return Signature("Anna Berg", "mayor", "sv")
