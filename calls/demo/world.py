"""The demo world: told once, in one transaction, through the operations that people use."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from calls.demo.applications import Storyteller
from calls.demo.decided import load_decided
from calls.demo.enquiries import load_enquiries
from calls.demo.figures import load_figures
from calls.demo.files import Register
from calls.demo.ideas import load_ideas
from calls.demo.kept_pages import load_kept_pages
from calls.demo.life import load_life
from calls.demo.messages import load_messages
from calls.demo.people import People
from calls.demo.portfolio import load_networks, load_partnerships, load_places, load_themes
from calls.demo.programmes import load_programmes
from calls.demo.rosario import load_rosario
from calls.demo.rounds import form_panels, prepare_next_round
from calls.demo.webhooks import load_webhook
from calls.models import Programme
from cooperation.notifications.lapsing import lay_aside

Say = Callable[[str], object]
# Any number: two loads at once wait for each other, and the second finds the world.
LOCK = 20_261_122


@dataclass
class Progress:
    """Says what each step loaded and how long it took."""

    say: Say
    began: float

    def step(self, what: str, load: Callable[[], object]) -> None:
        began = time.monotonic()
        found = load()
        counts = ", ".join(f"{number:,}" for number in (found if isinstance(found, tuple) else (found,)))
        self.say(f"  {what:<28} {counts:>10}  {time.monotonic() - began:5.1f} s")


@transaction.atomic
def load_world(*, at: datetime, say: Say) -> bool:
    """Load everything into an empty portal; False, and nothing done, when a programme exists already.

    `at` is now: current calls are dated from it, and all that is told happened before it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if Programme.objects.exists():
        return False
    register = Register()
    people = People(register, at)
    admin = people.create_administrator()
    progress = Progress(say, time.monotonic())
    say("Loading the demo world")
    progress.step("themes", lambda: load_themes(by=admin))
    progress.step("cities", lambda: load_places(register))
    progress.step("networks, members", lambda: load_networks(register, by=admin))
    progress.step("people", people.create_others)
    progress.step("partnerships", lambda: load_partnerships(register, by=admin))
    progress.step("Rosario's portfolio", lambda: load_rosario(register, by=admin, at=at))
    progress.step("programmes, calls", lambda: load_programmes(by=admin, at=at))
    progress.step("panels of reviewers", lambda: form_panels(people, at=at))
    progress.step("applications", lambda: Storyteller(register, people, at).tell())
    progress.step("votes, complaints", lambda: load_decided(people, at=at))
    progress.step("questions about calls", lambda: load_enquiries(people, at=at))
    progress.step("ideas that seek partners", lambda: load_ideas(people, at=at))
    progress.step("pages that cities keep", lambda: load_kept_pages(people, at=at))
    progress.step("the life of a partnership", lambda: load_life(people, at=at))
    progress.step("a webhook", lambda: load_webhook(people, at=at))
    progress.step("figures from a file", lambda: load_figures(people, at=at))
    progress.step("a round to be published", lambda: prepare_next_round(people, at=at))
    # Receipts and letters were posted as in real life. They belong to the past: people find them in the
    # portal, but nothing is mailed, so that a visitor's mail holds only what the visitor causes.
    read = at - timedelta(days=14)
    progress.step("old mails laid aside", lambda: lay_aside(posted_before=at, read_before=read))
    progress.step("alerts, mails that failed", lambda: load_messages(people, at=at))
    say(f"  all in {time.monotonic() - progress.began:.1f} s")
    return True
