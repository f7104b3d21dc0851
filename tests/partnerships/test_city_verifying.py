"""Staff verify what cities state, or refuse it with a reason that is mailed; rules count what is verified."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from calls.eligibility.rule import State
from calls.queries.eligibility import check_cities, cities_facts
from calls.queries.eligible_cities import eligible_cities
from cooperation.notifications.models import Message
from partnerships.models import City, Commitment, NetworkMembership, Partnership, PopulationStatement
from partnerships.operations.portfolio import (
    state_agreement,
    state_commitment,
    state_membership,
    state_population,
)
from partnerships.operations.verifying_facts import refuse_fact, verify_facts
from partnerships.queries.claims import Claim, claims_waiting
from partnerships.queries.editing import fingerprint, plain
from tests.factories import (
    CallFactory,
    CityFactory,
    MembershipFactory,
    NetworkFactory,
    OrganisationFactory,
    RuleFactory,
    UserFactory,
)
from tests.pages import said

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
QUEUE = "admin:partnerships_city_stated"


@pytest.fixture
def ale() -> City:
    return OrganisationFactory(city__name="Ale", city__slug="ale").city


@pytest.fixture
def olle(ale):
    return MembershipFactory(organisation=ale.organisations.get(), user__language="en").user


@pytest.fixture
def staff(client):
    person = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(person)
    return person


@pytest.fixture
def stated(ale, olle) -> list[Claim]:
    """One of everything that is verified."""
    network = NetworkFactory(slug="iclei", short_name="ICLEI")
    about = {"city": ale, "by": olle, "at": AT}
    state_population(population=120_000, year=2025, source="The council", **about)
    state_membership(fields={"network_id": network.pk}, **about)
    promise = {
        "name": "Climate neutral by 2050",
        "key": "climate_neutral_2050",
        "joined_on": date(2020, 1, 1),
    }
    state_commitment(fields=promise, **about)
    twinning = {"kind": "twinning", "stage": "active", "titles": {"en": "Twinning of Ale and Lund"}}
    state_agreement(partner=CityFactory(name="Lund", slug="lund"), fields=twinning, **about)
    return claims_waiting()


def named(claim: Claim) -> tuple[str, int, str]:
    return claim.kind, claim.pk, claim.version


def key(claim: Claim) -> str:
    return f"{claim.kind}:{claim.address}"


def test_the_queue_shows_what_is_stated_beside_what_is_known(client, staff, stated):
    page = said(client.get(reverse(QUEUE)))
    assert "120,000 (The council, 2025)" in page
    assert "The register says 60,000" in page
    assert "Twinning of Ale and Lund" in page


def test_many_are_verified_at_once(client, staff, stated, ale):
    answer = client.post(reverse(QUEUE), {"fact": [key(claim) for claim in stated]}, follow=True)
    assert "4 statements are verified." in said(answer)
    assert claims_waiting() == []
    ale.refresh_from_db()
    assert (ale.population, ale.population_year, ale.population_source) == (120_000, 2025, "The council")
    row = ale.commitments.get()
    assert (row.verified_by, row.is_verified) == (staff, True)
    assert "as the city says" not in said(client.get("/cities/ale/"))
    # now it stands on the other city's page and in the list, too
    assert "Twinning of Ale and Lund" in said(client.get("/cities/lund/"))
    assert "Twinning of Ale and Lund" in said(client.get("/partnerships/"))


def test_what_was_changed_since_is_not_verified(client, staff, stated, ale, olle):
    claim = next(claim for claim in stated if claim.kind == "population")
    state_population(city=ale, population=9_000_000, year=2025, source="A dream", by=olle, at=AT)
    answer = client.post(reverse(QUEUE), {"fact": [key(claim)]}, follow=True)
    assert "look again" in said(answer)
    ale.refresh_from_db()
    assert ale.population == 60_000
    assert len(claims_waiting()) == 4


GONE = {
    "population": "120,000",
    "membership": "ICLEI",
    "commitment": "Climate neutral",
    "agreement": "Twinning",
}


@pytest.mark.parametrize("kind", GONE)
def test_a_refusal_is_mailed_and_the_fact_leaves_the_page(client, staff, stated, ale, olle, kind):
    claim = next(claim for claim in stated if claim.kind == kind)
    answer = client.post(reverse(QUEUE), {"refuse": key(claim), "reason": "No source says so."})
    assert answer.status_code == 302
    mail = Message.objects.get()
    assert mail.recipient == olle.email
    assert "No source says so." in mail.body
    assert claim.words in mail.body
    assert len(claims_waiting()) == 3
    page = said(client.get("/cities/ale/"))
    assert GONE[kind] not in page
    client.force_login(olle)
    assert "Not verified" in said(client.get("/cities/ale/edit/"))


def test_a_refused_fact_is_corrected_and_waits_again(staff, stated, ale, olle):
    claim = next(claim for claim in stated if claim.kind == "commitment")
    refuse_fact(kind="commitment", pk=claim.pk, version=claim.version, reason="When?", by=staff, at=AT)
    row = ale.commitments.get()
    fields = {"name": row.name, "joined_on": date(2021, 1, 1)}
    state_commitment(city=ale, pk=row.pk, fields=fields, seen=fingerprint(plain(row)), by=olle, at=AT)
    row.refresh_from_db()
    assert (row.refused_at, row.refusal) == (None, "")
    assert row.pk in [found.pk for found in claims_waiting() if found.kind == "commitment"]


def test_a_refusal_needs_a_reason(client, staff, stated):
    answer = client.post(reverse(QUEUE), {"refuse": key(stated[0]), "reason": " "})
    assert answer.status_code == 422
    assert "Give the reason" in said(answer)
    again = {"refuse": key(stated[0]), "reason": "No."}
    assert client.post(reverse(QUEUE), again).status_code == 302
    assert client.post(reverse(QUEUE), again).status_code == 409


def test_only_staff_with_the_right_verify(client, stated, olle):
    looking = UserFactory(is_staff=True)
    client.force_login(looking)
    assert client.get(reverse(QUEUE)).status_code == 403
    assert "120,000" not in said(client.get(reverse(QUEUE)))
    for person in (looking, olle):
        with pytest.raises(PermissionDenied):
            verify_facts(chosen=[named(stated[0])], by=person, at=AT)
        with pytest.raises(PermissionDenied):
            refuse_fact(kind=stated[0].kind, pk=stated[0].pk, version="", reason="No", by=person, at=AT)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"fact": ["x"]},
        {"fact": ["city:1:x"]},
        {"fact": ["population:" + "9" * 40 + ":x"]},
        {"refuse": ""},
    ],
)
def test_what_names_nothing_is_said(client, staff, sent):
    answer = client.post(reverse(QUEUE), sent)
    assert answer.status_code == 422
    assert "Choose at least one statement." in said(answer)


@pytest.mark.parametrize("count", [1, 3, 20])
def test_queue_costs_the_same_at_any_length(client, staff, django_assert_num_queries, count):
    for number in range(count):
        city = CityFactory()
        fact = {"stated_at": AT, "stated_by": staff}
        PopulationStatement.objects.create(city=city, population=1, year=2025, source="S", **fact)
        NetworkMembership.objects.create(city=city, network=NetworkFactory(), **fact)
        Commitment.objects.create(city=city, name="Covenant", **fact)
        row = Partnership.objects.create(
            slug=f"p-{number}", titles={}, kind="twinning", stage="active", stated_city=city, **fact
        )
        row.members.create(city=city, role="partner")
    with django_assert_num_queries(9):
        client.get(reverse(QUEUE))


RULES = {
    "network_member": {"networks": ["iclei"], "who": "lead"},
    "existing_commitment": {"commitments": ["climate_neutral_2050"], "who": "lead"},
    "population_minimum": {"inhabitants": 100_000, "combined": False, "who": "lead"},
}


@pytest.mark.parametrize("kind", RULES)
def test_rules_count_only_what_is_verified(staff, stated, ale, kind):
    """The check of one city and the list of eligible cities agree, before and after."""
    call = CallFactory()
    RuleFactory(call=call, kind=kind, parameters=RULES[kind])

    def met() -> tuple[bool, bool]:
        city = City.objects.get(pk=ale.pk)
        found = check_cities(call, city, [], on=AT.date())
        listed = eligible_cities(call, on=AT.date()).filter(pk=ale.pk).exists()
        return found.findings[0].state is State.PASS, listed

    assert met()[0] is False
    verify_facts(chosen=[named(claim) for claim in stated], by=staff, at=AT)
    assert met() == (True, True)


def test_facts_of_a_city_leave_out_what_is_stated_only(stated, ale):
    facts = cities_facts([ale], on=AT.date(), asked=["commitments"])[0]
    assert (facts.population, facts.networks, facts.commitments) == (60_000, frozenset(), None)
