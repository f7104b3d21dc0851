"""Writing an application through its pages: who sees what, and what happens to everything typed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Call
from calls.operations.applications import save_answers
from tests.calls.worlds import World, small_world
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    CityFactory,
    MembershipFactory,
    QuestionFactory,
    SectionFactory,
    UserFactory,
)
from tests.pages import steady

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world()


def page(name: str, application: Application, *more: str) -> str:
    return reverse(f"calls:{name}", args=[application.reference, *more])


def typed(application: Application, **answers):
    data = {f"answer-{key}": value for key, value in answers.items()}
    return {"version": application.version, **data}


# --- start --------------------------------------------------------------------------------------------------


def test_starting_makes_a_draft_and_opens_its_tasks(client, world):
    client.force_login(world.officer)
    url = reverse("calls:start", args=[world.call.slug])
    assert b"Ale municipality" in client.get(url).content
    response = client.post(url, {"organisation": world.lead.pk, "partner": ["gaborone"]})
    draft = Application.objects.get()
    assert response.url == draft.get_absolute_url()
    assert [partner.city.name for partner in draft.partners.all()] == ["Gaborone"]


def test_starting_again_opens_the_same_draft(client, world):
    draft = world.draft()
    client.force_login(world.approver)
    url = reverse("calls:start", args=[world.call.slug])
    assert draft.reference in client.get(url).content.decode()
    response = client.post(url, {"organisation": world.lead.pk, "partner": ["gaborone"]})
    assert response.url == draft.get_absolute_url()
    assert Application.objects.count() == 1


def test_the_call_page_starts_at_once_for_the_only_organisation(client, world):
    client.force_login(world.officer)
    url = reverse("calls:start", args=[world.call.slug])
    assert client.post(url, {"partner": "gaborone"}).url == Application.objects.get().get_absolute_url()


@pytest.mark.parametrize("organisations", [0, 2])
def test_the_call_page_asks_which_organisation_where_it_is_not_clear(client, world, organisations):
    person = UserFactory()
    MembershipFactory.create_batch(organisations, user=person)
    client.force_login(person)
    response = client.post(reverse("calls:start", args=[world.call.slug]), {"partner": "gaborone"})
    assert response.status_code == 200
    sentence = "Which organisation applies?" if organisations else "You write for no organisation yet"
    assert sentence in response.content.decode()
    assert not Application.objects.exists()


@pytest.mark.parametrize("organisation", ["", "0", "abc", "\x00", "9" * 40])
def test_an_organisation_one_does_not_write_for_is_refused_in_words(client, world, organisation):
    client.force_login(world.officer)
    response = client.post(
        reverse("calls:start", args=[world.call.slug]), {"organisation": organisation, "partner": ["a\x00"]}
    )
    assert response.status_code == 422
    assert b"Choose the organisation that applies." in response.content
    assert not Application.objects.exists()


def test_who_writes_for_nobody_is_told_what_to_do(client, world):
    client.force_login(UserFactory())
    response = client.get(reverse("calls:start", args=[world.call.slug]))
    assert b"You write for no organisation yet" in response.content


@pytest.mark.parametrize("days", [-5, 5])
def test_a_call_that_is_not_open_starts_nothing(client, world, days):
    now = timezone.now()
    opens = now + timedelta(days=days)
    Call.objects.update(opens_at=opens, closes_at=opens + timedelta(days=2))
    client.force_login(world.officer)
    url = reverse("calls:start", args=[world.call.slug])
    assert client.get(url).status_code == 200
    response = client.post(url, {"organisation": world.lead.pk})
    assert response.status_code == 409
    assert b"takes no applications now" in response.content


def test_a_call_that_is_not_published_is_not_there(client, world):
    Call.objects.update(editorial="draft", published_at=None)
    client.force_login(world.officer)
    assert client.get(reverse("calls:start", args=[world.call.slug])).status_code == 404


# --- my applications ----------------------------------------------------------------------------------------


def test_my_applications_are_those_of_my_organisations(client, world):
    draft = world.complete()
    other = ApplicationFactory()
    client.force_login(world.viewer)
    text = client.get(reverse("calls:my_applications")).content.decode()
    assert draft.reference in text
    assert "Youth in local decisions" in text
    assert "Draft" in text
    assert other.reference not in text


def test_without_applications_the_way_leads_to_the_calls(client, world):
    client.force_login(world.officer)
    text = client.get(reverse("calls:my_applications")).content.decode()
    assert "No applications yet" in text
    assert reverse("calls:list") in text


def test_who_belongs_nowhere_or_waits_is_told_so(client, world):
    client.force_login(UserFactory())
    assert b"You act for no organisation yet" in client.get(reverse("calls:my_applications")).content
    waiting = MembershipFactory(organisation=world.lead, verified_at=None, verified_by=None)
    world.draft()
    client.force_login(waiting.user)
    text = client.get(reverse("calls:my_applications")).content.decode()
    assert "waits to be verified" in text
    assert Application.objects.get().reference not in text


@pytest.mark.parametrize("count", [1, 3, 20])
def test_my_applications_take_the_same_queries_for_any_number(
    client, world, count, django_assert_num_queries
):
    for _number in range(count):
        ApplicationFactory(lead=world.lead, call=CallFactory())
    client.force_login(world.officer)
    # clock, session, person, memberships, applications, texts of their calls, what waits for the person,
    # interest in ideas, the city page and the partnerships that the person keeps
    with django_assert_num_queries(24):
        response = client.get(reverse("calls:my_applications"))
    assert response.content.decode().count("TEST-2026-") >= count


# --- who sees it --------------------------------------------------------------------------------------------

NAMES = ["application", "partners", "check_answers", "receipt", "withdraw"]


@pytest.mark.parametrize("name", NAMES)
def test_strangers_and_staff_get_the_same_as_for_nothing(client, world, name):
    draft = world.draft()
    url, nowhere = page(name, draft), reverse(f"calls:{name}", args=["ICLD-2026-9999"])
    for user in (UserFactory(), UserFactory(is_staff=True), MembershipFactory().user):
        client.force_login(user)
        answers = [client.get(address) for address in (url, nowhere)]
        assert [answer.status_code for answer in answers] == [404, 404]
        pages = [
            steady(answer.content.decode()).replace(draft.reference, "X").replace("ICLD-2026-9999", "X")
            for answer in answers
        ]
        assert pages[0] == pages[1]


@pytest.mark.parametrize("name", NAMES)
def test_who_is_not_logged_in_is_asked_to(client, world, name):
    response = client.get(page(name, world.draft()))
    assert response.status_code == 302
    assert reverse("account_login") in response.url


def test_a_viewer_reads_and_cannot_change(client, world):
    draft = world.complete()
    client.force_login(world.viewer)
    section = page("section", draft, "summary")
    text = client.get(section).content.decode()
    assert "Young people decide." in text
    assert "<textarea" not in text
    assert client.post(section, typed(draft, title="Mine")).status_code == 403
    assert client.post(page("partners", draft), {"words": "Gaborone"}).status_code == 403
    assert client.get(page("withdraw", draft)).status_code == 403
    assert client.post(page("withdraw", draft)).status_code == 403
    draft.refresh_from_db()
    assert (draft.version, draft.title) == (1, "Youth in local decisions")


# --- the task list ------------------------------------------------------------------------------------------


def test_the_task_list_says_what_is_done_and_what_is_left(client, world):
    draft = world.draft(title="Youth")
    client.force_login(world.officer)
    text = client.get(draft.get_absolute_url()).content.decode()
    assert "1 of 2 answered" in text
    assert "2 rules: 1 met, 1 to answer" in text
    assert "None chosen yet" in text
    assert "Answer “Summary”." in text
    assert "Cannot start yet" in text
    assert "Karin Lindqvist" in text
    assert "UTC" in text


def test_the_task_list_takes_a_bounded_number_of_queries(client, world, django_assert_max_num_queries):
    for number in range(10):
        section = SectionFactory(call=world.call)
        QuestionFactory.create_batch(5, section=section)
        city = CityFactory(country="BW")
        world.draft().partners.create(city=city, position=number)
    client.force_login(world.officer)
    with django_assert_max_num_queries(30):
        assert client.get(Application.objects.get().get_absolute_url()).status_code == 200


# --- a section ----------------------------------------------------------------------------------------------


def test_saving_keeps_the_answers_and_goes_on(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    response = client.post(page("section", draft, "summary"), typed(draft, title="Youth", summary="Short"))
    draft.refresh_from_db()
    assert response.url == draft.get_absolute_url()
    assert draft.answers == {"title": "Youth", "summary": "Short"}
    assert (draft.title, draft.version, draft.changed_by) == ("Youth", 2, world.officer)


def test_a_text_over_its_limit_is_kept_whole_with_a_warning(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    url = page("section", draft, "summary")
    long = "x" * 73
    response = client.post(url, typed(draft, title="", summary=long), follow=True)
    draft.refresh_from_db()
    assert draft.answers["summary"] == long
    assert "Shorten “Summary” by 23 characters. Nothing was cut off." in response.content.decode()
    assert long in client.get(url).content.decode()
    assert "Kept as it is, and too long to submit" in client.get(url).content.decode()


def test_what_cannot_be_read_is_said_and_everything_typed_is_shown_again(client, world):
    QuestionFactory(section=world.section, key="amount", type="money", labels={"en": "Amount"}, position=2)
    QuestionFactory(section=world.section, key="start", type="date", labels={"en": "Start"}, position=3)
    draft = world.draft()
    client.force_login(world.officer)
    data = typed(draft, title="Youth", summary="Kept text", amount="a lot", start="soon")
    response = client.post(page("section", draft, "summary"), data)
    text = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error:" in text
    assert "“a lot” is not a number. Write figures only, such as 450 000." in text
    assert "“soon” is not a date. Write year, month and day, such as 2027-03-15." in text
    assert all(word in text for word in ('value="Youth"', "Kept text", 'value="a lot"', 'value="soon"'))
    assert 'href="#id_answer-amount"' in text
    draft.refresh_from_db()
    assert draft.answers == {}


def test_a_nul_character_is_named_taken_out_and_nothing_else_is_lost(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    response = client.post(
        page("section", draft, "summary"),
        typed(draft, title="You\x00th", summary="Kept") | {"version": "1\x00"},
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert "held a character that cannot be kept" in text
    assert 'value="Youth"' in text
    assert "Kept" in text
    assert "\x00" not in text


def test_a_huge_text_is_refused_in_words_and_shown_again(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    huge = "å" * 100_001
    response = client.post(page("section", draft, "summary"), typed(draft, title="T", summary=huge))
    assert response.status_code == 422
    assert "This text has 100,001 characters" in response.content.decode()
    assert huge in response.content.decode()


@pytest.mark.parametrize("version", ["", "1", "x", "-3", "٣", "9" * 30])
def test_two_people_in_one_section_both_texts_are_shown(client, world, version):
    draft = world.draft(title="First", summary="Old")
    save_answers(
        application=draft, answers={"title": "Theirs"}, version=1, by=world.approver, at=timezone.now()
    )
    client.force_login(world.officer)
    url = page("section", draft, "summary")
    response = client.post(url, typed(draft, title="Mine", summary="Old") | {"version": version})
    text = response.content.decode()
    assert response.status_code == 409
    assert "This section has two versions" in text
    assert "Per Bergman" in text
    assert all(word in text for word in ("Mine", "Theirs"))
    assert Application.objects.get().answers["title"] == "Theirs"


@pytest.mark.parametrize(("take", "kept"), [("mine", "Merged"), ("theirs", "Theirs")])
def test_a_conflict_is_settled_by_choosing_or_merging(client, world, take, kept):
    draft = world.draft(title="First", summary="Old")
    save_answers(
        application=draft, answers={"title": "Theirs"}, version=1, by=world.approver, at=timezone.now()
    )
    client.force_login(world.officer)
    data = typed(draft, title="Merged", summary="Mine too") | {"version": 2, "take-title": take}
    assert client.post(page("section", draft, "summary"), data).status_code == 302
    assert Application.objects.get().answers == {"title": kept, "summary": "Mine too"}


def test_an_error_in_between_does_not_hide_what_a_colleague_saved(client, world):
    QuestionFactory(section=world.section, key="start", type="date", labels={"en": "Start"}, position=3)
    draft = world.draft(title="First")
    client.force_login(world.officer)
    url = page("section", draft, "summary")
    seen = client.get(url).context["seen"]
    save_answers(
        application=draft, answers={"title": "Theirs"}, version=1, by=world.approver, at=timezone.now()
    )
    data = typed(draft, title="Mine", start="soon") | {"seen": seen}
    refused = client.post(url, data)
    assert refused.status_code == 422
    again = {name: refused.context[name] for name in ("version", "seen")}
    assert client.post(url, data | again | {"answer-start": "2027-03-15"}).status_code == 409
    assert Application.objects.get().answers["title"] == "Theirs"


def test_work_in_another_section_is_no_conflict(client, world):
    other = SectionFactory(call=world.call, key="plan", titles={"en": "Plan"}, position=1)
    QuestionFactory(section=other, key="activities")
    draft = world.draft(title="First")
    client.force_login(world.officer)
    form = client.get(page("section", draft, "summary")).context
    save_answers(
        application=draft, answers={"activities": "Visits"}, version=1, by=world.approver, at=timezone.now()
    )
    data = typed(draft, title="Second", summary="") | {"seen": form["seen"]}
    response = client.post(page("section", draft, "summary"), data)
    assert response.url == page("section", draft, "plan")
    assert Application.objects.get().answers == {"title": "Second", "summary": None, "activities": "Visits"}


def test_after_the_deadline_the_text_is_shown_and_not_saved(client, world):
    draft = world.draft(title="Before")
    Call.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    client.force_login(world.officer)
    url = page("section", draft, "summary")
    response = client.post(url, typed(draft, title="Too late", summary="My text"))
    text = response.content.decode()
    assert response.status_code == 409
    assert "The call closed." in text
    assert "My text" in text
    assert "Before" in client.get(url).content.decode()
    assert Application.objects.get().title == "Before"


def test_a_section_that_is_not_there_is_a_404(client, world):
    client.force_login(world.officer)
    assert client.get(page("section", world.draft(), "nothing")).status_code == 404


# --- partners -----------------------------------------------------------------------------------------------


def test_a_partner_is_added_by_words_and_taken_out(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    url = page("partners", draft)
    assert (
        "Gaborone is a partner now." in client.post(url, {"words": "gaborone"}, follow=True).content.decode()
    )
    assert draft.partners.get().city == world.gaborone
    text = client.post(url, {"remove": "gaborone"}, follow=True).content.decode()
    assert "Gaborone is no longer a partner." in text
    assert not draft.partners.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("Atlantis", "No city is called “Atlantis” here."),
        ("", "Write the name of a city."),
        ("x" * 300, "No city has a name of 300 characters."),
        ("Atl\x00antis", "No city is called “Atlantis” here."),
    ],
)
def test_words_that_name_no_city_are_answered_with_a_sentence(client, world, words, sentence):
    client.force_login(world.officer)
    response = client.post(page("partners", world.draft()), {"words": words})
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_of_several_cities_one_is_chosen(client, world):
    CityFactory(name="Rosario", slug="rosario-ar", country="AR", region="Santa Fe")
    CityFactory(name="Rosario", slug="rosario-mx", country="MX", region="Sinaloa")
    draft = world.draft()
    client.force_login(world.officer)
    text = client.post(page("partners", draft), {"words": "Rosario"}).content.decode()
    assert "Several cities fit “Rosario”." in text
    assert "Rosario, Santa Fe, Argentina" in text
    client.post(page("partners", draft), {"words": "rosario-ar"})
    assert draft.partners.get().city.slug == "rosario-ar"


def test_the_lead_cannot_be_its_own_partner(client, world):
    client.force_login(world.officer)
    response = client.post(page("partners", world.draft()), {"words": "Ale"})
    assert response.status_code == 409
    assert "Ale leads this application and cannot be its partner." in response.content.decode()


def test_taking_out_an_unknown_city_is_a_404(client, world):
    client.force_login(world.officer)
    assert client.post(page("partners", world.draft()), {"remove": "nowhere"}).status_code == 404


# --- withdrawing --------------------------------------------------------------------------------------------


def test_withdrawing_asks_first_and_frees_the_place(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    url = page("withdraw", draft)
    assert "Withdraw this application?" in client.get(url).content.decode()
    assert Application.objects.get().status == "draft"
    response = client.post(url, {"note": "No council\x00 decision"}, follow=True)
    assert f"{draft.reference} is withdrawn." in response.content.decode()
    assert Application.objects.get().status == "withdrawn"
    assert client.post(url, {"note": ""}).status_code == 409
    assert "cannot be withdrawn" in client.get(url).content.decode()
    client.post(reverse("calls:start", args=[world.call.slug]), {"organisation": world.lead.pk})
    assert Application.objects.count() == 2


def test_text_typed_after_the_session_ended_is_shown_again(client, world):
    draft = world.draft()
    section = draft.call.sections.first()
    response = client.post(
        page("section", draft, section.key), typed(draft, summary="Two hours of <b>work</b>")
    )
    assert response.status_code == 403
    text = response.content.decode()
    assert "You were logged out" in text
    assert "Two hours of &lt;b&gt;work&lt;/b&gt;" in text
    assert draft.reference not in text.split("<main", 1)[1].replace(
        f"%2Fapplications%2F{draft.reference}", ""
    )
    draft.refresh_from_db()
    assert draft.version == 1
