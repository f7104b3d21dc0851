""" "My applications" names the open calls that each of the reader's cities can join, and what to do first."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from calls.operations.applications import start
from calls.queries.joinable import joinable_calls
from tests.factories import CallFactory, CityFactory, MembershipFactory, OrganisationFactory, RuleFactory

pytestmark = pytest.mark.django_db
QUERIES = 12


@pytest.fixture
def officer():
    city = CityFactory(name="Ale", slug="ale", country="SE")
    return MembershipFactory(organisation=OrganisationFactory(city=city)).user


def a_call(slug: str, *rules: tuple[str, dict], **fields):
    call = CallFactory(slug=slug, **fields)
    for place, (kind, parameters) in enumerate(rules):
        RuleFactory(call=call, kind=kind, parameters=parameters, position=place)
    return call


def cities(client: Client, user):
    client.force_login(user)
    return client.get("/my/").context["joinable"]


def test_each_open_call_has_a_verdict_and_the_first_thing_to_do(client: Client, officer) -> None:
    a_call("partner", ("lead_country", {"countries": ["SE"]}), ("partner_country", {"countries": ["BW"]}))
    a_call("alone", ("lead_country", {"countries": ["SE"]}))
    a_call("abroad", ("lead_country", {"countries": ["AR"]}))
    [ale] = cities(client, officer)
    assert {line.call.slug: (line.sentence, line.to_do) for line in ale.open} == {
        "partner": (
            "Ale can apply with a partner in Botswana.",
            "A partner in Botswana would meet this rule.",
        ),
        "alone": ("Ale can apply.", ""),
    }
    [closed] = ale.closed
    assert closed.call.slug == "abroad"
    assert closed.sentence == "Ale cannot lead this application: 1 rule is not met."
    page = client.get("/my/").content.decode()
    assert "Which open calls can Ale join?" in page
    assert 'href="/calls/partner/check/?lead=ale"' in page
    assert "One open call does not take Ale as lead" in page


def test_drafts_closed_and_invited_calls_and_those_begun_are_left_out(client: Client, officer) -> None:
    now = timezone.now()
    a_call("hidden", editorial="draft")
    a_call("over", opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    a_call("later", opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=9))
    a_call("invited", admits="invited")
    begun = a_call("begun")
    start(call=begun, lead=officer.memberships.get().organisation, by=officer, at=now)
    [ale] = cities(client, officer)
    assert (ale.open, ale.closed) == ([], [])
    assert "No open call is left for Ale now." in client.get("/my/").content.decode()


def test_an_application_elsewhere_counts(client: Client, officer) -> None:
    begun = a_call("begun")
    a_call("other", ("excluded_by_other_call", {"calls": ["begun"]}))
    start(call=begun, lead=officer.memberships.get().organisation, by=officer, at=timezone.now())
    [ale] = cities(client, officer)
    assert [line.call.slug for line in ale.closed] == ["other"]


def test_who_writes_for_nobody_or_is_not_verified_is_told_nothing(client: Client, officer) -> None:
    a_call("alone")
    waiting = MembershipFactory(verified_at=None, verified_by=None).user
    viewer = MembershipFactory(role="viewer").user
    for user in (waiting, viewer):
        assert cities(client, user) == []


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_the_answer_costs_the_same_with_any_number_of_calls(
    django_assert_num_queries, officer, rows: int
) -> None:
    for number in range(rows):
        a_call(
            f"call-{number}",
            ("previous_beneficiary", {"programmes": ["icld"], "who": "lead"}),
            ("existing_commitment", {"commitments": ["climate_neutral_2050"], "who": "lead"}),
        )
    with django_assert_num_queries(QUERIES):
        [ale] = joinable_calls(officer, timezone.now())
    assert len(ale.open) == rows
