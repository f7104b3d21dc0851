"""Public questions and answers: the window, who hears what, what is never shown, and the pages."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calls.access import NotAllowed
from calls.models import Application, Call, CallText, EligibilityRule, Enquiry
from calls.operations.enquiries import MOST_WAITING, answer, ask, decline
from calls.operations.relevance import answer_matters
from calls.operations.status import NotPossible
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from tests.calls.desk_world import staff_person
from tests.calls.worlds import World, small_world
from tests.factories import CallFactory, UserFactory
from tests.pages import said

NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
UNTIL = NOW + timedelta(days=5)
QUERIES = 9
WORDS, SAID = {"en": "Is a tool of 2024 valid?"}, {"en": "Yes, if the same parties apply."}


@pytest.fixture
def marta(db) -> User:
    return staff_person("marta@example.org", "change_call")


@pytest.fixture
def asker(db) -> User:
    return UserFactory(name="Sigrid Storm", email="sigrid@example.org")


@pytest.fixture
def world(db) -> World:
    return small_world(
        slug="one",
        opens_at=NOW - timedelta(days=10),
        closes_at=NOW + timedelta(days=20),
        questions_until=UNTIL,
    )


def asked(
    world: World, by: User, text: str = "I, Sigrid, ask: is a tool of 2024 valid?", **more: Any
) -> Enquiry:
    return ask(**{"call": world.call, "text": text, "language": "en", "by": by, "at": NOW, **more})


def answered(enquiry: Enquiry, by: User, **more: Any) -> Enquiry:
    return answer(**{"enquiry": enquiry, "texts": WORDS, "answers": SAID, "by": by, "at": NOW, **more})


def mails(kind: str) -> dict[str, Message]:
    return {row.recipient: row for row in Message.objects.filter(kind=kind)}


# --- asking ---


def test_questions_are_numbered_within_their_call(world, asker):
    numbers = [asked(world, asker, text).number for text in ("One?", "Two?")]
    other = ask(call=CallFactory(), text="One?", language="en", by=asker, at=timezone.now())
    assert (numbers, other.number) == ([1, 2], 1)


def test_the_same_words_sent_twice_are_one_question(world, asker):
    assert asked(world, asker).pk == asked(world, asker).pk
    assert Enquiry.objects.count() == 1


@pytest.mark.parametrize(("offset", "taken"), [(-1, True), (0, False), (1, False)])
def test_the_window_ends_at_the_microsecond(world, asker, offset, taken):
    at = UNTIL + timedelta(microseconds=offset)
    if taken:
        assert asked(world, asker, at=at)
    else:
        with pytest.raises(NotPossible, match="Questions were taken until 6 February 2027, 13:00 Stockholm"):
            asked(world, asker, at=at)


def test_the_window_ends_with_the_call_and_never_without_a_deadline(world, asker):
    Call.objects.update(questions_until=None)
    assert asked(world, asker, at=world.call.closes_at - timedelta(microseconds=1))
    with pytest.raises(NotPossible, match="Questions were taken until"):
        asked(world, asker, "Late?", at=world.call.closes_at)
    Call.objects.update(closes_at=None)
    assert asked(world, asker, "Ever?", at=NOW + timedelta(days=4_000))


def test_a_draft_call_takes_no_questions(world, asker):
    Call.objects.update(editorial="draft", published_at=None, questions_until=None, closes_at=None)
    with pytest.raises(NotPossible, match="takes no questions"):
        asked(world, asker)


def test_a_question_is_about_this_calls_rules_and_form_only(world, asker):
    rule = world.call.rules.first()
    assert asked(world, asker, rule=rule).rule == rule
    assert asked(world, asker, question="summary").question == "summary"
    foreign = EligibilityRule.objects.create(call=CallFactory(), kind="themes", parameters={"minimum": 1})
    for wrong in ({"rule": foreign}, {"rule": rule, "question": "summary"}, {"question": "unknown"}):
        with pytest.raises(NotPossible):
            asked(world, asker, "Other?", **wrong)


def test_one_person_asks_ten_at_a_time(world, asker, marta):
    for number in range(MOST_WAITING):
        asked(world, asker, f"Question {number}?")
    with pytest.raises(NotPossible, match="wait for an answer"):
        asked(world, asker, "One more?")
    decline(enquiry=Enquiry.objects.first(), reason="Private.", by=marta, at=NOW)
    assert asked(world, asker, "One more?")


# --- answering ---


def test_an_answer_is_published_once_and_the_asker_hears(world, asker, marta):
    enquiry = answered(asked(world, asker), marta)
    assert (enquiry.answered_by, enquiry.answered_at) == (marta, NOW)
    body = mails("enquiry_answered")[asker.email].body
    assert "Yes, if the same parties apply." in body
    assert "/calls/one/qa/#q-1" in body
    with pytest.raises(NotPossible, match="answered question 1 already"):
        answered(enquiry, marta, answers={"en": "No."})
    enquiry.refresh_from_db()
    assert enquiry.answers == SAID


def test_writers_of_this_call_hear_once_and_others_nothing(world, asker, marta):
    world.draft(title="Youth")
    answered(asked(world, asker), marta)
    assert set(mails("answer")) == {world.officer.email, world.approver.email}
    assert "Sigrid" not in mails("answer")[world.officer.email].body
    Application.objects.update(status="withdrawn")
    answered(asked(world, asker, "Another?"), marta)
    assert Message.objects.filter(kind="answer").count() == 2


def test_whoever_asked_and_writes_hears_once(world, marta):
    world.draft(title="Youth")
    answered(asked(world, world.officer), marta)
    assert world.officer.email not in mails("answer")
    assert Message.objects.filter(recipient=world.officer.email, kind="enquiry_answered").count() == 1


def test_an_answer_matters_while_the_call_is_open(world, asker, marta):
    world.draft(title="Youth")
    answered(asked(world, asker), marta)
    about = mails("answer")[world.officer.email].about
    Call.objects.update(opens_at=NOW - timedelta(days=3_000), closes_at=timezone.now() + timedelta(days=1))
    assert answer_matters(about, timezone.now())
    Call.objects.update(closes_at=NOW - timedelta(days=1_000))
    assert not answer_matters(about, timezone.now())


def test_an_answer_matters_to_who_has_a_deadline_of_their_own(world, marta):
    draft, now = world.draft(), timezone.now()
    Call.objects.update(closes_at=now - timedelta(days=1), opens_at=now - timedelta(days=9))
    about = {"call": draft.call_id, "enquiry": 1, "application": draft.pk}
    assert not answer_matters(about, timezone.now())
    Application.objects.update(extended_to=now + timedelta(days=1))
    assert answer_matters(about, timezone.now())


def test_a_declined_question_goes_to_the_asker_alone(world, asker, marta):
    world.draft(title="Youth")
    enquiry = decline(enquiry=asked(world, asker), reason="It names a person.", by=marta, at=NOW)
    assert not Enquiry.objects.published().exists()
    assert "It names a person." in mails("enquiry_declined")[asker.email].body
    assert mails("answer") == {}
    for step in (answered, lambda row, by: decline(enquiry=row, reason="Again.", by=by, at=NOW)):
        with pytest.raises(NotPossible, match="already"):
            step(enquiry, marta)


def test_a_missing_language_is_added_and_nobody_is_mailed_again(world, asker, marta):
    CallText.objects.create(call=world.call, language="sv", title="Rop", summary="S", body="B")
    enquiry = answered(asked(world, asker), marta)
    posted = Message.objects.count()
    more = answered(enquiry, marta, texts={"sv": "Gäller det?"}, answers={"sv": "Ja.", **SAID})
    assert more.answers == {**SAID, "sv": "Ja."}
    assert Message.objects.count() == posted


@pytest.mark.parametrize(
    ("texts", "answers"), [({}, SAID), (WORDS, {}), (WORDS, {"sv": "Ja."}), (WORDS, {"en": " "})]
)
def test_an_answer_needs_both_in_the_language_that_decides(world, asker, marta, texts, answers):
    with pytest.raises(NotPossible, match="in the language that decides"):
        answered(asked(world, asker), marta, texts=texts, answers=answers)


def test_only_staff_who_set_up_calls_answer(world, asker):
    enquiry = asked(world, asker)
    for person in (asker, staff_person("reader@example.org")):
        with pytest.raises(NotAllowed):
            answered(enquiry, person)
        with pytest.raises(NotAllowed):
            decline(enquiry=enquiry, reason="No.", by=person, at=NOW)


# --- public pages ---


@pytest.fixture
def open_world(db) -> World:
    """A call that is open by the real clock."""
    return small_world(slug="one", questions_until=timezone.now() + timedelta(days=3))


def page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return said(response)


def published(world: World, by: User, marta: User, text: str, said: str, **about: Any) -> Enquiry:
    enquiry = ask(
        call=world.call, text=f"{by.name}: {text}", language="en", by=by, at=timezone.now(), **about
    )
    return answer(enquiry=enquiry, texts={"en": text}, answers={"en": said}, by=marta, at=timezone.now())


def test_questions_are_grouped_by_clause_and_question(open_world, asker, marta, client):
    rule = open_world.call.rules.first()
    published(open_world, asker, marta, "Norwegian cities?", "No.", rule=rule)
    published(open_world, asker, marta, "How short?", "Fifty.", question="summary")
    published(open_world, asker, marta, "When?", "Soon.")
    text = page(client, "/calls/one/qa/")
    order = [text.rindex(words) for words in ("When?", "Sweden", "Norwegian cities?", "How short?")]
    assert order == sorted(order)
    assert 'id="q-1"' in text


def test_names_of_askers_appear_nowhere(open_world, asker, marta, client):
    published(open_world, asker, marta, "When?", "Soon.")
    ask(call=open_world.call, text="Secret of Storm?", language="en", by=asker, at=timezone.now())
    declined = ask(call=open_world.call, text="Other secret?", language="en", by=asker, at=timezone.now())
    decline(enquiry=declined, reason="Hidden reason.", by=marta, at=timezone.now())
    everybody = [Client(), Client(), Client()]
    for reader, person in zip(everybody[1:], (UserFactory(), open_world.officer), strict=True):
        reader.force_login(person)
    for reader in everybody:
        for path in (
            "/calls/one/qa/",
            "/calls/one/",
            "/calls/one/questions/",
            "/calls/",
            "/calls/one/qa/?q=storm",
        ):
            text = reader.get(path).content.decode()
            for secret in ("Sigrid", "Storm", "sigrid@", "ecret", "Hidden reason", "Marta", "marta@"):
                assert secret not in text, (path, secret)


def test_the_search_looks_in_every_language_and_says_how_many(open_world, asker, marta, client):
    enquiry = published(open_world, asker, marta, "When?", "Soon.", question="summary")
    Enquiry.objects.filter(pk=enquiry.pk).update(answers={"en": "Soon.", "sv": "Snart, i mars."})
    published(open_world, asker, marta, "Where?", "Here.")
    assert "1 answer found." in page(client, "/calls/one/qa/?q=MARS+snart")
    assert "Nothing found" in page(client, "/calls/one/qa/?q=budget")
    text = page(client, "/calls/one/qa/?about=question:summary")
    assert "When?" in text
    assert "Where?" not in text


@pytest.mark.parametrize(
    ("query", "status"),
    [("q=" + "x" * 201, 400), ("q=%00", 400), ("about=rule:99999999999999999999", 200), ("about=%27", 200)],
)
def test_strange_searches_stay_calm(open_world, client, query, status):
    page(client, f"/calls/one/qa/?{query}", status)


def test_an_answer_in_another_language_says_so(open_world, asker, marta, client):
    published(open_world, asker, marta, "When?", "Soon.")
    assert '<p lang="en">Soon.</p>' in page(client, "/sv/calls/one/qa/")


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_page_costs_the_same_however_much_was_asked(
    open_world, asker, marta, client, count, django_assert_num_queries
):
    rule = open_world.call.rules.first()
    for number in range(count):
        row = published(open_world, asker, marta, f"Question {number}?", "Yes.", rule=rule)
        Enquiry.objects.filter(pk=row.pk).update(asked_by=asker)
    with django_assert_num_queries(QUERIES):
        client.get("/calls/one/qa/")


# --- asking on the page ---


def test_asking_needs_a_login_and_comes_back(open_world, client):
    response = client.get("/calls/one/ask/?question=summary")
    assert response.status_code == 302
    assert "next=/calls/one/ask/%3Fquestion%3Dsummary" in response["Location"]


def test_the_address_names_what_the_question_is_about(open_world, asker, client):
    client.force_login(asker)
    rule = open_world.call.rules.first()
    for query, chosen in ((f"rule={rule.pk}", f"rule:{rule.pk}"), ("question=summary", "question:summary")):
        assert f'<option value="{chosen}" selected>' in page(client, f"/calls/one/ask/?{query}")
    for query in ("rule=x", "rule=" + "9" * 30, "question=unknown", "question=%27"):
        assert '<option value="" selected>' in page(client, f"/calls/one/ask/?{query}")


def test_a_section_links_to_asking_about_each_of_its_questions(open_world, client):
    draft = open_world.draft(title="Youth")
    client.force_login(open_world.officer)
    path = reverse("calls:section", args=[draft.reference, "summary"])
    assert "/calls/one/ask/?question=summary" in page(client, path)
    Call.objects.update(questions_until=NOW - timedelta(days=300))
    assert "/calls/one/ask/" not in page(client, path)


def test_a_question_is_sent_and_confirmed_with_its_number(open_world, asker, client):
    client.force_login(asker)
    data = {"about": "question:summary", "text": "How short?", "language": "sv"}
    response = client.post("/calls/one/ask/", data, follow=True)
    assert "Question 1 is received." in response.content.decode()
    enquiry = Enquiry.objects.get()
    assert (enquiry.question, enquiry.language, enquiry.asked_by) == ("summary", "sv", asker)
    assert "Waits for an answer" in page(client, "/calls/one/ask/")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("text", value) for value in ("", "   ", "a\x00b", "x" * 2_001)],
        *[("about", value) for value in ("rule:", "rule:x", "question:unknown", "rule:" + "9" * 30, "\x00")],
        *[("language", value) for value in ("", "xx", "\x00", "x" * 999)],
    ],
)
def test_what_cannot_be_asked_is_said_and_kept(open_world, asker, client, field, value):
    client.force_login(asker)
    data = {"about": "", "text": "Kept words", "language": "en", field: value}
    response = client.post("/calls/one/ask/", data)
    assert response.status_code == 422
    assert field == "text" or "Kept words" in response.content.decode()
    assert not Enquiry.objects.exists()


def test_after_the_window_the_page_says_until_when_and_keeps_the_words(open_world, asker, client):
    Call.objects.update(questions_until=NOW - timedelta(days=300))
    client.force_login(asker)
    text = page(client, "/calls/one/ask/")
    assert "No more questions are taken" in text
    response = client.post("/calls/one/ask/", {"about": "", "text": "Kept words", "language": "en"})
    assert response.status_code == 409
    assert "Questions were taken until" in response.content.decode()
    assert "Kept words" in response.content.decode()


@pytest.mark.parametrize("path", ["qa", "ask"])
def test_a_draft_call_is_not_there(open_world, asker, client, path):
    Call.objects.update(editorial="draft", published_at=None)
    client.force_login(asker)
    page(client, f"/calls/one/{path}/", 404)


# --- the page of staff ---


def post(client: Client, enquiry: Enquiry, **fields: str) -> Any:
    return client.post(reverse("admin:calls_enquiry_change", args=[enquiry.pk]), fields)


def test_staff_answer_from_the_queue(open_world, asker, marta, client):
    CallText.objects.create(call=open_world.call, language="sv", title="Rop", summary="S", body="B")
    enquiry = ask(call=open_world.call, text="När då?", language="sv", by=asker, at=timezone.now())
    client.force_login(marta)
    assert "waiting for an answer" in page(client, "/admin/")
    assert "När då?" in page(client, "/admin/calls/enquiry/?todo=answer")
    text = page(client, reverse("admin:calls_enquiry_change", args=[enquiry.pk]))
    assert "Not written yet: English, Swedish." in text
    assert "Sigrid Storm" in text
    response = post(client, enquiry, text_en="When?", answer_en="Soon.", text_sv="När då?", answer_sv="")
    assert response.status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.answers, enquiry.answered_by) == ({"en": "Soon."}, marta)
    assert "Not written yet: Swedish." in page(
        client, reverse("admin:calls_enquiry_change", args=[enquiry.pk])
    )
    assert post(client, enquiry, text_en="", answer_en="Changed.", answer_sv="Snart.").status_code == 302
    enquiry.refresh_from_db()
    assert enquiry.answers == {"en": "Soon.", "sv": "Snart."}


def test_staff_decline_with_a_reason(open_world, asker, marta, client):
    enquiry = ask(call=open_world.call, text="Who?", language="en", by=asker, at=timezone.now())
    client.force_login(marta)
    assert post(client, enquiry, decline="yes", reason="").status_code == 422
    assert post(client, enquiry, decline="yes", reason="It names a person.").status_code == 302
    assert post(client, enquiry, text_en="Who?", answer_en="Nobody.").status_code == 409


@pytest.mark.parametrize("value", ["", "a\x00b", "x" * 5_001])
def test_an_answer_that_cannot_be_published_is_said_and_kept(open_world, asker, marta, client, value):
    enquiry = ask(call=open_world.call, text="Who?", language="en", by=asker, at=timezone.now())
    client.force_login(marta)
    for fields in (
        {"text_en": value, "answer_en": "Kept words"},
        {"text_en": "Kept words", "answer_en": value},
    ):
        response = post(client, enquiry, **fields)
        assert response.status_code == 422
        assert "Kept words" in response.content.decode()


def test_staff_without_the_right_read_and_do_not_answer(open_world, asker, client):
    enquiry = ask(call=open_world.call, text="Who?", language="en", by=asker, at=timezone.now())
    client.force_login(staff_person("reader@example.org"))
    page(client, reverse("admin:calls_enquiry_change", args=[enquiry.pk]))
    assert post(client, enquiry, text_en="Who?", answer_en="All.").status_code == 403
    assert post(client, enquiry, decline="yes", reason="No.").status_code == 403


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_list_of_staff_costs_the_same(open_world, asker, marta, client, count, django_assert_num_queries):
    for number in range(count):
        Enquiry.objects.create(
            call=open_world.call, number=number, text="Who?", asked_at=NOW, asked_by=UserFactory()
        )
    client.force_login(marta)
    with django_assert_num_queries(7):
        client.get("/admin/calls/enquiry/?todo=answer")
