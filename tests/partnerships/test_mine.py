""" "My applications" leads to the city pages and the partnerships that a person keeps."""

import pytest

from tests.factories import MembershipFactory, OrganisationFactory
from tests.partnerships.portfolios import city_at, partnership

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    """An officer of Essen, which works with Koriyama in `count` partnerships; one more has ended."""
    essen, koriyama = (
        city_at("Essen", 7.0, 51.5, country="DE"),
        city_at("Koriyama", 140.4, 37.4, country="JP"),
    )
    partnership(essen, koriyama, slug="live", stage="active")
    partnership(essen, koriyama, slug="over", stage="completed")
    return MembershipFactory(organisation=OrganisationFactory(city=essen)).user


def mine(client, user) -> tuple[list[str], list[str]]:
    client.force_login(user)
    context = client.get("/my/").context
    return [row.name for row in context["cities"]], [row.slug for row in context["partnerships"]]


def test_an_officer_finds_the_citys_page_and_its_live_partnerships(client, officer) -> None:
    assert mine(client, officer) == (["Essen"], ["live"])
    page = client.get("/my/").content.decode()
    assert "The page of Essen" in page
    assert "/partnerships/live/desk/" in page


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"role": "viewer"}, ([], ["live"])),
        ({"verified_at": None, "verified_by": None}, ([], [])),
        ({"organisation__kind": "university"}, ([], [])),
    ],
)
def test_who_keeps_nothing_is_shown_nothing(client, officer, changes, kept) -> None:
    city = officer.memberships.get().organisation.city
    if "organisation__kind" in changes:
        changes = {"organisation": OrganisationFactory(city=city, kind="university", name="University")}
    else:
        changes = changes | {"organisation": officer.memberships.get().organisation}
    assert mine(client, MembershipFactory(**changes).user) == kept


@pytest.mark.parametrize("count", [1, 3, 20])
def test_as_many_queries_for_twenty_partnerships_as_for_one(
    client, officer, count, django_assert_num_queries
) -> None:
    cities = [row.city for row in officer.memberships.get().organisation.city.partnership_members.all()[:1]]
    other = city_at("Toyota", 137.1, 35.0, country="JP")
    for number in range(count - 1):
        partnership(*cities, other, slug=f"more-{number}", stage="active")
    client.force_login(officer)
    client.get("/my/")
    with django_assert_num_queries(21):
        assert len(client.get("/my/").context["partnerships"]) == count
