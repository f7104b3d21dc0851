"""The staff page "Which cities can apply?": numbers, reasons, filters, and a constant number of queries."""

import pytest
from django.test import Client

from tests.factories import CallFactory, CityFactory, RuleFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    """Swedish cities lead; those above 50,000 in particular."""
    call = CallFactory(slug="one")
    RuleFactory(call=call, kind="lead_country", parameters={"countries": ["SE"]})
    RuleFactory(
        call=call,
        kind="population_minimum",
        parameters={"inhabitants": 50_000, "combined": False},
        hard=False,
        position=1,
    )
    return call


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True))
    return client


def address(call, query: str = "") -> str:
    return f"/admin/calls/call/{call.pk}/eligible/{query}"


def test_every_city_is_counted_once_and_listed_with_the_first_rule_it_fails(staff: Client, call) -> None:
    CityFactory(name="Ale", population=32_000)
    CityFactory(name="Växjö", population=95_000)
    CityFactory(name="Lund", population=None)
    CityFactory(name="Gaborone", country="BW", population=None)
    response = staff.get(address(call))
    assert {row["verdict"]: row["count"] for row in response.context["counts"]} == {
        "eligible": 1,
        "eligible_with_caution": 1,
        "incomplete": 1,
        "not_eligible": 1,
    }
    lines = {line["city"].name: line for line in response.context["lines"]}
    assert [lines[name]["state"] for name in ("Växjö", "Ale", "Lund", "Gaborone")] == [
        "met",
        "caution",
        "unknown",
        "not-met",
    ]
    assert lines["Gaborone"]["reason"].headline == "The lead is in Sweden"
    assert lines["Ale"]["reason"] is None


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?country=BW", ["Gaborone"]),
        ("?country=bw", ["Gaborone"]),
        ("?verdict=eligible", ["Ale"]),
        ("?verdict=not_eligible&country=SE", []),
        ("?verdict=nonsense&country=%00%27&page=-3", ["Ale", "Gaborone"]),
        ("?page=99999999999999999999999", ["Ale", "Gaborone"]),
    ],
)
def test_the_list_is_filtered_by_country_and_verdict(staff: Client, call, query: str, names) -> None:
    CityFactory(name="Ale")
    CityFactory(name="Gaborone", country="BW")
    response = staff.get(address(call, query))
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        assert [line["city"].name for line in response.context["lines"]] == names


def test_the_set_up_of_a_call_links_to_it(staff: Client, call) -> None:
    page = staff.get(f"/admin/calls/call/{call.pk}/setup/").content.decode()
    assert f'href="{address(call)}"' in page


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_the_page_costs_the_same_with_any_number_of_cities(
    staff: Client, django_assert_num_queries, call, rows: int
) -> None:
    for _ in range(rows):
        CityFactory()
    with django_assert_num_queries(19):
        staff.get(address(call))
