"""A city's own people keep its page: what they state stands there, and nobody overwrites it unseen."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from cooperation.history.models import HistoryEntry
from partnerships.models import City, Commitment, Exchange, NetworkMembership, Partnership
from partnerships.operations.commitment_reports import file_report, note_grace
from partnerships.operations.portfolio import describe, state_commitment, state_membership
from partnerships.operations.refusals import NotPossible
from partnerships.queries.editing import fingerprint, plain, reports_of
from partnerships.queries.reporting import due_next
from tests.factories import (
    CityFactory,
    MembershipFactory,
    NetworkFactory,
    OrganisationFactory,
    ThemeFactory,
    UserFactory,
)
from tests.pages import said
from tests.partnerships.portfolios import compact

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def ale() -> City:
    return OrganisationFactory(city__name="Ale", city__slug="ale").city


@pytest.fixture
def olle(ale):
    """An officer of Ale's municipality."""
    return MembershipFactory(organisation=ale.organisations.get()).user


@pytest.fixture
def signed_in(client, olle):
    client.force_login(olle)
    return client


def seen_on(client, url: str) -> str:
    """The fingerprint that the page shows."""
    return client.get(url).context["seen"]


def test_the_city_in_its_own_words_and_languages(signed_in, ale):
    url = "/cities/ale/edit/about/"
    answer = signed_in.post(
        url,
        {
            "seen": seen_on(signed_in, url),
            "website": "www.ale.example",
            "twinnings_stated": "3",
            "description_en": "A town by the river.",
            "description_es": "Un pueblo junto al río.",
        },
    )
    assert answer.status_code == 302
    ale.refresh_from_db()
    assert ale.descriptions == {"en": "A town by the river.", "es": "Un pueblo junto al río."}
    assert ale.website == "https://www.ale.example"
    assert "A town by the river." in said(signed_in.get("/cities/ale/"))
    assert "Un pueblo junto al río." in said(signed_in.get("/es/cities/ale/"))


def test_who_saves_second_sees_both_versions(signed_in, ale, olle):
    url = "/cities/ale/edit/about/"
    seen = seen_on(signed_in, url)
    describe(city=ale, fields={"website": "https://first.example"}, seen=seen, by=olle, at=AT)
    answer = signed_in.post(url, {"seen": seen, "website": "https://second.example"})
    assert answer.status_code == 409
    assert "https://first.example" in said(answer)
    assert "https://second.example" in said(answer)
    ale.refresh_from_db()
    assert ale.website == "https://first.example"
    again = signed_in.post(url, {"seen": answer.context["seen"], "website": "https://second.example"})
    assert again.status_code == 302
    ale.refresh_from_db()
    assert ale.website == "https://second.example"


def test_interests_are_chosen_from_the_themes(signed_in, ale):
    ThemeFactory(slug="waste")
    ThemeFactory(slug="youth")
    url = "/cities/ale/edit/interests/"
    signed_in.post(url, {"seen": seen_on(signed_in, url), "learn": ["waste"], "teach": ["youth", "waste"]})
    chosen = sorted(ale.city_themes.values_list("direction", "theme_id"))
    assert chosen == [("learn", "waste"), ("teach", "waste"), ("teach", "youth")]
    answer = signed_in.post(url, {"seen": seen_on(signed_in, url), "learn": ["atlantis"]})
    assert answer.status_code == 422


def test_a_stated_population_stands_on_the_page_and_leaves_the_register(signed_in, ale):
    answer = signed_in.post(
        "/cities/ale/edit/population/", {"population": "32 000", "year": "2025", "source": "The council"}
    )
    assert answer.status_code == 302
    page = said(signed_in.get("/cities/ale/"))
    assert "32,000 inhabitants" in page
    assert "as the city says" in page
    ale.refresh_from_db()
    assert ale.population == 60_000


def test_a_network_with_an_office(signed_in, ale):
    network = NetworkFactory(short_name="ICLEI")
    answer = signed_in.post(
        "/cities/ale/edit/networks/", {"network_id": network.pk, "since_year": "2010", "founder": "on"}
    )
    assert answer.status_code == 302
    row = ale.network_memberships.get()
    assert (row.founder, row.since_year, row.is_verified) == (True, 2010, False)
    signed_in.post(
        f"/cities/ale/edit/networks/{row.pk}/offices/", {"titles": "Vice-presidency", "since_year": "2015"}
    )
    assert row.offices.get().titles == {"en": "Vice-presidency"}
    page = said(signed_in.get("/cities/ale/"))
    assert "Vice-presidency" in page
    assert "as the city says" in page
    again = signed_in.post("/cities/ale/edit/networks/", {"network_id": network.pk})
    assert again.status_code == 409
    assert "Change that entry" in said(again)


def test_a_known_initiative_brings_its_clock(signed_in, ale):
    answer = signed_in.post(
        "/cities/ale/edit/commitments/",
        {"key": "un_global_compact", "joined_on": "2024-06-30", "companies": "4"},
    )
    assert answer.status_code == 302
    row = ale.commitments.get()
    assert (row.first_report_years, row.cycle_years, row.grace_days, row.lapse_years) == (2, 2, 90, 1)
    assert due_next(row) == date(2026, 6, 30)
    page = said(signed_in.get("/cities/ale/"))
    assert "United Nations Global Compact" in page
    assert "4 local companies take part" in page


def test_a_commitment_without_reports_asks_nobody_for_one(signed_in, ale):
    form = {"key": "climate_neutral_2050", "joined_on": "2021-06-14"}
    assert signed_in.post("/cities/ale/edit/commitments/", form).status_code == 302
    page = said(signed_in.get("/cities/ale/"))
    assert "Climate neutral by 2050" in page
    assert "Ask the city" not in page


def test_what_people_of_the_city_change_leaves_an_entry(signed_in, olle):
    url = "/cities/ale/edit/about/"
    signed_in.post(url, {"seen": seen_on(signed_in, url), "website": "https://www.ale.example"})
    signed_in.post("/cities/ale/edit/commitments/", {"key": "climate_neutral_2050"})
    entries = HistoryEntry.objects.filter(actor=olle.pk).values_list("table", "change")
    assert {("partnerships_city", "update"), ("partnerships_commitment", "insert")} <= set(entries)


def test_another_commitment_needs_a_name(signed_in):
    answer = signed_in.post("/cities/ale/edit/commitments/", {"key": "other"})
    assert answer.status_code == 422
    assert "Name the commitment." in said(answer)


def test_reports_are_filed_on_the_page_and_move_the_clock(signed_in, ale):
    commitment = compact(ale)
    url = f"/cities/ale/edit/commitments/{commitment.pk}/report/"
    page = signed_in.get(url)
    assert (page.context["form"].initial["period_from"], page.context["form"].initial["period_to"]) == (
        2020,
        2022,
    )
    form = {
        "title": "Third report",
        "period_from": "2020",
        "period_to": "2022",
        "filed_on": "2023-11-15",
        "link": "https://reports.example/3",
        "seen": page.context["seen"],
    }
    assert signed_in.post(url, form).status_code == 302
    report = commitment.reports.get(title="Third report")
    assert report.due_on == date(2023, 10, 31)
    commitment.refresh_from_db()
    assert due_next(commitment) == date(2025, 11, 15)
    public = said(signed_in.get("/cities/ale/"))
    assert "https://reports.example/3" in public
    assert "Filed late" in public
    # the form of before: somebody filed since
    assert signed_in.post(url, form).status_code == 409


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"filed_on": date(2027, 1, 1)}, "still to come"),
        ({"filed_on": date(2014, 1, 1)}, "before the city joined"),
        ({"period_to": 2020}, "up to 2020 is filed already"),
    ],
)
def test_reports_that_cannot_be_are_refused(ale, olle, change, words):
    commitment = compact(ale)
    about = {
        "title": "Third",
        "period_from": 2020,
        "period_to": 2022,
        "filed_on": date(2023, 1, 1),
        "link": "",
    }
    with pytest.raises(NotPossible, match=words):
        file_report(
            commitment=commitment,
            **{**about, **change},
            seen=fingerprint(reports_of(commitment)),
            by=olle,
            at=AT,
        )


def test_grace_is_noted_for_the_report_due_next(signed_in, ale, olle):
    commitment = compact(ale)
    assert signed_in.post(f"/cities/ale/edit/commitments/{commitment.pk}/grace/").status_code == 302
    commitment.refresh_from_db()
    assert commitment.grace_for == date(2023, 10, 31)
    report = file_report(
        commitment=commitment,
        title="Third",
        period_from=2020,
        period_to=2022,
        filed_on=date(2024, 1, 29),
        link="",
        seen=fingerprint(reports_of(commitment)),
        by=olle,
        at=AT,
    )
    assert report.grace_days == 90
    bare = Commitment.objects.create(city=ale, name="Covenant")
    refused = signed_in.post(f"/cities/ale/edit/commitments/{bare.pk}/grace/")
    assert refused.status_code == 409
    assert "no days of grace" in said(refused)
    with pytest.raises(NotPossible):
        note_grace(commitment=bare, by=olle, at=AT)


def agreement(client, **answers):
    form = {"partner": "Lund", "kind": "twinning", "stage": "active", "start_year": "1990"}
    return client.post("/cities/ale/edit/agreements/", {**form, **answers})


def test_a_twinning_is_stated_with_a_city_of_the_register(signed_in, ale):
    lund = CityFactory(name="Lund", slug="lund")
    answer = agreement(signed_in, subjects="Water\nSchools", signed_on="1990-05-01", renewal_on="2030-05-01")
    assert answer.status_code == 302
    row = Partnership.objects.get()
    assert row.title == "Twinning of Ale and Lund"
    assert row.fields == {"en": ["Water", "Schools"]}
    assert [member.city for member in row.members.all()] == [ale, lund]
    assert "as the city says" in said(signed_in.get("/cities/ale/"))
    # nobody has looked at it: it stands on no page but the city's own
    assert "Twinning of Ale" not in said(signed_in.get("/cities/lund/"))
    assert "Twinning of Ale" not in said(signed_in.get("/partnerships/"))


def test_of_several_cities_of_a_name_one_is_chosen(signed_in):
    CityFactory(name="Rosario", country="AR")
    mexican = CityFactory(name="Rosario", country="MX")
    answer = agreement(signed_in, partner="Rosario")
    assert answer.status_code == 422
    assert "Several cities have this name." in said(answer)
    assert agreement(signed_in, partner="Rosario", which=mexican.slug).status_code == 302
    assert Partnership.objects.get().members.filter(city=mexican).exists()


def test_a_partner_that_is_no_city_is_named(signed_in):
    answer = agreement(signed_in, partner="JICA", kind="agreement")
    assert answer.status_code == 422
    assert "No city has this name." in said(answer)
    assert agreement(signed_in, partner="JICA", kind="agreement", which="no_city").status_code == 302
    assert Partnership.objects.get().members.get(position=1).display_name == "JICA"


def test_no_agreement_with_oneself(signed_in):
    answer = agreement(signed_in, partner="Ale")
    assert answer.status_code == 409
    assert "with itself" in said(answer)


def test_people_exchanged(signed_in, ale):
    form = {"direction": "sent", "programme": "KCCP", "country": "JP", "people": "12", "subjects": "Waste"}
    assert signed_in.post("/cities/ale/edit/exchanges/", form).status_code == 302
    row = Exchange.objects.get()
    assert (row.people, row.fields) == (12, {"en": ["Waste"]})
    assert "12 people" in said(signed_in.get("/cities/ale/"))
    url = f"/cities/ale/edit/exchanges/{row.pk}/"
    changed = {**form, "programme": "KCCP 2", "seen": seen_on(signed_in, url)}
    assert signed_in.post(url, changed).status_code == 302
    assert Exchange.objects.get().programme == "KCCP 2"


def test_what_nobody_verified_is_taken_back_and_what_is_verified_stays(signed_in, ale, olle):
    network = NetworkFactory()
    row = state_membership(city=ale, fields={"network_id": network.pk}, by=olle, at=AT)
    assert signed_in.post(f"/cities/ale/edit/networks/{row.pk}/take-back/").status_code == 302
    assert not NetworkMembership.objects.exists()
    recorded = NetworkMembership.objects.create(city=ale, network=network)
    refused = signed_in.post(f"/cities/ale/edit/networks/{recorded.pk}/take-back/")
    assert refused.status_code == 409
    assert NetworkMembership.objects.filter(pk=recorded.pk).exists()


def test_only_what_counts_is_verified_again(ale, olle):
    row = Commitment.objects.create(city=ale, name="Covenant", joined_on=date(2020, 1, 1))
    state_commitment(
        city=ale,
        pk=row.pk,
        seen=fingerprint(plain(row)),
        by=olle,
        at=AT,
        fields={"name": "Covenant", "companies": 3},
    )
    row.refresh_from_db()
    assert row.is_verified
    state_commitment(
        city=ale,
        pk=row.pk,
        seen=fingerprint(plain(row)),
        by=olle,
        at=AT,
        fields={"name": "Covenant", "joined_on": date(2010, 1, 1)},
    )
    row.refresh_from_db()
    assert not row.is_verified


PAGES = ("", "about/", "population/", "interests/", "networks/", "commitments/", "agreements/", "exchanges/")


def test_for_others_there_is_no_such_page(client, ale):
    others = [
        UserFactory(),
        UserFactory(is_staff=True, is_superuser=True),
        MembershipFactory().user,
        MembershipFactory(organisation=ale.organisations.get(), role="viewer").user,
        MembershipFactory(organisation=ale.organisations.get(), verified_at=None, verified_by=None).user,
        MembershipFactory(organisation=OrganisationFactory(city=ale, kind="university")).user,
    ]
    for person in others:
        client.force_login(person)
        assert client.get("/cities/ale/edit/").status_code == 404
        assert client.post("/cities/ale/edit/population/", {"population": "1"}).status_code == 404
        with pytest.raises(PermissionDenied):
            describe(city=ale, fields={"website": ""}, seen="", by=person, at=AT)


def test_facts_of_another_city_are_not_found(signed_in):
    other = CityFactory()
    rows = {
        "networks": NetworkMembership.objects.create(city=other, network=NetworkFactory()),
        "commitments": Commitment.objects.create(city=other, name="Covenant"),
        "exchanges": Exchange.objects.create(city=other, direction="sent", programme="KCCP", fields={}),
    }
    for kind, row in rows.items():
        assert signed_in.get(f"/cities/ale/edit/{kind}/{row.pk}/").status_code == 404
        assert signed_in.post(f"/cities/ale/edit/{kind}/{row.pk}/take-back/").status_code == 404
    pk = rows["commitments"].pk
    assert signed_in.post(f"/cities/ale/edit/commitments/{pk}/grace/").status_code == 404
    assert signed_in.get(f"/cities/ale/edit/commitments/{pk}/report/").status_code == 404
    assert signed_in.get("/cities/ale/edit/atlantis/").status_code == 404


def test_every_page_opens(signed_in):
    for page in PAGES:
        assert signed_in.get(f"/cities/ale/edit/{page}").status_code == 200


@pytest.mark.parametrize("count", [1, 3, 20])
def test_overview_costs_the_same_at_any_length(signed_in, ale, django_assert_num_queries, count):
    for number in range(count):
        membership = NetworkMembership.objects.create(city=ale, network=NetworkFactory())
        membership.offices.create(titles={"en": "Chair"}, since_year=2020)
        compact(ale)
        row = Partnership.objects.create(
            slug=f"p-{number}", titles={"en": "T"}, kind="twinning", stage="active", stated_city=ale
        )
        row.members.create(city=CityFactory(), role="partner")
    with django_assert_num_queries(16):
        signed_in.get("/cities/ale/edit/")


BAD = {
    "population": {"population": "9" * 5000, "year": "1", "source": "x" * 500},
    "networks": {"network_id": "many", "since_year": "later", "until_year": "-1"},
    "commitments": {"key": "x\x00", "joined_on": "2026-02-31", "link": "javascript:alert(1)"},
    "agreements": {"partner": "x\x00" * 300, "kind": "x", "stage": "y", "which": "z"},
    "exchanges": {"direction": "away", "country": "??", "people": "1e9", "subjects": ""},
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_answered_with_its_reason(signed_in, kind):
    answer = signed_in.post(f"/cities/ale/edit/{kind}/", BAD[kind])
    assert answer.status_code == 422
    assert answer.context["form"].errors
