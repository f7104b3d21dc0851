"""The eligibility check: cities in words, choices, verdicts with a reason per rule."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from calls.models import CallText
from tests.factories import CallFactory, CityFactory, MembershipFactory, OrganisationFactory, RuleFactory

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


def test_what_was_typed_stays_in_its_field(client: Client, call) -> None:
    page = client.get(f"{CHECK}?lead=Atlantis&partner=Gaborone").content.decode()
    assert 'value="Atlantis"' in page
    assert 'value="Gaborone, Botswana"' in page


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
    assert 'value="Arvika, Sweden"' in client.get(CHECK).content.decode()
    page = client.get(f"{CHECK}?lead=arvika&partner=gaborone").content.decode()
    assert '<form method="post" action="/calls/one/apply/">' in page
    assert '<input type="hidden" name="partner" value="gaborone">' in page


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_a_check_costs_the_same_with_any_number_of_rules(
    client: Client, django_assert_num_queries, rows: int
) -> None:
    call = CallFactory(slug="one")
    for _ in range(rows):
        RuleFactory(call=call)
    CityFactory(slug="ale")
    CityFactory(slug="gaborone", country="BW")
    with django_assert_num_queries(11):
        client.get(f"{CHECK}?lead=ale&partner=gaborone")
