"""The directory of cities: facets with counts in the address, similar names, what a row tells."""

import pytest

from partnerships.models import CityTheme, NetworkMembership
from tests.factories import CityFactory, NetworkFactory, ThemeFactory
from tests.pages import said
from tests.partnerships.portfolios import partnership

pytestmark = pytest.mark.django_db


def listed(client, **query) -> list[str]:
    return [row.city.name for row in client.get("/cities/", query).context["rows"]]


def facet(client, name: str, **query) -> dict[str, int]:
    facets = client.get("/cities/", query).context["facets"]
    return {
        choice["value"]: choice["number"]
        for found in facets
        if found["name"] == name
        for choice in found["choices"]
    }


@pytest.fixture
def cities():
    """Ale teaches waste and works on it with Ghanzi, a member of ICLEI; Lund wants to learn it."""
    waste = ThemeFactory(slug="waste")
    ale, lund = CityFactory(name="Ale"), CityFactory(name="Lund")
    ghanzi = CityFactory(name="Ghanzi", country="BW")
    CityTheme.objects.create(city=ale, theme=waste, direction="teach")
    CityTheme.objects.create(city=lund, theme=waste, direction="learn")
    made = partnership(ale, ghanzi)
    made.themes.add(waste)
    network = NetworkFactory(slug="iclei", short_name="ICLEI")
    NetworkMembership.objects.create(network=network, city=ghanzi)
    return ale, lund, ghanzi


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"offers": "waste"}, {"Ale"}),
        ({"wants": "waste"}, {"Lund"}),
        ({"theme": "waste"}, {"Ale", "Ghanzi"}),
        ({"network": "iclei"}, {"Ghanzi"}),
        ({"partnered": "yes"}, {"Ale", "Ghanzi"}),
        ({"country": ["SE", "BW"]}, {"Ale", "Lund", "Ghanzi"}),
        ({"country": "SE", "theme": "waste"}, {"Ale"}),
        ({"country": "BW", "offers": "waste"}, set()),
    ],
)
def test_facets_narrow_the_list(client, cities, query, names):
    assert set(listed(client, **query)) == names


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("offers", {"waste": 1}),
        ("wants", {"waste": 1}),
        ("theme", {"waste": 2}),
        ("network", {"iclei": 1}),
        ("partnered", {"yes": 2}),
        ("country", {"SE": 2, "BW": 1}),
    ],
)
def test_each_choice_says_what_a_tick_leaves(client, cities, name, numbers):
    assert facet(client, name) == numbers


def test_counts_follow_the_other_facets_and_not_their_own(client, cities):
    assert facet(client, "country", theme="waste") == {"SE": 1, "BW": 1}
    assert facet(client, "country", country="SE") == {"SE": 2, "BW": 1}


def test_rows_say_what_a_city_offers_and_wants(client, cities):
    rows = {row.city.name: row for row in client.get("/cities/").context["rows"]}
    assert (rows["Ale"].offers, rows["Ale"].wants, rows["Ale"].partnerships) == (["waste"], [], 1)
    assert (rows["Lund"].offers, rows["Lund"].wants, rows["Lund"].partnerships) == ([], ["waste"], 0)


def test_order_is_chosen_in_the_address(client):
    for name, population in (("B", 3), ("A", 2), ("C", 1)):
        CityFactory(name=name, population=population)
    partnership(CityFactory(name="D", population=0))
    assert listed(client) == ["D", "B", "A", "C"]
    assert listed(client, sort="size") == ["B", "A", "C", "D"]
    assert listed(client, sort="name") == ["A", "B", "C", "D"]
    assert listed(client, sort="fortune") == ["D", "B", "A", "C"]


@pytest.mark.parametrize("words", ["Gotenburg", "goetheborg", "Goteborgg"])
def test_a_typing_error_leads_to_the_city(client, words):
    CityFactory(name="Göteborg", alternate_names="Gothenburg|Goteburgo")
    CityFactory(name="Malmö")
    page = client.get("/cities/", {"q": words})
    assert [city.name for city in page.context["similar"]] == ["Göteborg"]
    assert "Did you mean" in said(page)


@pytest.mark.parametrize("words", ["Göteborg", "goteborg", "GOTHENBURG"])
def test_every_spelling_the_register_knows_is_found_at_once(client, words):
    CityFactory(name="Göteborg", alternate_names="Gothenburg|Goteburgo")
    assert listed(client, q=words) == ["Göteborg"]


@pytest.mark.parametrize("count", [1, 3, 20])
def test_directory_costs_the_same_with_facets(client, django_assert_num_queries, count):
    theme, network = ThemeFactory(slug="waste"), NetworkFactory(slug="iclei")
    for number in range(count):
        city = CityFactory()
        CityTheme.objects.create(city=city, theme=theme, direction="teach")
        NetworkMembership.objects.create(network=network, city=city)
        partnership(city, slug=f"p-{number}").themes.add(theme)
    with django_assert_num_queries(13):
        client.get("/cities/", {"offers": "waste", "theme": "waste", "network": "iclei", "country": "SE"})


@pytest.mark.parametrize(
    "query",
    [{"offers": "atlantis"}, {"network": "x" * 3000}, {"partnered": "maybe"}, {"country": "atlantis"}],
)
def test_choices_that_no_facet_offers_are_refused(client, query):
    assert client.get("/cities/", query).status_code == 422


def test_countries_are_named_in_the_readers_language(client, cities) -> None:
    labels = {"/cities/": "Sweden", "/pl/cities/": "Szwecja", "/es/cities/": "Suecia"}
    for address, name in labels.items():
        facets = {row["name"]: row for row in client.get(address).context["facets"]}
        assert name in {str(choice["label"]) for choice in facets["country"]["choices"]}, address
