"""Attaching, replacing, describing and taking out documents: who may, until when, and what stays."""

import resource
import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from calls.access import NotAllowed
from calls.eligibility.facts import Paper
from calls.models import Application, Document
from calls.operations import documents as operations
from calls.operations.documents import (
    MOST_IN_AN_APPLICATION,
    Signature,
    Upload,
    describe_document,
    inspect_letter,
    keep_letter,
    remove_document,
)
from calls.operations.status import NotPossible, lock
from calls.operations.submission import submit
from calls.queries.document_slots import asked_of, slots_of
from calls.queries.documents import document_facts, document_points
from cooperation.documents import Code, Refused, Sort
from cooperation.web.files import NotKept, file_at, keep
from tests.calls.document_world import Papers, files_kept, papers, signed
from tests.cooperation.documents.samples import pdf, picture
from tests.factories import CityFactory, QuestionFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def made(settings, tmp_path) -> Papers:
    settings.DOCUMENTS_ROOT = str(tmp_path)
    return papers()


def slots(made: Papers, at=None):
    application = Application.objects.get(pk=made.application.pk)
    return {slot.key: slot for slot in slots_of(application, at or made.world.call.opens_at)}


def sent(made: Papers):
    """The application, submitted an hour before the deadline."""
    at = made.world.call.closes_at - timedelta(hours=1)
    return submit(application=made.application, version=None, by=made.officer, at=at)


# --- attaching ----------------------------------------------------------------------------------------------


def test_a_document_is_kept_with_its_facts_under_a_name_that_says_nothing(made):
    document = made.attach("letter.gaborone", "Carta.pdf", pdf(pages=2), signature=signed())
    assert (document.question, document.sort, document.city) == (
        "letter", "endorsement_letter", made.world.gaborone
    )  # fmt: skip
    assert (document.name, document.pages, document.media_type) == ("Carta.pdf", 2, "application/pdf")
    assert (document.signatory, document.function, document.language) == ("Anna Berg", "mayor", "sv")
    [path] = files_kept()
    assert path == file_at(document.path)
    assert "Carta" not in str(path)
    assert len(path.read_bytes()) == document.size
    assert path.stat().st_mode & 0o077 == 0


def test_attaching_raises_the_version_and_says_who(made):
    before = made.application.version
    made.attach()
    made.application.refresh_from_db()
    assert (made.application.version, made.application.changed_by) == (before + 1, made.officer)


def test_the_same_file_twice_is_one_document(made):
    data = pdf()
    assert made.attach(data=data) == made.attach(data=data, name="again.pdf")
    assert len(files_kept()) == 1


def test_a_hostile_file_leaves_nothing(made):
    with pytest.raises(Refused) as refused:
        made.attach(data=b"<!doctype html><script>")
    assert refused.value.code is Code.UNKNOWN_SORT
    assert not Document.objects.exists()
    assert not files_kept()


def test_only_the_sorts_the_question_takes(made):
    with pytest.raises(Refused) as refused:
        made.attach(data=picture())
    assert refused.value.params["allowed"] == ["pdf", "xlsx"]


@pytest.mark.parametrize("who", ["viewer", "stranger"])
def test_only_writers_attach(made, who):
    person = made.world.viewer if who == "viewer" else UserFactory()
    with pytest.raises(NotAllowed):
        made.attach(by=person)
    assert not files_kept()


@pytest.mark.parametrize("slot", ["", "unknown", "budget.gaborone", "letter.rosario", "title", "\x00"])
def test_a_slot_nobody_asked_for(made, slot):
    CityFactory(name="Rosario", slug="rosario")
    with pytest.raises(NotPossible):
        made.attach(slot)
    assert not files_kept()


def test_a_slot_takes_so_many_and_then_only_in_the_place_of_another(made):
    first = made.attach(data=pdf(pages=1))
    made.attach(data=pdf(pages=2))
    with pytest.raises(NotPossible, match="At most 2 files"):
        made.attach(data=pdf(pages=3))
    assert len(files_kept()) == 2
    third = made.attach(data=pdf(pages=3), replaces=first)
    assert {row.pages for row in slots(made)["budget"].documents} == {2, 3}
    first.refresh_from_db()
    assert first.removed_by == made.officer
    assert third.removed_at is None


def test_an_application_holds_so_many(made, monkeypatch):
    monkeypatch.setattr(operations, "MOST_IN_AN_APPLICATION", 2)
    made.attach("letter", data=pdf(pages=1))
    made.attach("letter", data=pdf(pages=2))
    with pytest.raises(NotPossible, match="at most 2 files"):
        made.attach("budget")
    assert MOST_IN_AN_APPLICATION == 60


# --- until when ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "taken"), [(-1, True), (0, False)])
def test_a_draft_takes_documents_until_the_deadline(made, seconds, taken):
    at = made.world.call.closes_at + timedelta(seconds=seconds)
    assert (slots(made, at)["budget"].closed == "") is taken
    if not taken:
        with pytest.raises(NotPossible, match="drafts"):
            made.attach("letter", at=at)


@pytest.mark.parametrize("who", ["letter", "letter.gaborone"])
def test_after_the_submission_a_document_may_follow_until_the_end_of_its_day(made, who):
    made.attach()
    sent(made)
    due = slots(made)[who].due
    local = due.astimezone(made.world.call.zone_info)
    assert (local.hour, local.minute) == (0, 0)
    document = made.attach(who, at=due - timedelta(microseconds=1))
    assert document.uploaded_at > Application.objects.get().submitted_at
    with pytest.raises(NotPossible, match="last day"):
        made.attach(who, at=due, data=pdf(pages=2))
    with pytest.raises(NotPossible, match="last day"):
        made.attach("budget", at=made.world.call.closes_at, data=pdf(pages=2))


def test_what_waited_for_a_submission_counts_as_after_it(made):
    made.attach()
    snapshot = sent(made)
    document = made.attach("letter", at=snapshot.received_at - timedelta(seconds=3))
    assert document.uploaded_at > snapshot.received_at


@pytest.mark.parametrize("status", ["ineligible", "reviewed", "rejected", "withdrawn"])
def test_no_document_follows_a_decision(made, status):
    made.attach()
    sent(made)
    Application.objects.update(status=status)
    with pytest.raises(NotPossible, match="takes no documents"):
        made.attach("letter", at=made.world.call.closes_at + DAY)


def test_settings_that_cannot_be_read_count_as_not_said(made):
    said = {"due_on": "soon", "at_most": "many", "accepts": "pdf", "functions": [None, {}], "each_party": 1}
    asked = asked_of(QuestionFactory(section=made.section, key="x", type="file", settings=said), made.section)
    assert (asked.due_on, asked.at_most, asked.accepts) == (None, 3, tuple(Sort))
    assert (asked.each_party, asked.functions, asked.sort) == (False, (), "x")


# --- taking out ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_out_of_a_draft_is_deleted_and_stays_on_record(made):
    document = made.attach()
    remove_document(document=document, by=made.officer, at=timezone.now())
    document.refresh_from_db()
    assert document.removed_by == made.officer
    assert not files_kept()
    remove_document(document=document, by=made.officer, at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_what_a_submission_names_stays_on_disk(made):
    document = made.attach()
    sent(made)
    at = made.world.call.closes_at - timedelta(minutes=1)
    remove_document(document=document, by=made.officer, at=at)
    assert len(files_kept()) == 1


def test_after_the_deadline_what_was_submitted_cannot_be_taken_out(made):
    made.attach()
    letter = made.attach("letter")
    sent(made)
    late = made.world.call.closes_at + DAY
    with pytest.raises(NotPossible, match="part of what was submitted"):
        remove_document(document=letter, by=made.officer, at=late)
    with pytest.raises(NotPossible, match="part of what was submitted"):
        made.attach("letter", data=pdf(pages=2), replaces=letter, at=late)
    newer = made.attach("letter", data=pdf(pages=2), at=late)
    remove_document(document=newer, by=made.officer, at=late)
    assert list(Document.objects.kept().filter(question="letter")) == [letter]


def test_only_writers_take_out_and_describe(made):
    document = made.attach()
    with pytest.raises(NotAllowed):
        remove_document(document=document, by=made.world.viewer, at=timezone.now())
    with pytest.raises(NotAllowed):
        describe_document(document=document, signature=Signature(), by=made.world.viewer, at=timezone.now())


# --- signatures, letters ------------------------------------------------------------------------------------


def test_a_document_can_be_described_later(made):
    document = made.attach("letter")
    signature = Signature("Anna Berg", "mayor", "sv", date(2026, 11, 20))
    describe_document(document=document, signature=signature, by=made.officer, at=timezone.now())
    document.refresh_from_db()
    assert (document.signatory, document.signed_on) == ("Anna Berg", date(2026, 11, 20))


def test_a_partners_letter_needs_no_account(made):
    application = lock(made.application)
    letter = keep_letter(
        application=application,
        city=made.world.gaborone,
        clean=inspect_letter(Upload("letter.jpg", picture())),
        signature=Signature("Thabo Molefe", "Mayor"),
        at=timezone.now(),
    )
    with pytest.raises(NotPossible, match="came with the consent"):
        remove_document(document=letter, by=made.officer, at=timezone.now())
    assert (letter.uploaded_by, letter.sort, letter.city) == (None, "consent_letter", made.world.gaborone)


# --- what others see of it ----------------------------------------------------------------------------------


def test_a_missing_document_is_a_point_to_settle_unless_it_may_follow(made):
    [point] = document_points(slots(made).values())
    assert (point.sentence, point.place) == ("Attach “Budget”.", "documents")
    made.attach()
    assert document_points(slots(made).values()) == []


def test_rules_count_documents_and_see_who_signed(made):
    on = made.world.call.day_of(made.world.call.opens_at)
    assert document_facts(made.application, on) == {"documents": {"budget": 0}, "papers": ()}
    made.attach("letter.gaborone", signature=signed())
    facts = document_facts(made.application, on)
    assert facts["documents"] == {"budget": 0, "endorsement_letter": 1}
    assert facts["papers"] == (Paper("endorsement_letter", "Gaborone", "mayor", "sv"),)
    last = slots(made)["letter"].asked.due_on
    Document.objects.all().delete()
    assert document_facts(made.application, last)["documents"] == {"budget": 0}
    assert document_facts(made.application, last + DAY)["documents"] == {"budget": 0, "endorsement_letter": 0}


def test_a_form_without_documents_says_nothing_about_them(made):
    made.section.delete()
    assert document_facts(made.application, date(2026, 11, 22)) == {}


# --- faults -------------------------------------------------------------------------------------------------


def test_a_full_disk_is_a_sentence_and_leaves_nothing(made):
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, old[1]))
    try:
        with pytest.raises(NotKept, match="no room") as trouble:
            made.attach(data=pdf(pages=3))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert trouble.value.full
    assert not files_kept()
    assert not Document.objects.exists()


def test_a_disk_that_cannot_be_written_is_a_sentence(made, settings, tmp_path):
    (tmp_path / "file").write_text("no folder")
    settings.DOCUMENTS_ROOT = str(tmp_path / "file")
    with pytest.raises(NotKept, match="could not write") as trouble:
        keep(b"x")
    assert not trouble.value.full


def test_what_is_refused_after_it_was_written_is_taken_away(made, monkeypatch):
    """The application closes between the first look and the lock."""
    written = keep

    def close_then_keep(data: bytes) -> str:
        Application.objects.update(status="withdrawn")
        return written(data)

    monkeypatch.setattr(operations, "keep", close_then_keep)
    with pytest.raises(NotPossible):
        made.attach()
    assert not files_kept()


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_never_exceed_the_count(made):
    outcomes: list[object] = []

    def attach(pages: int) -> None:
        try:
            outcomes.append(made.attach(data=pdf(pages=pages)))
        except NotPossible as refusal:
            outcomes.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=attach, args=[pages]) for pages in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(row, Document) for row in outcomes) == 2
    assert Document.objects.kept().count() == len(files_kept()) == 2
