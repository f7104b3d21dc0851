"""The list of partnerships and the page of one."""

from datetime import date

import pytest

from partnerships.models import Milestone
from tests.factories import CityFactory, ThemeFactory
from tests.partnerships.portfolios import city_at, partnership, rosario

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def two():
    """Waste between Essen and Koriyama by IUC; youth between Ale and Gaborone by ICLD."""
    waste = partnership(
        city_at("Essen", 7.0, 51.5, country="DE"),
        city_at("Koriyama", 140.4, 37.4, country="JP"),
        slug="waste",
        programme="IUC",
        kind="pairing",
    )
    waste.themes.add(ThemeFactory(slug="waste", names={"en": "waste"}))
    partnership(
        city_at("Ale", 12.1, 57.9),
        city_at("Gaborone", 25.9, -24.7, country="BW"),
        slug="youth",
        programme="ICLD",
    )


@pytest.mark.parametrize(
    "query", [{"programme": "IUC"}, {"theme": "waste"}, {"country": "JP"}, {"kind": "pairing"}]
)
def test_each_filter_keeps_the_fitting_partnership(client, two, query):
    response = client.get("/partnerships/", query)
    assert [row.slug for row in response.context["page"]] == ["waste"]
    assert "1 partnership" in text_of(response)


def test_chosen_arcs_stand_out_of_the_pale_ones(client, two):
    def arcs(response):
        return sorted(arc.classes for arc in response.context["map"].drawings[0].arcs)

    assert arcs(client.get("/partnerships/")) == ["arc arc--back", "arc arc--back"]
    assert arcs(client.get("/partnerships/", {"kind": "pairing"})) == ["arc", "arc arc--back"]


def test_nothing_fits(client, two):
    page = text_of(client.get("/partnerships/", {"programme": "ICLD", "theme": "waste"}))
    assert "No partnership fits all of these" in page
    assert "how all partnerships" in page


def test_empty_portal_points_to_the_calls(client):
    page = text_of(client.get("/partnerships/"))
    assert "No partnership is recorded yet" in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"theme": "nothing"}, 422),
        ({"kind": "x" * 5000}, 422),
        ({"programme": "a\x00"}, 400),
        ({"page": "-1"}, 200),
    ],
)
def test_bad_input(client, two, query, status):
    assert client.get("/partnerships/", query).status_code == status


@pytest.mark.parametrize("count", [1, 3, 20])
def test_list_costs_the_same_at_any_length(client, django_assert_num_queries, count):
    for number in range(count):
        made = partnership(CityFactory(), CityFactory(), slug=f"p-{number}")
        made.themes.add(ThemeFactory())
    with django_assert_num_queries(11):
        client.get("/partnerships/")


def test_page_tells_members_money_years_and_source(client):
    rosario()
    made = partnership(
        CityFactory(name="Bonn"),
        CityFactory(name="Ale"),
        slug="renewables",
        titles={"en": "Renewables"},
        summaries={"en": "Energy for the town hall."},
        funder="BMU",
        implementer="ICLEI",
        start_year=2020,
        end_year=2023,
        stage="completed",
        source="ICLEI, list of projects",
        certainty="year inferred",
        local_task_force=True,
        fields={"en": ["Solar roofs", "Heat pumps"]},
    )
    made.members.update(notes={"en": "Not a member of Metropolis"})
    Milestone.objects.create(partnership=made, labels={"en": "Kick-off"}, planned_on=date(2020, 3, 1))
    page = text_of(client.get("/partnerships/renewables/"))
    for words in (
        "Renewables",
        "Energy for the town hall.",
        "BMU",
        "ICLEI",
        "2020–23",
        "Completed",
        "Coordinates",
        "ICLEI, list of projects",
        "The year is inferred",
        "Solar roofs",
        "Not a member of Metropolis",
        "A local task force",
        "Kick-off",
        "1 March 2020",
        "Ask the cities",
    ):
        assert words in page, words


def test_founded_here_is_shown_on_both_cities(client):
    one, other = CityFactory(), CityFactory()
    partnership(one, other, titles={"en": "Founded today"}, kind="pairing", stage="agreed")
    for city in (one, other):
        assert "Founded today" in text_of(client.get(city.get_absolute_url()))


def test_unknown_partnership_is_not_found(client):
    assert client.get("/partnerships/nothing/").status_code == 404


@pytest.mark.parametrize("count", [1, 3, 20])
def test_page_costs_the_same_for_any_number_of_members(client, django_assert_num_queries, count):
    made = partnership(*CityFactory.create_batch(count), slug="wide")
    with django_assert_num_queries(10):
        client.get(made.get_absolute_url())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"stage": "active"}, {"Old", "Running"}),
        ({"stage": "completed"}, {"Over"}),
        ({"year": "2015"}, {"Running"}),
        ({"year": "2020"}, {"Running", "Over"}),
        ({"year": "2010", "stage": "active"}, {"Old", "Running"}),
    ],
)
def test_stage_and_year_narrow_list_and_map(client, query, found):
    """One that goes on is under way in every year since; one of an unknown end only in its first."""
    partnership(city_at("A", 1, 1), city_at("B", 9, 9), slug="running", stage="active", start_year=2010)
    over = {"stage": "completed", "start_year": 2019, "end_year": 2021}
    partnership(city_at("C", 1, 9), city_at("D", 9, 1), slug="over", **over)
    partnership(
        city_at("E", 5, 9), city_at("F", 5, 1), slug="old", stage="active", start_year=2010, end_year=2011
    )
    for year in (2015, 2020):
        partnership(city_at(f"Y{year}", 2, 2), slug=f"year-{year}", stage="recorded", start_year=year)
    page = client.get("/partnerships/", query)
    titles = {row.title for row, _pairs in page.context["rows"]}
    assert titles - {"Year-2015", "Year-2020"} == found


def test_rows_name_their_arcs(client):
    made = partnership(city_at("A", 1, 1), city_at("B", 9, 9))
    page = client.get("/partnerships/")
    (row, pairs), arc = page.context["rows"][0], page.context["map"].drawings[0].arcs[0]
    assert row == made
    assert arc.pair == pairs
    assert arc.names == "A – B"
