"""The call page and what surrounds it: dates in zones, rules in words, languages, rounds, questions."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from calls.models import Amendment, CallText, Criterion, Milestone, Quota
from calls.queries.call_page import cap_tables
from calls.queries.deadlines import clocks, leaf_of, word_ago, word_instant, word_left
from calls.queries.programmes import led_to
from calls.queries.texts import render_markdown
from partnerships.models import Partnership
from tests.factories import (
    CallFactory,
    CriterionFactory,
    ProgrammeFactory,
    QuestionFactory,
    RuleFactory,
    SectionFactory,
    UserFactory,
)

CLOSES = datetime(2026, 12, 15, 22, 59, tzinfo=UTC)


def page_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


# --- words ---


def test_an_instant_names_the_place_of_its_clock() -> None:
    assert word_instant(CLOSES, "Europe/Stockholm") == "15 December 2026, 23:59 Stockholm"
    assert word_instant(CLOSES, "America/Argentina/Buenos_Aires") == "15 December 2026, 19:59 Buenos Aires"
    with translation.override("es"):
        assert word_instant(CLOSES, "Europe/Madrid").startswith("15 de diciembre de 2026, 23:59")


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(days=23, hours=5), "23 days left"),
        (timedelta(days=2), "2 days left"),
        (timedelta(days=1, hours=23), "47 hours left"),
        (timedelta(minutes=1, seconds=30), "1 minute left"),
        (timedelta(seconds=1), "1 minute left"),
        (timedelta(0), ""),
    ],
)
def test_what_is_left_is_rounded_down(before: timedelta, words: str) -> None:
    assert word_left(CLOSES, CLOSES - before) == words


def test_what_is_long_ago_is_said_in_larger_units() -> None:
    later = [CLOSES + timedelta(days=days) for days in (0, 1, 59, 61, 1000)]
    assert [word_ago(CLOSES, at) for at in later] == [
        "today",
        "1 day ago",
        "59 days ago",
        "2 months ago",
        "2 years ago",
    ]


def test_a_zone_is_shown_once() -> None:
    places = clocks(
        CLOSES, [("Europe/Stockholm", ""), ("Africa/Gaborone", "Ghanzi"), ("UTC", ""), ("UTC", "")]
    )
    assert [place.name for place in places] == ["Stockholm", "Ghanzi", "UTC"]
    assert places[1].moment == "16 December 2026, 00:59"


def test_markdown_keeps_tables_and_drops_scripts_and_raw_html() -> None:
    html = render_markdown(
        "# Purpose\n\n<script>alert(1)</script> [x](javascript:alert(1)) **bold**\n\n|a|b|\n|:-|-:|\n|1|2|\n"
    )
    assert "<h3>Purpose</h3>" in html
    assert "<strong>bold</strong>" in html
    assert "<table>" in html
    assert "<script" not in html
    assert "href=" not in html
    assert "style" not in html


# --- pages ---


@pytest.mark.django_db
def test_the_leaf_shows_the_readers_time_only_where_it_differs() -> None:
    call = CallFactory(opens_at=CLOSES - timedelta(days=30), closes_at=CLOSES, zone="Europe/Stockholm")
    at = CLOSES - timedelta(days=3)
    assert leaf_of(call, at).time == "23:59 Stockholm"
    assert leaf_of(call, at, ("Europe/Madrid", "")).reader_time == ""
    assert leaf_of(call, at, ("Africa/Gaborone", "Ghanzi")).reader_time == "16 December, 00:59 in Ghanzi"
    assert leaf_of(call, CLOSES).time == "Closed 23:59 Stockholm"


@pytest.mark.django_db
def test_the_deadline_stands_in_the_calls_zone_the_readers_and_utc(client: Client) -> None:
    CallFactory(slug="one", zone="Europe/Stockholm", opens_at=CLOSES - timedelta(days=3000), closes_at=CLOSES)
    client.force_login(UserFactory(time_zone="America/Montevideo"))
    page = page_of(client, "/calls/one/")
    for place in ("<dt>Stockholm</dt>", "<dt>Montevideo</dt>", "<dt>UTC</dt>"):
        assert place in page
    assert "15 December 2026, 19:59" in page


@pytest.mark.django_db
def test_rules_caps_quotas_criteria_and_changes_are_all_said(client: Client) -> None:
    call = CallFactory(slug="one")
    RuleFactory(call=call, kind="lead_country", parameters={"countries": ["SE"]})
    caps = [
        {"countries": ["BA"], "parties": 2, "maximum": 450_000},
        {"countries": ["BW"], "parties": 2, "maximum": 500_000},
        {"countries": ["BW"], "parties": 3, "maximum": 650_000},
    ]
    RuleFactory(call=call, kind="cap_by_region_and_parties", parameters={"currency": "SEK", "caps": caps})
    Quota.objects.create(call=call, labels={"en": "Canada"}, side="abroad", countries=["CA"], places=2)
    Criterion.objects.create(
        call=call,
        key="relevance",
        labels={"en": "Relevance"},
        weight=100,
        anchors={"en": {"5": "Residents will notice."}},
        demo_value=True,
    )
    Milestone.objects.create(
        call=call, key="decision", labels={"en": "Board decides"}, planned_on="2027-02-16"
    )
    Amendment.objects.create(
        call=call,
        number=1,
        published_on="2026-11-01",
        reasons={"en": "A holiday in two countries."},
        closes_from=CLOSES - timedelta(days=7),
        closes_to=CLOSES,
    )
    page = page_of(client, "/calls/one/")
    for words in (
        "The lead is in Sweden.",
        "Swedish cities may apply.",
        "500,000",
        "not funded",
        "Canada",
        "demonstration weight",
        "Residents will notice.",
        "Board decides",
        "planned",
        "Amendment 1, 1 November 2026",
        "Closing moved from 8 December 2026, 23:59 Stockholm to 15 December 2026, 23:59 Stockholm.",
    ):
        assert words in page, words
    assert cap_tables(call)[0].rows == [
        ("Bosnia and Herzegovina", ["450,000", ""]),
        ("Botswana", ["500,000", "650,000"]),
    ]


@pytest.mark.django_db
def test_a_text_in_another_language_is_labelled_and_marked_for_screen_readers(client: Client) -> None:
    call = CallFactory(slug="one", text=None)
    CallText.objects.create(
        call=call, language="sv", authoritative=True, title="Partnerskap", summary="Avfall", body="Kommuner."
    )
    page = page_of(client, "/calls/one/")
    assert '<h1 class="display" lang="sv">Partnerskap</h1>' in page
    assert "you read the text in Swedish" in page
    CallText.objects.create(call=call, language="en", title="Partnership", summary="Waste", body="Towns.")
    page = page_of(client, "/calls/one/")
    assert "the text in Swedish decides" in page
    assert '<h1 class="display" >Partnership</h1>' in page


@pytest.mark.django_db
def test_closed_and_forthcoming_calls_say_so_and_what_next(client: Client) -> None:
    now = timezone.now()
    over = CallFactory(slug="over", opens_at=now - timedelta(days=60), closes_at=now - timedelta(days=1))
    CallFactory(slug="next", opens_at=now + timedelta(days=1), predecessor=over)
    page = page_of(client, "/calls/over/")
    assert "This call is closed" in page
    assert "/calls/next/" in page
    assert "Start application" not in page
    page = page_of(client, "/calls/next/")
    assert "This call opens later" in page
    assert "Start application" not in page


@pytest.mark.django_db
def test_a_draft_successor_is_not_given_away(client: Client) -> None:
    over = CallFactory(slug="over")
    CallFactory(slug="secret", editorial="draft", published_at=None, predecessor=over)
    assert "secret" not in page_of(client, "/calls/over/")


@pytest.mark.django_db
def test_who_is_logged_in_starts_with_a_post_others_check_first(client: Client) -> None:
    CallFactory(slug="one")
    page = page_of(client, "/calls/one/")
    assert 'action="/calls/one/apply/"' not in page
    assert 'href="/calls/one/check/">Start application' in page
    client.force_login(UserFactory())
    assert '<form method="post" action="/calls/one/apply/">' in page_of(client, "/calls/one/")


@pytest.mark.django_db
def test_every_question_and_criterion_is_there_before_logging_in(client: Client) -> None:
    section = SectionFactory(call=CallFactory(slug="one"), titles={"en": "The challenge"})
    QuestionFactory(section=section, labels={"en": "What will change?"}, required=True, limit=1500)
    options = [{"value": "en", "labels": {"en": "English"}}, {"value": "sv", "label": {"en": "Swedish"}}]
    QuestionFactory(section=section, labels={"en": "Which language?"}, type="choice", options=options)
    CriterionFactory(call=section.call, labels={"en": "Relevance"})
    page = page_of(client, "/calls/one/questions/")
    for words in (
        "1. The challenge",
        "What will change?",
        "At most 1,500 characters.",
        "<li>English</li><li>Swedish</li>",
    ):
        assert words in page
    assert "Relevance" in page
    assert "data-print" in page


@pytest.mark.django_db
def test_a_programme_shows_its_calls_now_later_and_past(client: Client) -> None:
    now = timezone.now()
    programme = ProgrammeFactory(
        slug="one",
        objectives={"en": "Cities **learn**."},
        action_lines=[{"en": "Exchange of staff"}],
    )
    CallFactory(slug="now", programme=programme)
    CallFactory(slug="to-come", programme=programme, opens_at=now + timedelta(days=2))
    CallFactory(
        slug="over",
        programme=programme,
        opens_at=now - timedelta(days=9),
        closes_at=now - timedelta(days=2),
    )
    response = client.get("/programmes/one/")
    groups = response.context["groups"]
    assert [[row["call"].slug for row in groups[key]] for key in ("now", "later", "past")] == [
        ["now"],
        ["to-come"],
        ["over"],
    ]
    assert "Cities <strong>learn</strong>." in response.content.decode()


@pytest.mark.django_db
def test_a_programme_counts_the_partnerships_under_any_of_its_names() -> None:
    programme = ProgrammeFactory(
        names={"en": "Mercociudades South-South Programme", "es": "Programa Sur-Sur"}
    )
    for number, name in enumerate(["South-South Programme", "Programa Sur-Sur de Rosario", "Another", ""]):
        Partnership.objects.create(
            slug=f"p-{number}", titles={}, kind="project", stage="active", programme=name
        )
    assert led_to(programme) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/calls/none/", "/calls/none/questions/", "/calls/none/check/", "/programmes/none/"]
)
def test_an_unknown_address_is_a_404(client: Client, address: str) -> None:
    page_of(client, address, status=404)


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3, 20])
def test_a_call_page_costs_the_same_whatever_it_holds(
    client: Client, django_assert_num_queries, rows: int
) -> None:
    call = CallFactory(slug="one")
    for number in range(rows):
        RuleFactory(call=call)
        CriterionFactory(call=call)
        CallFactory(predecessor=call)
        Quota.objects.create(call=call, labels={"en": "x"}, side="home", countries=["SE"], places=1)
        Milestone.objects.create(
            call=call, key=f"m{number}", labels={"en": "x"}, planned_on=f"2027-01-{number + 1:02}"
        )
    with django_assert_num_queries(16):
        client.get("/calls/one/")


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3, 20])
def test_questions_cost_the_same_whatever_they_are(
    client: Client, django_assert_num_queries, rows: int
) -> None:
    call = CallFactory(slug="one")
    for _ in range(rows):
        QuestionFactory(section=SectionFactory(call=call))
    with django_assert_num_queries(6):
        client.get("/calls/one/questions/")
