"""The eligibility check: cities in words, choices, verdicts with a reason per rule."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from calls.models import CallText
from calls.queries.deadlines import word_day
from tests.factories import (
    CallFactory,
    CityFactory,
    MembershipFactory,
    OrganisationFactory,
    QuestionFactory,
    RuleFactory,
    SectionFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db

CHECK = "/calls/one/check/"


@pytest.fixture
def call():
    """A Swedish lead, one or two partners in two countries, a declared fact."""
    call = CallFactory(slug="one")
    texts = {"en": "The lead is Swedish.", "sv": "Huvudsökanden är svensk."}
    RuleFactory(
        call=call,
        kind="lead_country",
        parameters={"countries": ["SE"]},
        clauses=texts,
        source="Guideline, 4.2",
    )
    RuleFactory(call=call, kind="partner_country", parameters={"countries": ["BW", "KE"]}, clauses={})
    RuleFactory(call=call, kind="partner_count", parameters={"minimum": 1, "maximum": 2}, clauses={})
    RuleFactory(call=call, kind="declared", parameters={"fact": "planning_tool_completed"}, clauses={})
    CityFactory(name="Ale", slug="ale", country="SE")
    CityFactory(name="Gaborone", slug="gaborone", country="BW")
    CityFactory(name="Växjö", slug="vaxjo", country="SE")
    return call


def test_the_form_stands_alone_before_anything_is_asked(client: Client, call) -> None:
    response = client.get(CHECK)
    assert response.status_code == 200
    page = response.content.decode()
    assert 'id="id_lead"' in page
    assert "error-summary" not in page


def test_a_good_pair_gets_a_verdict_a_tally_and_what_is_left_to_answer(client: Client, call) -> None:
    response = client.get(f"{CHECK}?lead=ale&partner=gaborone")
    assert response.status_code == 200
    result = response.context["result"]
    assert result.sentence == "Ale can apply with Gaborone once 1 open point is settled."
    assert [row.text.headline for row in result.to_answer] == ["The planning tool is completed first"]
    assert result.settle == []
    assert len(result.met) == 3
    page = response.content.decode()
    assert "<h1>Ale with Gaborone</h1>" in page
    assert "You answer these in the application" in page
    assert "Log in to apply" in page


def test_a_failing_rule_comes_first_with_reason_clause_source_and_remedy(client: Client, call) -> None:
    text = call.texts.get()
    CallText.objects.filter(pk=text.pk).update(authoritative=False)
    CallText.objects.create(call=call, language="sv", authoritative=True, title="P", summary="P", body="P")
    response = client.get(f"{CHECK}?lead=Gaborone&partner=vaxjo")
    result = response.context["result"]
    assert result.tone == "no"
    assert [row.text.state for row in result.settle] == ["fail", "fail"]
    page = response.content.decode()
    assert '<blockquote class="clause" lang="sv">' in page
    assert "Huvudsökanden är svensk." in page
    assert "The lead is Swedish." in page
    assert "Guideline, 4.2" in page
    assert "Swedish, authoritative" in page
    assert "What would change this" in page
    assert "Log in to apply" not in page


def test_another_partner_would_cure_it(client: Client, call) -> None:
    result = client.get(f"{CHECK}?lead=ale&partner=vaxjo").context["result"]
    assert result.tone == "caution"
    assert "Another choice of partners would change that." in result.sentence


def test_two_partners_offer_the_check_without_each(client: Client, call) -> None:
    page = client.get(f"{CHECK}?lead=ale&partner=gaborone&partner=V%C3%A4xj%C3%B6").content.decode()
    assert "?lead=ale&amp;partner=gaborone" in page
    assert "Check without Växjö" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?lead=Atlantis", "No city called “Atlantis” is known here."),
        ("?lead=ale&partner=Atlantis", "No city called “Atlantis” is known here."),
        ("?lead=&partner=gaborone", "Name the city that leads."),
        ("?lead=ale&partner=Ale", "Ale is named twice."),
        ("?lead=" + "x" * 5000, "at most 200 characters"),
        ("?lead=%3Cscript%3E", "No city called “&lt;script&gt;” is known here."),
        ("?lead=,,,", "No city called “,,,” is known here."),
    ],
)
def test_what_cannot_be_understood_is_said_and_kept(client: Client, call, query: str, sentence: str) -> None:
    response = client.get(f"{CHECK}{query}")
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert "<title>Error:" in page
    assert "error-summary" in page


def test_what_was_typed_stays_in_its_field_and_what_was_answered_comes_along(client: Client, call) -> None:
    page = client.get(f"{CHECK}?lead=Atlantis&partner=Gaborone").content.decode()
    assert 'value="Atlantis"' in page
    assert '<input type="hidden" name="partner" value="gaborone">' in page


def test_nul_bytes_are_refused(client: Client, call) -> None:
    assert client.get(f"{CHECK}?lead=%00").status_code == 400


def test_several_cities_of_a_name_are_a_choice_that_keeps_the_rest(client: Client, call) -> None:
    CityFactory(name="Rosario", slug="rosario-ar", country="AR", region="Santa Fe", population=1_000_000)
    CityFactory(name="Rosario", slug="rosario-ph", country="PH", population=100_000)
    response = client.get(f"{CHECK}?lead=ale&partner=gaborone&partner=Rosario")
    assert response.status_code == 200
    page = response.content.decode()
    assert "Which Rosario?" in page
    assert "?lead=ale&amp;partner=gaborone&amp;partner=rosario-ar" in page
    assert "Rosario, Santa Fe, Argentina" in page


def test_a_closed_call_can_still_be_checked_with_a_note(client: Client, call) -> None:
    call.opens_at, call.closes_at = (timezone.now() - timedelta(days=days) for days in (9, 2))
    call.save()
    response = client.get(f"{CHECK}?lead=ale&partner=gaborone")
    page = response.content.decode()
    assert response.context["result"].met
    assert "This call is closed" in page
    assert "Log in to apply" not in page


def test_an_officers_own_city_is_already_there(client: Client, call) -> None:
    organisation = OrganisationFactory(city=CityFactory(name="Arvika", slug="arvika", country="SE"))
    client.force_login(MembershipFactory(organisation=organisation).user)
    first = client.get(CHECK)
    assert first.context["question"].key == "partners"
    assert '<input type="hidden" name="lead" value="arvika">' in first.content.decode()
    other = client.get(f"{CHECK}?step=city").content.decode()
    assert 'value="Arvika, Sweden"' in other
    assert "From your profile. Write another city to check that one." in other
    page = client.get(f"{CHECK}?lead=arvika&partner=gaborone").content.decode()
    assert '<form method="post" action="/calls/one/apply/">' in page
    assert '<input type="hidden" name="partner" value="gaborone">' in page


def walk(client: Client, answers: dict[str, str | list[str]]) -> list[str]:
    """Answer one question after the other as a browser does: the visible field with the hidden ones."""
    seen, query = [], {}
    for _ in range(12):
        response = client.get(CHECK, query)
        assert response.status_code == 200
        if "question" not in response.context:
            return [*seen, response.context["result"].sentence]
        key = response.context["question"].key
        seen.append(key)
        query = {}
        for name, value in response.context["hidden"]:
            query.setdefault(name, []).append(value)
        name = {"city": "lead", "partners": "partner"}.get(key, key)
        query[name] = answers.get(key, "")
    raise AssertionError("the check does not end")


def test_one_question_a_page_and_only_what_the_rules_ask_for(client: Client, call) -> None:
    RuleFactory(
        call=call, kind="amount_between", parameters={"minimum": None, "maximum": 500, "currency": "SEK"}
    )
    answers = {
        "city": "Ale",
        "partners": ["Gaborone"],
        "declared:planning_tool_completed": "yes",
        "amount": "400",
    }
    assert walk(client, answers) == [
        "city",
        "partners",
        "declared:planning_tool_completed",
        "amount",
        "Ale can apply with Gaborone.",
    ]
    nothing_known = walk(client, {"city": "Ale"})
    assert nothing_known[-1].startswith("Ale can apply with a partner in Botswana or Kenya.")


def test_progress_back_and_a_way_to_the_answer_are_on_every_page(client: Client, call) -> None:
    response = client.get(f"{CHECK}?lead=ale&after=city")
    page = response.content.decode()
    assert "Question 2 of 3" in page
    assert response.context["back"] == "?lead=ale&step=city"
    assert response.context["skip"] == "?lead=ale"
    assert client.get(f"{CHECK}{response.context['back']}").context["question"].key == "city"
    assert "result" in client.get(f"{CHECK}{response.context['skip']}").context
    last = client.get(f"{CHECK}?lead=ale&after=partners")
    assert "Show the answer" in last.content.decode()
    assert last.context["skip"] == ""


def test_a_changed_answer_leads_back_to_the_result(client: Client, call) -> None:
    result = client.get(f"{CHECK}?lead=ale&partner=gaborone")
    change = result.context["answers"][1][2]
    assert change == "?lead=ale&partner=gaborone&step=partners&then=result"
    page = client.get(f"{CHECK}{change}")
    assert ("then", "result") in page.context["hidden"]
    again = client.get(f"{CHECK}?lead=ale&partner=V%C3%A4xj%C3%B6&after=partners&then=result")
    assert again.context["result"].tone == "caution"


def test_another_partner_is_one_more_field(client: Client, call) -> None:
    response = client.get(f"{CHECK}?lead=ale&partner=gaborone&after=partners&step=partners")
    assert [field.label for field in response.context["fields"]] == [
        "Partner city 1",
        "Another partner city",
    ]


def test_the_profile_is_shown_not_asked(client: Client, call) -> None:
    RuleFactory(call=call, kind="population_minimum", parameters={"inhabitants": 50_000, "combined": False})
    response = client.get(f"{CHECK}?lead=ale&after=city")
    assert [question.key for question in response.context["questions"]] == [
        "city",
        "partners",
        "declared:planning_tool_completed",
    ]
    assert response.context["profile"] == ["Sweden", "municipality", "60,000 inhabitants (Test)"]


def test_a_soft_rule_is_encouraged_and_never_a_no(client: Client, call) -> None:
    RuleFactory(
        call=call,
        kind="population_minimum",
        parameters={"inhabitants": 90_000, "combined": False},
        hard=False,
    )
    response = client.get(f"{CHECK}?lead=ale&partner=gaborone&declared:planning_tool_completed=yes")
    result = response.context["result"]
    assert [row.text.state_label for row in result.settle] == ["Encouraged"]
    assert ("warning", "encouraged", 1) in result.tally
    assert result.open_to_start


def test_every_finding_says_against_which_day_it_was_held(client: Client, call) -> None:
    page = client.get(f"{CHECK}?lead=ale&partner=gaborone").content.decode()
    assert page.count(f"As of {word_day(call.day_of(timezone.now()))}") == 3


@pytest.mark.parametrize(
    ("query", "key", "sentence"),
    [
        ("lead=ale&after=amount&amount=lots", "amount", "is not a number"),
        ("lead=ale&amount=lots", "amount", "is not a number"),
        ("lead=ale&duration_months=-4", "duration_months", "is not a number of months"),
        ("lead=ale&themes=dragons", "themes", "is not one of the available choices"),
        ("lead=ale&declared:planning_tool_completed=maybe", "declared:planning_tool_completed", "Select a"),
        ("after=amount", "city", "Name the city that leads."),
        ("lead=Atlantis&after=partners", "city", "No city called"),
    ],
)
def test_an_answer_that_cannot_be_read_comes_back_with_its_reason(
    client: Client, call, query: str, key: str, sentence: str
) -> None:
    RuleFactory(
        call=call, kind="amount_between", parameters={"minimum": None, "maximum": 500, "currency": "SEK"}
    )
    RuleFactory(call=call, kind="duration_months", parameters={"minimum": 12, "maximum": None})
    RuleFactory(
        call=call, kind="themes", parameters={"allowed": ["waste", "water"], "minimum": 1, "maximum": None}
    )
    response = client.get(f"{CHECK}?{query}")
    assert response.status_code == 422
    assert response.context["question"].key == key
    assert sentence in response.content.decode()


@pytest.mark.parametrize("query", ["step=nothing", "after=nothing", "step=&after=", "then=elsewhere", "x=1"])
def test_an_address_nobody_wrote_begins_at_the_beginning(client: Client, call, query: str) -> None:
    response = client.get(f"{CHECK}?{query}")
    assert response.status_code == 200
    assert response.context["question"].key == "city"


def test_the_answers_come_along_into_the_draft_and_are_marked(client: Client, call) -> None:
    RuleFactory(
        call=call, kind="amount_between", parameters={"minimum": None, "maximum": 500, "currency": "SEK"}
    )
    RuleFactory(call=call, kind="themes", parameters={"allowed": ["waste"], "minimum": 1, "maximum": None})
    ThemeFactory(slug="waste")
    section = SectionFactory(call=call, key="project")
    for key, type, fact in [
        ("sum", "money", "amount"),
        ("fields", "themes", "themes"),
        ("tool", "yes_no", "declared:planning_tool_completed"),
        ("months", "months", "duration_months"),
    ]:
        QuestionFactory(section=section, key=key, type=type, fact=fact)
    officer = MembershipFactory(
        organisation=OrganisationFactory(city__country="SE", city__slug="arvika")
    ).user
    client.force_login(officer)
    result = client.get(
        f"{CHECK}?lead=arvika&partner=gaborone&amount=450&themes=waste&declared:planning_tool_completed=yes"
    )
    fields: dict[str, list[str]] = {}
    for name, value in result.context["start_fields"]:
        fields.setdefault(name, []).append(value)
    assert client.post("/calls/one/apply/", fields).status_code == 302
    draft = call.applications.get()
    assert draft.answers == {"sum": "450", "fields": ["waste"], "tool": "yes"}
    assert set(draft.prefilled.values()) == {"check"}
    assert [partner.city.slug for partner in draft.partners.all()] == ["gaborone"]
    page = client.get(f"/applications/{draft.reference}/s/project/").content.decode()
    assert page.count("From your eligibility check.") == 3


def test_of_several_organisations_one_is_chosen_and_the_answers_wait(client: Client, call) -> None:
    officer = MembershipFactory().user
    MembershipFactory(user=officer)
    client.force_login(officer)
    page = client.post(
        "/calls/one/apply/", {"partner": "gaborone", "declared:planning_tool_completed": "yes"}
    ).content.decode()
    assert '<input type="hidden" name="partner" value="gaborone">' in page
    assert '<input type="hidden" name="declared:planning_tool_completed" value="yes">' in page


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_a_check_costs_the_same_with_any_number_of_rules(
    client: Client, django_assert_num_queries, rows: int
) -> None:
    call = CallFactory(slug="one")
    for _ in range(rows):
        RuleFactory(call=call)
    CityFactory(slug="ale")
    CityFactory(slug="gaborone", country="BW")
    with django_assert_num_queries(14):
        client.get(f"{CHECK}?lead=ale&partner=gaborone")
