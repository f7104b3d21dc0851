"""The catalogue: what it lists, finds and counts, and that its cost does not grow with its rows."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from calls.models import Call, CallText
from calls.models.call import Editorial
from calls.queries.cities import find_city
from calls.queries.regions import REGIONS
from tests.factories import (
    CallFactory,
    CityFactory,
    NetworkFactory,
    ProgrammeFactory,
    RuleFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NUL = "%00"


def listed(client: Client, query: str = "") -> list[str]:
    """Slugs in the order of the page."""
    response = client.get(f"/calls/{query}")
    assert response.status_code == 200
    return [row["call"].slug for group in response.context["groups"] for row in group["rows"]]


def in_days(days: float):
    return timezone.now() + timedelta(days=days)


def test_what_is_urgent_comes_first_and_what_is_over_last(client: Client) -> None:
    CallFactory(slug="over", opens_at=in_days(-30), closes_at=in_days(-1))
    CallFactory(slug="to-come", opens_at=in_days(3), closes_at=in_days(30))
    CallFactory(slug="any-time", closes_at=None)
    CallFactory(slug="in-a-month", closes_at=in_days(30))
    CallFactory(slug="this-week", closes_at=in_days(5))
    assert listed(client) == ["this-week", "in-a-month", "any-time", "to-come", "over"]


def test_a_draft_is_nobodys_in_the_catalogue_and_staffs_on_its_page(client: Client) -> None:
    CallFactory(slug="draft", editorial=Editorial.DRAFT, published_at=None)
    assert listed(client) == []
    assert client.get("/calls/draft/").status_code == 404
    assert client.get("/calls/draft/questions/").status_code == 404
    assert client.get("/calls/draft/check/").status_code == 404
    client.force_login(UserFactory(is_staff=True))
    assert listed(client) == []
    assert client.get("/calls/draft/").status_code == 200


def test_facets_combine_and_count_what_a_tick_would_leave(client: Client) -> None:
    waste, youth = ThemeFactory(slug="waste"), ThemeFactory(slug="youth")
    both = CallFactory(slug="both", kind="funding")
    both.themes.set([waste, youth])
    CallFactory(slug="training", kind="training").themes.set([youth])
    RuleFactory(call=both, kind="partner_country", parameters={"countries": ["BW", "KE"]})
    assert listed(client, "?theme=waste&theme=youth") == ["both", "training"]
    assert listed(client, "?theme=youth&kind=training") == ["training"]
    assert listed(client, "?region=africa") == ["both"]
    assert listed(client, "?region=asia") == []
    facets = client.get("/calls/?kind=training").context["facets"]
    numbers = {facet["name"]: {c["value"]: c["number"] for c in facet["choices"]} for facet in facets}
    assert numbers["kind"] == {"funding": 1, "training": 1}
    assert numbers["theme"] == {"youth": 1}


def test_text_is_found_in_any_language_without_accents(client: Client) -> None:
    call = CallFactory(slug="swedish")
    CallText.objects.create(
        call=call, language="sv", title="Återvinning i Växjö", summary="Avfall", body="Kommuner samarbetar."
    )
    CallFactory(slug="other")
    assert listed(client, "?q=atervinning+vaxjo") == ["swedish"]
    assert listed(client, "?q=ÅTERVINNING") == ["swedish"]
    assert listed(client, "?q=samarbetar+100%25") == []


def test_each_row_says_whether_the_city_can_lead(client: Client) -> None:
    CityFactory(name="Ale", slug="ale", country="SE", population=31_000)
    network = NetworkFactory(slug="mercociudades", short_name="Mercociudades")
    RuleFactory(call=CallFactory(slug="swedish"), kind="lead_country", parameters={"countries": ["SE"]})
    RuleFactory(
        call=CallFactory(slug="members"),
        kind="network_member",
        parameters={"networks": [network.slug], "who": "lead"},
    )
    RuleFactory(
        call=CallFactory(slug="large"),
        kind="population_minimum",
        parameters={"inhabitants": 50_000, "combined": False},
        hard=False,
    )
    groups = client.get("/calls/?city=Ale,+Sweden").context["groups"]
    answers = {row["call"].slug: row["verdict"].answer for row in groups[0]["rows"]}
    assert answers == {
        "swedish": "Ale can apply.",
        "members": "Not open to Ale as lead.",
        "large": "Ale may apply.",
    }


def test_a_name_of_several_cities_is_asked_about_and_an_unknown_one_said(client: Client) -> None:
    CityFactory(name="Rosario", slug="rosario-ar", country="AR", population=1_000_000)
    CityFactory(name="Rosario", slug="rosario-ph", country="PH", population=120_000)
    CallFactory()
    page = client.get("/calls/?city=Rosario&q=").content.decode()
    assert "Which Rosario?" in page
    assert "city=rosario-ar" in page
    assert "No city called “Atlantis”" in client.get("/calls/?city=Atlantis").content.decode()
    assert find_city("Rosario, Argentina").city.slug == "rosario-ar"
    assert find_city("rosario-ph").city.country == "PH"
    assert find_city("").city is None


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (f"?q=a{NUL}b", 400),
        (f"?city={NUL}", 400),
        ("?q=" + "x" * 201, 400),
        ("?status=nonsense", 400),
        ("?city=" + "x" * 5000, 200),
        ("?page=zero", 200),
        ("?page=-3", 200),
        ("?page=999", 200),
        ("?sort=nonsense", 200),
        ("?q='%22%3Cscript%3E%25_%5C", 200),
    ],
)
def test_bad_input_gets_a_sentence_never_a_500(client: Client, query: str, status: int) -> None:
    CallFactory()
    response = client.get(f"/calls/{query}")
    assert response.status_code == status
    assert "<script>" not in response.content.decode().split("</head>")[1].split("<script src")[0]


def test_oversized_words_are_kept_in_the_field(client: Client) -> None:
    page = client.get("/calls/?q=" + "x" * 300).content.decode()
    assert "at most 200 characters; you used 300" in page
    assert "x" * 300 in page


def test_pages_hold_twenty_and_keep_the_filters(client: Client) -> None:
    programme = ProgrammeFactory(slug="one")
    CallFactory.create_batch(21, programme=programme)
    assert len(listed(client, "?programme=one")) == 20
    assert len(listed(client, "?programme=one&page=2")) == 1
    assert "programme=one&amp;page=2" in client.get("/calls/?programme=one").content.decode()


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_the_list_costs_the_same_at_any_length(client: Client, django_assert_num_queries, rows: int) -> None:
    CallFactory.create_batch(rows, programme=ProgrammeFactory())
    with django_assert_num_queries(13):
        client.get("/calls/")


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_a_city_costs_the_same_at_any_length(client: Client, django_assert_num_queries, rows: int) -> None:
    CityFactory(slug="ale")
    for call in CallFactory.create_batch(rows, programme=ProgrammeFactory()):
        RuleFactory(call=call)
    with django_assert_num_queries(19):
        client.get("/calls/?city=ale")


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_home_costs_the_same_at_any_length(client: Client, django_assert_num_queries, rows: int) -> None:
    CallFactory.create_batch(rows)
    with django_assert_num_queries(7):
        client.get("/")


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_a_programme_costs_the_same_at_any_length(
    client: Client, django_assert_num_queries, rows: int
) -> None:
    CallFactory.create_batch(rows, programme=ProgrammeFactory(slug="one"))
    with django_assert_num_queries(6):
        assert client.get("/programmes/one/").status_code == 200


def test_no_country_is_in_two_regions() -> None:
    codes = [code for members in REGIONS.values() for code in members]
    assert len(codes) == len(set(codes))


def test_group_in_the_database_is_the_phase_of_the_model() -> None:
    from calls.queries.call_page import group_of
    from calls.queries.catalogue import catalogue

    at = timezone.now()
    for opens, closes in ((-5, 0), (-5, 7), (0, 8), (1, 9), (-5, 6.99)):
        CallFactory(opens_at=at + timedelta(days=opens), closes_at=at + timedelta(days=closes))
    CallFactory(closes_at=None)
    for call in catalogue(at):
        assert call.group == group_of(Call.objects.get(pk=call.pk), at)


def test_a_call_without_rules_on_the_lead_promises_nothing(client: Client) -> None:
    CityFactory(name="Ale", slug="ale")
    RuleFactory(call=CallFactory(), kind="declared", parameters={"fact": "prior_step_done"})
    verdict = client.get("/calls/?city=ale").context["groups"][0]["rows"][0]["verdict"]
    assert verdict.answer == "Nothing excludes Ale as lead."
    assert verdict.reason == "The prior step is completed."
