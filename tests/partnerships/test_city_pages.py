"""The list of cities and the portfolio of one."""

from datetime import date

import pytest
from django.utils import translation

from partnerships.models import City
from partnerships.queries.report_clock import ReportState
from partnerships.queries.reporting import lines_of
from tests.factories import CityFactory, OrganisationFactory
from tests.partnerships.portfolios import compact, partnership, rosario

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_city_is_found_by_any_name_without_accents(client):
    CityFactory(name="Växjö", alternate_names="Vexio|Wexiö")
    CityFactory(name="Borås")
    for words in ("vaxjo", "VÄXJÖ", "wexio"):
        page = text_of(client.get("/cities/", {"q": words}))
        assert "Växjö" in page
        assert "Borås" not in page


def test_cities_with_partnerships_come_first_then_the_largest(client):
    small, partner = CityFactory(name="Small", population=16_000), CityFactory(name="Tiny", population=15_000)
    CityFactory(name="Huge", population=9_000_000)
    partnership(small, partner)
    page = text_of(client.get("/cities/"))
    assert page.index(">Small<") < page.index(">Tiny<") < page.index(">Huge<")


def test_own_name_wins_over_a_partnered_city_of_another_name(client):
    partnership(CityFactory(name="Guangzhou", alternate_names="Lund of the south"))
    CityFactory(name="Lund")
    page = text_of(client.get("/cities/", {"q": "lund"}))
    assert page.index(">Lund<") < page.index(">Guangzhou<")


def test_partnership_of_a_municipality_counts_for_its_city(client):
    city = CityFactory(name="Ale")
    made = partnership(CityFactory())
    made.members.create(organisation=OrganisationFactory(city=city), role="partner")
    made.members.create(city=city, role="participant")
    row = text_of(client.get("/cities/", {"q": "Ale"})).partition(">Ale<")[2]
    assert "<strong>1</strong>" in row


def test_country_narrows_the_list(client):
    CityFactory(name="Oslo", country="NO")
    CityFactory(name="Lund", country="SE")
    page = text_of(client.get("/cities/", {"country": "NO"}))
    assert ">Oslo<" in page
    assert ">Lund<" not in page


def test_population_says_its_source_and_year(client):
    CityFactory(name="Ale", population=32_106, population_source="Statistics Sweden", population_year=2024)
    page = text_of(client.get("/cities/"))
    assert "32,106" in page
    assert "Statistics Sweden, 2024" in page


def test_unknown_words_lead_to_a_next_step(client):
    page = text_of(client.get("/cities/", {"q": "zzzz"}))
    assert "No city has this name" in page
    assert "Show all cities" in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"q": "x" * 5000}, 422),
        ({"country": "??"}, 422),
        ({"q": "a\x00b"}, 400),
        ({"page": "many"}, 200),
        ({"page": "99"}, 200),
        ({"q": "%_\\'"}, 200),
    ],
)
def test_bad_input_is_answered_with_the_right_status(client, query, status):
    CityFactory()
    assert client.get("/cities/", query).status_code == status


def test_too_long_words_stay_in_the_field(client):
    words = "x" * 101
    page = text_of(client.get("/cities/", {"q": words}))
    assert words in page
    assert "at most 100" in page


@pytest.mark.parametrize("count", [1, 3, 20])
def test_list_costs_the_same_at_any_length(client, django_assert_num_queries, count):
    for _ in range(count):
        partnership(CityFactory(), slug=f"p-{City.objects.count()}")
    with django_assert_num_queries(12):
        client.get("/cities/")


def test_thirty_cities_a_page(client):
    CityFactory.create_batch(31)
    assert "1 to 30 of 31" in text_of(client.get("/cities/"))


def test_portfolio_tells_everything_of_the_city(client):
    page = text_of(client.get(rosario().get_absolute_url()))
    for words in (
        "948,312 inhabitants (INDEC census, 2010)",
        "Spanish",
        "UTC−3",
        "twinnings, as the city says",
        "1 as founder",
        "Turin; Santa Fe collaborates without being a member; National University supports",
        "Tijuana leads; local task force",
        "2021–23",
        "Vice-presidency for climate",
        "2015–18",
        "since 1995",
        "Second report, October 2021",
        "KCCP",
        "since 2014",
        "Wants to learn",
        "Waste",
        "In talks",
    ):
        assert words in page, words


def test_texts_follow_the_language(client):
    url = rosario().get_absolute_url()
    with translation.override("es"):
        page = text_of(client.get(f"/es{url}"))
    assert "Vicepresidencia de clima" in page
    assert "Residuos" in page


def test_own_role_is_the_citys_and_not_its_universitys(client):
    city = CityFactory(name="Rosario", slug="rosario")
    made = partnership(CityFactory())
    university = OrganisationFactory(city=city, name="The university", kind="university")
    made.members.create(organisation=university, role="supporter", position=1)
    made.members.create(city=city, role="requester", position=2)
    page = text_of(client.get("/cities/rosario/"))
    assert "Requests" in page
    assert "The university supports" in page


def test_city_without_partnerships_says_what_to_do_next(client):
    page = text_of(client.get(CityFactory(name="Lund").get_absolute_url()))
    assert "No partnership of Lund is recorded here yet" in page
    assert "See the calls Lund can answer" in page
    for heading in ("Projects", "Commitments", "Networks", "Agreements", "People exchanged"):
        assert f">{heading}" not in page


def test_unknown_city_is_not_found(client):
    assert client.get("/cities/atlantis/").status_code == 404


@pytest.mark.parametrize("count", [1, 3, 20])
def test_portfolio_costs_the_same_at_any_length(client, django_assert_num_queries, count):
    city = rosario()
    for number in range(count):
        partnership(city, CityFactory(), slug=f"more-{number}", kind="agreement")
    with django_assert_num_queries(13):
        client.get(city.get_absolute_url())


def test_clock_of_two_years():
    lines = lines_of(compact(CityFactory()), date(2026, 11, 22))
    assert [line.state for line in lines] == [ReportState.FILED, ReportState.LATE, ReportState.ASK]
    assert (lines[2].period_from, lines[2].period_to, lines[2].due_on) == (2020, 2022, date(2023, 10, 31))


def test_names_are_escaped(client):
    city = CityFactory(name="<script>alert(1)</script>", slug="bad")
    partnership(city, CityFactory(name="<b>bold</b>"), titles={"en": "<i>title</i>"})
    page = client.get("/cities/bad/").content.decode()
    assert "<script>alert" not in page
    assert "<b>bold" not in page
    assert "<i>title" not in page
