"""Nothing is asked twice: answers from the profile, from the stage before, and from earlier applications."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.access import NotAllowed
from calls.models import Application, Call, Question, TeamMember
from calls.operations.applications import save_answers, start
from calls.operations.prefilling import use_earlier_answer
from calls.operations.status import NotPossible
from cooperation.notifications.models import Message
from tests.calls.worlds import World, small_world
from tests.factories import ApplicationFactory, CallFactory, QuestionFactory, SectionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world()


def ask(world: World, key: str, kind: str, prefill: str, **more) -> Question:
    position = world.section.questions.count()
    return QuestionFactory(
        section=world.section, key=key, type=kind, prefill=prefill, position=position, **more
    )


def begin(world: World, call: Call | None = None, **more) -> Application:
    call = call or world.call
    return start(call=call, lead=world.lead, by=world.officer, at=call.opens_at, **more)


def section_page(application: Application) -> str:
    return reverse("calls:section", args=[application.reference, "summary"])


# --- from the profile ---------------------------------------------------------------------------------------


def options(*values: str) -> list[dict]:
    return [{"value": value, "label": {"en": value}} for value in values]


@pytest.mark.parametrize(
    ("kind", "prefill", "more", "answer"),
    [
        ("text", "city.name", {}, "Ale"),
        ("number", "city.population", {}, "32000"),
        ("text", "city.population", {}, "32000"),
        ("text", "city.languages", {}, "Swedish, English"),
        ("choices", "city.languages", {"options": options("en", "pl", "sv")}, ["en", "sv"]),
        ("text", "organisation.name", {}, "Ale municipality"),
        ("choice", "organisation.kind", {"options": options("municipality", "region")}, "municipality"),
        ("choice", "organisation.kind", {"options": options("region")}, None),
        ("text", "user.name", {}, "Karin Lindqvist"),
        ("number", "city.name", {}, None),
        ("date", "city.population", {}, None),
        ("text", "city.secret", {}, None),
        ("text", "", {}, None),
    ],
)
def test_a_new_draft_holds_what_is_known(world, kind, prefill, more, answer):
    ask(world, "asked", kind, prefill, **more)
    world.lead.city.population = 32_000
    world.lead.city.languages = ["sv", "en"]
    world.lead.city.save()
    draft = begin(world)
    assert draft.answers.get("asked") == answer
    assert draft.prefilled == ({"asked": prefill.partition(".")[0]} if answer else {})
    assert draft.version == 1


def test_what_is_not_known_is_not_made_up(world):
    ask(world, "population", "number", "city.population")
    world.lead.city.population = None
    world.lead.city.save()
    assert begin(world).answers == {}


def test_a_lead_without_a_city_starts_empty(world):
    ask(world, "name", "text", "city.name")
    world.lead.city = None
    world.lead.save()
    assert begin(world).answers == {}


def test_a_prefilled_answer_says_where_it_comes_from_until_it_is_saved(client, world):
    ask(world, "name", "text", "city.name", labels={"en": "City"})
    draft = begin(world)
    client.force_login(world.officer)
    page = client.get(section_page(draft))
    assert "From the city’s profile. Change it if it is wrong." in page.content.decode()
    assert 'value="Ale"' in page.content.decode()
    data = {"version": 1, "answer-title": "T", "answer-summary": "S", "answer-name": "Ale", "stay": "1"}
    client.post(section_page(draft), data)
    assert "From the city’s profile" not in client.get(section_page(draft)).content.decode()
    assert Application.objects.get().prefilled == {}


def test_a_section_that_was_only_prefilled_is_not_started(client, world):
    Question.objects.all().delete()
    ask(world, "name", "text", "city.name", required=True)
    draft = begin(world)
    client.force_login(world.officer)
    text = client.get(draft.get_absolute_url()).content.decode()
    assert "1 filled in from what is known: look at it" in text
    assert "Not started" in text


# --- from the stage before ----------------------------------------------------------------------------------


def test_the_full_proposal_begins_with_the_expression_of_interest(world):
    first = world.complete()
    first.answers |= {"summary": "Young people decide.", "other": "Not asked again"}
    Application.objects.filter(pk=first.pk).update(
        status="selected", submitted_at=timezone.now(), answers=first.answers
    )
    second = CallFactory(admits="invited")
    Call.objects.filter(pk=world.call.pk).update(promotes_to=second)
    section = SectionFactory(call=second, key="summary")
    QuestionFactory(section=section, key="title", type="text")
    # the same key asked in another shape is another question
    QuestionFactory(section=section, key="summary", type="number", position=1)
    draft = begin(world, second)
    assert draft.previous == first
    assert draft.answers == {"title": "Youth in local decisions"}
    assert draft.prefilled == {"title": first.reference}
    assert draft.title == "Youth in local decisions"


# --- from earlier applications ------------------------------------------------------------------------------


@pytest.fixture
def earlier(world) -> Application:
    """What Ale submitted a year before, in another call that asked the same."""
    call = CallFactory()
    section = SectionFactory(call=call, key="about", version=1)
    QuestionFactory(section=section, key="title", type="text")
    QuestionFactory(section=section, key="summary")
    return ApplicationFactory(
        call=call,
        lead=world.lead,
        reference="MC-2025-0007",
        status="rejected",
        submitted_at=datetime(2025, 5, 3, 9, tzinfo=UTC),
        answers={"title": "Old title", "summary": "What we wrote <i>then</i>."},
    )


def test_an_earlier_answer_is_shown_and_offered(client, world, earlier):
    draft = world.draft(title="New title")
    client.force_login(world.officer)
    text = client.get(section_page(draft)).content.decode()
    assert "1 answer from an earlier application fits here" in text
    assert "You answered this in MC-2025-0007, submitted on 3 May 2025." in text
    assert "What we wrote &lt;i&gt;then&lt;/i&gt;." in text
    assert 'name="use" value="summary:MC-2025-0007"' in text
    assert "Old title" not in text


def test_using_it_saves_what_was_typed_and_copies_the_answer(client, world, earlier):
    draft = world.draft()
    client.force_login(world.officer)
    data = {
        "version": 1,
        "answer-title": "Typed just now",
        "answer-summary": "",
        "use": "summary:MC-2025-0007",
    }
    response = client.post(section_page(draft), data)
    assert response.url == section_page(draft)
    draft.refresh_from_db()
    assert draft.answers == {"title": "Typed just now", "summary": "What we wrote <i>then</i>."}
    assert draft.prefilled == {"summary": "MC-2025-0007"}
    assert (
        "From MC-2025-0007. Change what is different now." in client.get(section_page(draft)).content.decode()
    )


def test_an_answer_that_is_there_is_never_overwritten(client, world, earlier):
    draft = world.draft()
    client.force_login(world.officer)
    data = {"version": 1, "answer-title": "T", "answer-summary": "Mine", "use": "summary:MC-2025-0007"}
    response = client.post(section_page(draft), data)
    assert response.status_code == 409
    assert "This question has an answer by now" in response.content.decode()
    assert Application.objects.get(pk=draft.pk).answers["summary"] == "Mine"


def use(world: World, draft: Application, by=None, question="summary", reference="MC-2025-0007"):
    return use_earlier_answer(
        application=draft, question=question, reference=reference, by=by or world.officer, at=timezone.now()
    )


@pytest.mark.parametrize(
    ("question", "reference"), [("summary", "MC-2025-9999"), ("nothing", "MC-2025-0007")]
)
def test_what_is_not_there_cannot_be_used(world, earlier, question, reference):
    with pytest.raises(NotPossible):
        use(world, world.draft(), question=question, reference=reference)


def test_who_only_reads_copies_nothing(world, earlier):
    with pytest.raises(NotAllowed):
        use(world, world.draft(), by=world.viewer)


def test_an_application_of_somebody_else_gives_nothing(client, world, earlier):
    """Neither another city's, nor one that a colleague invited to this draft alone may not read."""
    draft = world.draft()
    guest = UserFactory()
    TeamMember.objects.create(
        application=draft,
        email=guest.email,
        role="editor",
        user=guest,
        token_hash="0" * 64,
        invited_at=timezone.now(),
        invited_by=world.officer,
        expires_at=timezone.now() + timedelta(days=9),
        accepted_at=timezone.now(),
    )
    client.force_login(guest)
    assert "MC-2025-0007" not in client.get(section_page(draft)).content.decode()
    with pytest.raises(NotPossible):
        use(world, draft, by=guest)


def test_drafts_and_other_kinds_of_questions_are_not_offered(client, world, earlier):
    Application.objects.filter(pk=earlier.pk).update(submitted_at=None, status="draft")
    draft = world.draft()
    client.force_login(world.officer)
    assert "MC-2025-0007" not in client.get(section_page(draft)).content.decode()
    Application.objects.filter(pk=earlier.pk).update(submitted_at=timezone.now(), status="rejected")
    Question.objects.filter(section__call=earlier.call).update(type="number")
    assert "MC-2025-0007" not in client.get(section_page(draft)).content.decode()


@pytest.mark.parametrize("value", ["", "summary", ":", "summary:\x00", "a:b:c", "x" * 3_000 + ":y"])
def test_a_value_that_no_button_sends_breaks_nothing(client, world, value):
    draft = world.draft()
    client.force_login(world.officer)
    data = {"version": 1, "answer-title": "Kept", "answer-summary": "", "use": value}
    assert client.post(section_page(draft), data).status_code in (302, 409)
    assert Application.objects.get().answers["title"] == "Kept"


@pytest.mark.parametrize("count", [1, 3, 20])
def test_looking_for_earlier_answers_takes_the_same_queries(
    client, world, earlier, count, django_assert_num_queries
):
    for _number in range(count):
        ApplicationFactory(
            lead=world.lead, call=earlier.call, status="withdrawn", submitted_at=timezone.now()
        )
    draft = world.draft()
    client.force_login(world.officer)
    client.get(section_page(draft))
    with django_assert_num_queries(SECTION_QUERIES):
        client.get(section_page(draft))


# clock, session, person; application, texts, partners; section, questions; themes, earlier applications and
# their questions; visits; membership of the reader
SECTION_QUERIES = 13


# --- the way back by mail -----------------------------------------------------------------------------------


def test_who_starts_a_draft_gets_the_way_back_once(world):
    draft = begin(world, partners=[world.gaborone])
    begin(world)
    mail = Message.objects.get(kind="draft_started")
    assert mail.recipient == world.officer.email
    assert mail.subject == f"Your draft {draft.reference}: the way back"
    assert draft.get_absolute_url() in mail.body
    assert all(place in mail.body for place in ("Stockholm", "Gaborone", "UTC"))
    assert mail.expires_at == world.call.closes_at


def test_the_way_back_is_written_in_the_language_of_who_started(world):
    world.officer.language = "sv"
    world.officer.save()
    begin(world)
    assert Message.objects.get(kind="draft_started").language == "sv"


def test_saving_again_sends_no_second_mail(world):
    draft = begin(world)
    save_answers(application=draft, answers={"title": "T"}, version=1, by=world.officer, at=timezone.now())
    assert Message.objects.count() == 1
