"""What a test has the portal do, in a process of the portal: only calls of operations, and of programs."""

import os
import time
from contextlib import nullcontext
from datetime import timedelta
from io import StringIO
from typing import Any

import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from calls.models import Call
from calls.operations.applications import save_answers, start
from calls.operations.submission import submit
from cooperation.accounts.models import User
from cooperation.celery import app
from cooperation.history.sealing import seal_entries, verify_chain
from cooperation.notifications.delivery import deliver_due
from cooperation.notifications.operations import Letter, post_all
from cooperation.web.clock import database_now
from tests.calls.worlds import small_world
from tests.factories import CityFactory, MembershipFactory, OrganisationFactory, UserFactory


def post_kinds(keys: list[str]) -> None:
    """Post a message for each key, in this order; a key begins with its kind."""
    for key in keys:
        post([key], key.partition(":")[0])


def post(keys: list[str], kind: str = "receipt", expires_in: float | None = None) -> list[float]:
    """Post a message for each key, each in a transaction of its own; return the seconds each took."""
    took = []
    for key in keys:
        began = time.monotonic()
        with transaction.atomic():
            at = database_now()
            post_all([letter(key, kind, at + timedelta(seconds=expires_in) if expires_in else None)], at=at)
        took.append(time.monotonic() - began)
    return took


def letter(key: str, kind: str, expires_at: Any = None) -> Letter:
    """A letter whose recipient is made of its key."""
    return Letter(
        key=key,
        kind=kind,
        recipient=f"{key.replace(':', '-')}@example.org",
        language="en",
        template="fault.txt",
        context={"key": key},
        about={},
        expires_at=expires_at,
    )


def write(count: int, name: str = "city") -> dict[str, dict[str, Any]]:
    """So many officers save a draft, and every second submits it; return what each was told is kept.

    `saved` are the answers by reference, `submitted` the SHA-256 of the receipts by reference.
    """
    call = Call.objects.first() or small_world(closes_at=database_now() + timedelta(days=30)).call
    # this process counts from the beginning; others have made people before
    UserFactory.reset_sequence(User.objects.count(), force=True)
    told: dict[str, dict[str, Any]] = {"saved": {}, "submitted": {}}
    for number in range(count):
        city = CityFactory(name=f"{name} {number}", slug=f"{name}-{number}")
        officer = MembershipFactory(organisation=OrganisationFactory(city=city, slug=city.slug)).user
        lead = officer.memberships.get().organisation
        draft = start(call=call, lead=lead, by=officer, at=database_now())
        answers = {"title": f"Youth {number}", "summary": "Young people decide."}
        saved = save_answers(
            application=draft, answers=answers, version=draft.version, by=officer, at=database_now()
        )
        told["saved"][draft.reference] = answers
        if number % 2:
            snapshot = submit(application=saved, version=saved.version, by=officer, at=database_now())
            told["submitted"][draft.reference] = snapshot.sha256
    return told


def deliver(ahead: float = 0, clock_ahead: float = 0) -> int:
    """Deliver what is due, on the database's clock put `ahead` by so many seconds.

    `clock_ahead` is how far this process's own clock is off.
    """
    with _clock(clock_ahead):
        return deliver_due(clock=lambda: database_now() + timedelta(seconds=ahead))


def deliver_again(ahead: list[float]) -> int:
    """Deliver what is due, as at each of these instants."""
    return sum(deliver(seconds) for seconds in ahead)


def worker(concurrency: int = 1, clock_ahead: float = 0, log: str = os.devnull) -> None:
    """A Celery worker with a pool of processes, whose clock is off by so many seconds."""
    _log_to(log)
    if clock_ahead:
        _clock(clock_ahead).start()
    words = ["worker", "--pool=prefork", f"--concurrency={concurrency}", "--loglevel=WARNING"]
    app.worker_main([*words, "--without-gossip", "--without-mingle", f"--hostname=faults-{os.getpid()}@%h"])


def beat(schedule: str, every: float | None = None, log: str = os.devnull) -> None:
    """A scheduler; with `every` it wakes the mail alone, every so many seconds."""
    _log_to(log)
    if every:
        entry = settings.CELERY_BEAT_SCHEDULE["deliver-mail"]
        app.conf.beat_schedule = {"deliver-mail": {**entry, "schedule": every}}
    app.Beat(schedule=schedule, loglevel="WARNING", quiet=True, max_interval=every).run()


def manage(words: list[str]) -> str:
    """What a management command wrote."""
    with StringIO() as written:
        call_command(*words, stdout=written)
        return written.getvalue()


def verify_history() -> int:
    """Seal what waits and compute every seal again; raises Broken."""
    seal_entries(at=database_now())
    return verify_chain().entries


def staff_sees() -> dict[str, str]:
    """The work queue, and the outbox filtered by state, as a person of staff reads them."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser("staff@example.org", "a long password"))
    outbox = reverse("admin:notifications_message_changelist")
    pages = {"queue": client.get(reverse("admin:index"))}
    pages |= {state: client.get(f"{outbox}?state__exact={state}") for state in ("uncertain", "sent")}
    return {name: page.content.decode() for name, page in pages.items()}


def _clock(ahead: float) -> Any:
    """The clock of this process and of its children, moved."""
    return time_machine.travel(time.time() + ahead, tick=True) if ahead else nullcontext()


def _log_to(path: str) -> None:
    with open(path, "ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
