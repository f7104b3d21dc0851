"""A request for correction: what it asks and allows, how it is answered, closed and reminded of."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from calls.access import NotAllowed
from calls.models import Application, Call, CorrectionRequest, Extension
from calls.operations.applications import reopen, save_answers, withdraw
from calls.operations.correcting_submissions import close_correction, request_correction
from calls.operations.overtaking import Overtaken
from calls.operations.relevance import correction_matters
from calls.operations.reminding import remind
from calls.operations.screening import screen, why_not_screen
from calls.operations.status import NotPossible
from calls.operations.submission import submit
from calls.queries.correction_reasons import OTHER, REASONS, labels, sentences
from calls.queries.staff import waiting_for
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from tests.calls.desk_world import days_ago, staff_person
from tests.calls.reminded import words_of
from tests.calls.worlds import World, small_world
from tests.factories import UserFactory
from tests.quick import AMOUNTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta() -> User:
    return staff_person()


@pytest.fixture
def world() -> World:
    return small_world(zone="Europe/Stockholm")


@pytest.fixture
def sent(world) -> Application:
    """Submitted in time to a call that closed yesterday."""
    draft = world.complete()
    submit(application=draft, version=None, by=world.officer, at=timezone.now())
    Call.objects.update(closes_at=days_ago(1))
    Application.objects.update(submitted_at=days_ago(2))
    return Application.objects.select_related("call").get()


def ask(application: Application, by: User, **more) -> CorrectionRequest:
    about = {"reasons": ["budget", "signature_missing"], "note": "Annex 2.", "due_at": days_ago(-7)}
    return request_correction(**{"application": application, "by": by, "at": timezone.now(), **about, **more})


def answer(world: World, application: Application, words: str = "Corrected.") -> None:
    """The city changes its summary and submits again."""
    application.refresh_from_db()
    about = {"application": application, "by": world.officer, "at": timezone.now()}
    saved = save_answers(answers={"summary": words}, version=application.version, **about)
    submit(version=saved.version, **about)
    application.refresh_from_db()


# --- asking -------------------------------------------------------------------------------------------------


def test_asking_opens_the_application_for_its_applicant_alone_and_is_on_record(world, sent, marta):
    row = ask(sent, marta)
    sent.refresh_from_db()
    assert (row.reasons, row.note, row.asked_by) == (["signature_missing", "budget"], "Annex 2.", marta)
    assert sent.extended_to == row.due_at
    extension = Extension.objects.get()
    assert extension.closes_to == row.due_at
    assert extension.reason == ("Request for correction: A signature is missing; The budget does not add up")
    assert sent.is_open(timezone.now())


def test_the_city_is_told_what_to_correct_in_each_readers_language(world, sent, marta):
    User.objects.filter(pk=world.approver.pk).update(language="sv")
    ask(sent, marta)
    told = {mail.recipient: mail for mail in Message.objects.filter(kind="correction")}
    assert set(told) == {world.officer.email, world.approver.email}
    mail = told[world.officer.email]
    assert mail.subject.startswith(f"{sent.reference}: correct your application by ")
    for words in ("A signature is missing. Have", "The budget does not add up. Check", "Annex 2."):
        assert words in mail.body
    assert sent.get_absolute_url() in mail.body
    assert told[world.approver.email].language == "sv"
    assert "Annex 2." in told[world.approver.email].body


@pytest.mark.parametrize("language", ["en", "sv", "es", "pl", "ca", "pt-br"])
def test_every_reason_but_the_other_one_says_what_to_do(language):
    with override(language):
        assert len(sentences(REASONS)) == len(REASONS) - 1
        assert all(labels(REASONS))
    assert labels(["gone"]) == ["gone"]
    assert sentences(["gone"]) == []


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"reasons": []}, "Choose at least one reason."),
        ({"reasons": ["weather"]}, "No such reason: weather."),
        ({"reasons": [OTHER], "note": "  "}, "Say in the comment what else"),
        ({"due_at": days_ago(0)}, "This time has passed."),
    ],
)
def test_what_asks_nothing_or_too_late_is_refused(sent, marta, more, sentence):
    with pytest.raises(NotPossible, match=sentence):
        ask(sent, marta, **more)
    assert not CorrectionRequest.objects.exists()
    assert not Extension.objects.exists()
    assert not Message.objects.filter(kind="correction").exists()


def test_one_request_is_open_at_a_time(sent, marta):
    ask(sent, marta)
    with pytest.raises(NotPossible, match="A correction was asked already"):
        ask(sent, marta)
    assert CorrectionRequest.objects.count() == 1


def test_an_answered_or_overdue_request_is_closed_by_the_next(world, sent, marta):
    first = ask(sent, marta)
    answer(world, sent)
    second = ask(sent, marta, due_at=days_ago(-9))
    later = second.due_at + timedelta(hours=1)
    third = ask(sent, marta, at=later, due_at=later + timedelta(days=3))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.closed_by, second.closed_by, second.answered_at) == (marta, marta, None)
    assert list(sent.corrections.filter(closed_at__isnull=True)) == [third]


@pytest.mark.parametrize("status", ["eligible", "ineligible", "withdrawn", "rejected"])
def test_only_what_waits_for_screening_is_corrected(sent, marta, status):
    Application.objects.update(status=status)
    with pytest.raises(NotPossible, match="a correction is asked only before it is screened"):
        ask(sent, marta)


def test_nothing_is_asked_while_the_city_can_submit_anyway_or_of_an_archived_call(sent, marta):
    Call.objects.update(closes_at=days_ago(-1))
    with pytest.raises(NotPossible, match="can submit again until"):
        ask(sent, marta)
    Call.objects.update(closes_at=days_ago(1), editorial="archived")
    with pytest.raises(NotPossible, match="archived"):
        ask(sent, marta)


def test_only_screeners_ask_and_close(world, sent, marta):
    for person in (UserFactory(is_staff=True), world.officer):
        with pytest.raises(NotAllowed):
            ask(sent, person)
    ask(sent, marta)
    with pytest.raises(NotAllowed):
        close_correction(application=sent, by=UserFactory(is_staff=True), at=timezone.now())


def test_who_read_an_older_page_asks_nothing(sent, marta):
    with pytest.raises(Overtaken):
        ask(sent, marta, version=sent.version - 1)
    seen = sent.version
    ask(sent, marta, version=seen)
    with pytest.raises(Overtaken):
        screen(application=sent, eligible=True, note="", by=marta, at=days_ago(-8), version=seen)


def test_a_call_without_a_deadline_needs_no_later_one(sent, marta):
    Call.objects.update(closes_at=None)
    sent.refresh_from_db()
    ask(sent, marta)
    assert not Extension.objects.exists()
    with pytest.raises(NotPossible, match="was asked to correct it by"):
        screen(application=sent, eligible=True, note="", by=marta, at=timezone.now())


# --- the answer ---------------------------------------------------------------------------------------------


def test_a_new_submission_is_the_answer_and_can_be_screened_at_once(world, sent, marta):
    row = ask(sent, marta)
    assert "was asked to correct it by" in why_not_screen(sent, timezone.now())
    assert not waiting_for("screen", marta).exists()
    answer(world, sent)
    row.refresh_from_db()
    assert row.answer == sent.snapshots.get(number=2)
    assert row.answered_at == row.answer.received_at
    assert why_not_screen(sent, timezone.now()) == ""
    assert waiting_for("screen", marta).get() == sent
    screen(application=sent, eligible=True, note="", by=marta, at=timezone.now())
    row.refresh_from_db()
    assert row.closed_by == marta


def test_saving_or_sending_the_same_again_is_no_answer(world, sent, marta):
    row = ask(sent, marta)
    sent.refresh_from_db()
    about = {"application": sent, "by": world.officer, "at": timezone.now()}
    submit(version=sent.version, **about)
    save_answers(answers={"summary": "Typed."}, version=sent.version, **about)
    row.refresh_from_db()
    assert row.answered_at is None
    assert not Message.objects.filter(kind="receipt", created_at__gt=row.asked_at).exists()


def test_a_later_submission_does_not_move_the_answer(world, sent, marta):
    row = ask(sent, marta)
    answer(world, sent, "Once.")
    answer(world, sent, "Twice.")
    row.refresh_from_db()
    assert row.answer.number == 2


@pytest.mark.parametrize("microseconds", [-1, 0])
def test_when_the_time_has_passed_it_is_screened_as_it_stands(sent, marta, microseconds):
    row = ask(sent, marta)
    sent.refresh_from_db()
    at = row.due_at + timedelta(microseconds=microseconds)
    assert bool(why_not_screen(sent, at)) is bool(microseconds)


def test_what_was_withdrawn_and_comes_back_answers_too(world, sent, marta):
    row = ask(sent, marta)
    sent.refresh_from_db()
    withdraw(application=sent, by=world.officer, at=timezone.now())
    assert not waiting_for("city", marta).exists()
    reopen(application=sent, by=world.officer, at=timezone.now())
    answer(world, sent)
    row.refresh_from_db()
    assert row.answer.number == 2


# --- closing ------------------------------------------------------------------------------------------------


def test_taking_a_request_back_ends_its_deadline_and_tells_the_city(world, sent, marta):
    ask(sent, marta)
    at = timezone.now()
    row = close_correction(application=sent, by=marta, at=at)
    sent.refresh_from_db()
    assert (row.closed_by, sent.extended_to) == (marta, at)
    assert not sent.is_open(at)
    assert why_not_screen(sent, at) == ""
    assert Message.objects.filter(kind="correction_closed").count() == 2
    with pytest.raises(NotPossible, match="has no open request"):
        close_correction(application=sent, by=marta, at=at)


def test_closing_an_answered_request_says_nothing_to_the_city(world, sent, marta):
    ask(sent, marta)
    answer(world, sent)
    close_correction(application=sent, by=marta, at=timezone.now())
    assert not Message.objects.filter(kind="correction_closed").exists()
    assert waiting_for("screen", marta).exists()


# --- queues and reminders -----------------------------------------------------------------------------------


def test_each_state_has_its_queue(world, sent, marta):
    def queues() -> set[str]:
        keys = ("screen", "corrected", "correction_overdue", "city")
        return {key for key in keys if waiting_for(key, marta).exists()}

    assert queues() == {"screen"}
    ask(sent, marta)
    assert queues() == {"city"}
    CorrectionRequest.objects.update(due_at=days_ago(0))
    Application.objects.update(extended_to=days_ago(0))
    assert queues() == {"screen", "correction_overdue"}
    CorrectionRequest.objects.update(due_at=days_ago(-3))
    Application.objects.update(extended_to=days_ago(-3))
    answer(world, sent)
    assert queues() == {"screen", "corrected"}
    screen(application=sent, eligible=True, note="", by=marta, at=timezone.now())
    assert queues() == set()


def test_the_city_is_reminded_once_two_days_before(world, sent, marta):
    row = ask(sent, marta)
    assert remind(at=row.due_at - timedelta(days=2, minutes=1)) == 0
    assert remind(at=row.due_at - timedelta(days=2)) == 2
    assert remind(at=row.due_at - timedelta(days=1)) == 0
    posted = Message.objects.filter(kind="correction_reminder").first()
    mail = words_of(posted, row.due_at - timedelta(days=1))
    assert "A signature is missing" in mail.body


def test_nobody_is_reminded_of_what_is_answered_past_or_was_asked_just_now(world, sent, marta):
    row = ask(sent, marta, due_at=days_ago(-1))
    assert remind(at=timezone.now()) == 0
    assert remind(at=row.due_at) == 0
    CorrectionRequest.objects.update(due_at=days_ago(-7))
    assert correction_matters({"application": sent.pk}, timezone.now())
    answer(world, sent)
    assert remind(at=days_ago(-6)) == 0
    assert not correction_matters({"application": sent.pk}, timezone.now())


# --- the pages ----------------------------------------------------------------------------------------------


def address(application: Application, name: str = "correction") -> str:
    return reverse(f"admin:calls_application_{name}", args=[application.pk])


def typed(application: Application, **more) -> dict:
    words = {"reasons": ["budget"], "note": "Sheet 3.", "due": "2090-05-12T23:59"}
    return {**words, "version": application.version, **more}


def test_the_message_is_read_before_it_is_sent(client, sent, marta):
    client.force_login(marta)
    page = client.get(address(sent)).content.decode()
    assert "The budget does not add up" in page
    response = client.post(address(sent), typed(sent, preview="1"))
    text = response.content.decode()
    assert response.status_code == 200
    assert "Check the sums, each party’s share" in text
    assert "To be submitted again by 12 May 2090, 23:59 Stockholm." in text
    assert not CorrectionRequest.objects.exists()
    assert client.post(address(sent), typed(sent, send="1")).status_code == 302
    row = CorrectionRequest.objects.get()
    assert row.due_at == datetime(2090, 5, 12, 23, 59, tzinfo=ZoneInfo("Europe/Stockholm"))


def test_without_a_word_seven_days_are_given_on_the_calls_clock(client, sent, marta):
    client.force_login(marta)
    form = client.get(address(sent)).context["form"]
    wall = timezone.now().astimezone(ZoneInfo("Europe/Stockholm")).date() + timedelta(days=7)
    assert f"{form.initial['due']:%Y-%m-%d %H:%M}" == f"{wall} 23:59"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"reasons": []}, "Choose at least one reason."),
        ({"reasons": ["weather"]}, "weather is not one of the available choices"),
        ({"reasons": ["other"], "note": ""}, "Say in the comment what else"),
        ({"note": "a\x00b"}, "Null characters are not allowed."),
        ({"note": "x" * 5_001}, "at most 5000"),
        ({"due": ""}, "Enter until when the city has time."),
        ({"due": "soon"}, "valid date"),
        ({"due": "2001-01-01T10:00"}, "This time has passed."),
        ({"due": "2027-03-28T02:30"}, "does not exist"),
        ({"due": "2027-10-31T02:30"}, "happens twice"),
        ({"version": "x"}, "whole number"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(client, sent, marta, more, sentence):
    client.force_login(marta)
    response = client.post(address(sent), typed(sent, send="1", **more))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert more.get("note") is not None or "Sheet 3." in response.content.decode()
    assert not CorrectionRequest.objects.exists()


def test_who_comes_second_is_told_and_keeps_the_words(client, sent, marta):
    version = sent.version
    ask(sent, staff_person("helena@example.org"))
    client.force_login(marta)
    response = client.post(address(sent), typed(sent, send="1", version=version))
    assert response.status_code == 409
    assert "Somebody changed" in response.content.decode()
    assert "Sheet 3." in response.content.decode()


def test_staff_who_do_not_screen_are_refused(client, sent, marta):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(address(sent)).status_code == 403
    assert client.post(address(sent), typed(sent, send="1")).status_code == 403
    ask(sent, marta)
    sent.refresh_from_db()
    assert client.post(address(sent, "close_correction"), {"version": sent.version}).status_code == 403
    assert CorrectionRequest.objects.get().closed_at is None


def test_staff_see_what_the_answer_changed(client, world, sent, marta):
    ask(sent, marta)
    client.force_login(marta)
    page = client.get(address(sent, "change")).content.decode()
    assert "Asked, due" in page
    assert "Take the request back" in page
    answer(world, sent, "Young people decide, and are heard.")
    page = " ".join(client.get(address(sent, "change")).content.decode().split())
    assert "1 point changed since it was asked" in page
    assert "<del>Young people decide.</del>" in page
    assert "<ins>Young people decide, and are heard.</ins>" in page
    response = client.post(address(sent, "close_correction"), {"version": sent.version})
    assert response.status_code == 302
    assert client.post(address(sent, "close_correction"), {"version": "x"}).status_code == 422
    assert client.post(address(sent, "close_correction"), {"version": sent.version}).status_code == 409


def test_the_city_reads_it_on_its_task_list_and_in_its_history(client, world, sent, marta):
    ask(sent, marta)
    client.force_login(world.officer)
    page = client.get(sent.get_absolute_url()).content.decode()
    assert "Correct this application and submit it again by" in page
    assert "Annex 2." in page
    history = client.get(reverse("calls:history", args=[sent.reference])).content.decode()
    assert "Correction asked, by" in history
    assert str(marta) not in history
    answer(world, sent)
    page = client.get(sent.get_absolute_url()).content.decode()
    assert "You answered the request for correction on" in page
    assert "until it is screened" in page


@pytest.mark.parametrize("count", AMOUNTS)
def test_the_page_costs_the_same_however_often_something_was_asked(
    client, sent, marta, count, django_assert_num_queries
):
    for number in range(count):
        at = timezone.now() + timedelta(days=10 * number)
        ask(sent, marta, at=at, due_at=at + timedelta(days=2))
    CorrectionRequest.objects.filter(closed_at__isnull=True).update(due_at=days_ago(0))
    client.force_login(marta)
    client.get(address(sent, "change"))
    with django_assert_num_queries(39):
        client.get(address(sent, "change"))
