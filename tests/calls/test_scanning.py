"""Documents before the virus scanner: who fetches them when, what the city hears, a scanner that is away."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from calls.models import Document
from calls.operations.submission import submit
from calls.queries.document_slots import slots_of
from calls.queries.documents import document_facts
from cooperation.jobs.scanned import Scan
from cooperation.jobs.scanning import SOURCES, scan_counts, scan_waiting
from cooperation.notifications.models import Message
from cooperation.web.files import file_at
from tests.calls.desk_world import staff_person
from tests.calls.document_world import Papers, papers
from tests.cooperation.documents.samples import pdf
from tests.factories import UserFactory
from tests.jobs.scanner import EICAR, scanner_at_a_port
from tests.pages import said

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def clamd(settings):
    with scanner_at_a_port() as (found, address):
        settings.VIRUS_SCANNER = address
        yield found


@pytest.fixture
def made(clamd, settings, tmp_path) -> Papers:
    settings.DOCUMENTS_ROOT = str(tmp_path)
    return papers()


def infect(document: Document) -> Document:
    """Give a kept file what the scanner knows: no sort of file that is taken can be it as a whole."""
    file_at(document.path).write_bytes(EICAR)
    return document


def fetch(client, made: Papers, document: Document, user) -> int:
    client.force_login(user)
    return client.get(f"{made.page}{document.pk}/").status_code


def test_without_a_scanner_nothing_waits(made, settings):
    settings.VIRUS_SCANNER = ""
    assert made.attach().scan == Scan.NONE
    assert scan_waiting() == 0


def test_a_document_waits_for_the_scanner_and_counts_meanwhile(client, made):
    document = made.attach()
    submit(application=made.application, version=None, by=made.officer, at=made.world.call.closes_at - DAY)
    made.application.refresh_from_db()
    assert made.application.status == "submitted"
    staff = staff_person("marta@example.org")
    assert fetch(client, made, document, made.officer) == 200
    assert "A virus scanner is looking at it" in said(client.get(made.page))
    assert fetch(client, made, document, staff) == 404
    assert scan_waiting() == 1
    document.refresh_from_db()
    assert (document.scan, document.finding) == (Scan.CLEAN, "")
    assert document.scanned_at is not None
    assert fetch(client, made, document, staff) == 200
    assert scan_waiting() == 0


def test_an_infected_document_is_closed_to_everybody_and_the_city_hears_what_to_do(client, made):
    document = infect(made.attach())
    assert scan_waiting() == 1
    for user in (made.officer, UserFactory(is_staff=True, is_superuser=True)):
        assert fetch(client, made, document, user) == 404
    client.force_login(made.officer)
    page = said(client.get(made.page))
    assert "Infected (Eicar-Test-Signature): nobody can open it" in page
    assert f"{document.pk}/" not in page
    slot = next(slot for slot in slots_of(made.application, timezone.now()) if slot.documents)
    assert slot.missing
    assert document_facts(made.application, timezone.now().date())["documents"]["budget"] == 0
    mail = Message.objects.get(kind="document_infected", reader=made.officer)
    assert (mail.recipient, made.page in mail.body, document.name in mail.body) == (
        made.officer.email, True, True
    )  # fmt: skip
    clean = made.attach(replaces=document, data=pdf(pages=2))
    assert scan_waiting() == 1
    assert fetch(client, made, clean, made.officer) == 200


@pytest.mark.parametrize("behaviour", ["large", "slam"])
def test_a_scanner_without_an_answer_is_asked_later_and_later(made, clamd, behaviour):
    data = pdf()
    first, second = made.attach(data=data), made.attach(data=data)
    assert first.pk == second.pk  # the same bytes are one document
    clamd.behaviour = behaviour
    at = timezone.now()
    waits = []
    for _attempt in range(3):
        assert scan_waiting(clock=partial(min, [at])) == 0
        first.refresh_from_db()
        waits.append((first.scan_after - at).total_seconds())
        assert scan_waiting(clock=partial(min, [at])) == 0  # not before its time
        at = first.scan_after
    assert waits == [30, 60, 120]
    assert (len(clamd.taken), first.scan_attempts, first.scan) == (3, 3, Scan.WAITING)
    assert "ScannerAway" in first.scan_error
    found = scan_counts(at)
    assert (found.waiting, found.failed, found.oldest) == (1, 0, first.uploaded_at)
    clamd.behaviour = "fine"
    assert scan_waiting(clock=partial(min, [at])) == 1


def test_a_file_that_is_lost_holds_up_no_other(made):
    lost = made.attach()
    file_at(lost.path).unlink()
    other = made.attach("letter")
    scan_waiting()
    scan_waiting()
    other.refresh_from_db()
    lost.refresh_from_db()
    assert (lost.scan, other.scan) == (Scan.WAITING, Scan.CLEAN)


def test_news_that_cannot_be_told_hold_up_no_other_file(made, monkeypatch):
    def refuse(row, at):
        raise ValueError("no words for it")

    bad = infect(made.attach())
    other = made.attach("letter")
    for key, source in SOURCES.items():
        monkeypatch.setitem(SOURCES, key, replace(source, infected=refuse))
    scan_waiting()
    bad.refresh_from_db()
    other.refresh_from_db()
    assert (bad.scan, bad.scan_attempts, "no words" in bad.scan_error) == (Scan.WAITING, 1, True)
    assert other.scan == Scan.CLEAN
