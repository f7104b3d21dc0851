"""Each kind of rule against real cases, one row a case."""

from decimal import Decimal

import pytest

from calls.eligibility import KINDS, CityFacts, kind_of, rule

from .cases_parties import PARTIES
from .cases_projects import PROJECTS
from .samples import (
    ALE,
    GABORONE,
    GHANZI,
    ICLD_CAPS,
    ICLD_COUNTRIES,
    MONTEVIDEO,
    NOWHERE,
    PRISTINA,
    ROSARIO,
    SANTA_FE,
    facts,
)

SWEDEN = {"countries": ["SE"]}
PARTNERS = {"countries": ICLD_COUNTRIES}
BODIES = {"kinds": ["municipality", "region", "federation"]}
UNIVERSITY = CityFacts("University of Rosario", "AR", "university")
TWO = {"minimum": 2}
FEW = {"minimum": 2, "maximum": 3}
ABOVE_50 = {"inhabitants": 50_000, "combined": False}
ABOVE_100 = {"inhabitants": 100_000, "combined": True}
MERCO_ALL = {"networks": ["mercociudades"], "who": "all"}
ANY_OF_FOUR = {"networks": ["mercociudades", "flacma", "ucci", "al-las"], "who": "lead"}
UP_TO_10 = {"minimum": None, "maximum": 10_000, "currency": "USD"}
RANGE = {"minimum": 50_000, "maximum": 250_000, "currency": "EUR"}
HALF = {"maximum_percent": 50}
YEARS = {"minimum": 12, "maximum": 36}
CORE = {"allowed": ["equity", "participation"], "minimum": 1, "maximum": None}
ONE = {"allowed": ["waste", "water"], "minimum": 1, "maximum": 1}
PRIOR = {"fact": "planning_tool_completed"}
LETTERS = {"document": "endorsement_letter", "from_each_party": True}
LETTER = {"document": "endorsement_letter", "from_each_party": False}
ROLES = {"coordinator": 1, "partner": 1}


def money(amount, currency="USD", **more):
    return {"amount": Decimal(amount), "currency": currency, **more}


CASES = [
    ("lead_country", SWEDEN, {"lead": ALE}, "pass", "met"),
    ("lead_country", SWEDEN, {"lead": ROSARIO}, "fail", "country_outside"),
    ("lead_country", SWEDEN, {"lead": NOWHERE}, "unknown", "city_fact_missing"),
    ("lead_country", SWEDEN, {}, "unknown", "lead_missing"),
    ("partner_country", PARTNERS, {"lead": ALE, "partners": (GHANZI,)}, "pass", "met"),
    ("partner_country", PARTNERS, {"lead": ALE, "partners": (PRISTINA,)}, "pass", "met"),
    ("partner_country", PARTNERS, {"lead": ALE, "partners": (GHANZI, ROSARIO)}, "fail", "country_outside"),
    ("partner_country", PARTNERS, {"lead": ALE, "partners": (NOWHERE, ROSARIO)}, "fail", "country_outside"),
    ("partner_country", PARTNERS, {"partners": (NOWHERE, GHANZI)}, "unknown", "city_fact_missing"),
    ("partner_country", PARTNERS, {"lead": ALE}, "unknown", "partner_missing"),
    ("distinct_countries", TWO, {"lead": ROSARIO, "partners": (MONTEVIDEO,)}, "pass", "met"),
    ("distinct_countries", TWO, {"lead": ROSARIO, "partners": (SANTA_FE,)}, "fail", "too_few_countries"),
    ("distinct_countries", TWO, {"lead": ROSARIO, "partners": (NOWHERE,)}, "unknown", "city_fact_missing"),
    ("distinct_countries", TWO, {"lead": ROSARIO}, "unknown", "partner_missing"),
    ("distinct_countries", TWO, {"partners": (SANTA_FE,)}, "unknown", "lead_missing"),
    ("distinct_countries", {"minimum": 1}, {"lead": ROSARIO}, "pass", "met"),
    ("peer_other_country", {}, {"lead": ALE, "partners": (GHANZI,)}, "pass", "met"),
    ("peer_other_country", {}, {"lead": ROSARIO, "partners": (SANTA_FE, MONTEVIDEO)}, "pass", "met"),
    ("peer_other_country", {}, {"lead": ROSARIO, "partners": (SANTA_FE,)}, "fail", "same_country"),
    ("peer_other_country", {}, {"lead": ROSARIO, "partners": (NOWHERE,)}, "unknown", "city_fact_missing"),
    ("peer_other_country", {}, {"lead": NOWHERE, "partners": (ALE,)}, "unknown", "city_fact_missing"),
    ("peer_other_country", {}, {"lead": ALE}, "unknown", "partner_missing"),
    ("peer_other_country", {}, {"partners": (ALE,)}, "unknown", "lead_missing"),
    ("lead_kind", BODIES, {"lead": ALE}, "pass", "met"),
    ("lead_kind", BODIES, {"lead": UNIVERSITY}, "fail", "kind_outside"),
    ("lead_kind", BODIES, {"lead": NOWHERE}, "unknown", "city_fact_missing"),
    ("lead_kind", BODIES, {}, "unknown", "lead_missing"),
    ("partner_kind", BODIES, {"partners": (GHANZI,)}, "pass", "met"),
    ("partner_kind", BODIES, {"partners": (GHANZI, UNIVERSITY)}, "fail", "kind_outside"),
    ("partner_kind", BODIES, {}, "unknown", "partner_missing"),
    ("partner_count", FEW, {"partners": (GHANZI, GABORONE)}, "pass", "met"),
    ("partner_count", FEW, {"partners": (GHANZI,)}, "fail", "too_few_partners"),
    ("partner_count", FEW, {"partners": (GHANZI,) * 4}, "fail", "too_many_partners"),
    ("partner_count", FEW, {}, "unknown", "partner_missing"),
    ("partner_count", {"minimum": 0, "maximum": None}, {}, "pass", "met"),
    ("population_minimum", ABOVE_50, {"lead": ROSARIO}, "pass", "met"),
    ("population_minimum", ABOVE_50, {"lead": ALE}, "fail", "population_below"),
    ("population_minimum", ABOVE_50, {"lead": NOWHERE}, "unknown", "city_fact_missing"),
    ("population_minimum", ABOVE_50, {}, "unknown", "lead_missing"),
    ("population_minimum", ABOVE_100, {"lead": ALE, "partners": (GABORONE,)}, "pass", "met"),
    ("population_minimum", ABOVE_100, {"lead": ALE, "partners": (GHANZI,)}, "fail", "population_below"),
    ("population_minimum", ABOVE_100, {"lead": ALE, "partners": (NOWHERE,)}, "unknown", "city_fact_missing"),
    ("population_minimum", ABOVE_100, {"lead": ALE}, "unknown", "partner_missing"),
    ("population_minimum", ABOVE_100, {"lead": ROSARIO}, "pass", "met"),
    ("network_member", ANY_OF_FOUR, {"lead": ROSARIO}, "pass", "met"),
    ("network_member", ANY_OF_FOUR, {"lead": ALE}, "fail", "not_member"),
    ("network_member", ANY_OF_FOUR, {"lead": NOWHERE}, "unknown", "city_fact_missing"),
    ("network_member", MERCO_ALL, {"lead": ROSARIO, "partners": (MONTEVIDEO,)}, "pass", "met"),
    ("network_member", MERCO_ALL, {"lead": ROSARIO, "partners": (ALE,)}, "fail", "not_member"),
    ("network_member", MERCO_ALL, {"lead": ROSARIO, "partners": (NOWHERE,)}, "unknown", "city_fact_missing"),
    ("network_member", MERCO_ALL, {"lead": ROSARIO}, "unknown", "partner_missing"),
    ("network_member", MERCO_ALL, {"lead": ALE}, "fail", "not_member"),
    ("amount_between", UP_TO_10, money(10_000), "pass", "met"),
    ("amount_between", UP_TO_10, money("10000.01"), "fail", "amount_above"),
    ("amount_between", UP_TO_10, money(5_000, "EUR"), "fail", "currency_differs"),
    ("amount_between", UP_TO_10, money(5_000, ""), "unknown", "fact_missing"),
    ("amount_between", UP_TO_10, {}, "unknown", "fact_missing"),
    ("amount_between", RANGE, money(49_999, "EUR"), "fail", "amount_below"),
    ("grant_share", HALF, money(7_000, total_cost=Decimal(14_000)), "pass", "met"),
    ("grant_share", HALF, money("7000.01", total_cost=Decimal(14_000)), "fail", "share_above"),
    ("grant_share", HALF, money(7_000), "unknown", "fact_missing"),
    ("grant_share", HALF, money(7_000, total_cost=Decimal(0)), "unknown", "fact_missing"),
    ("grant_share", HALF, {"total_cost": Decimal(7_000)}, "unknown", "fact_missing"),
    (
        "cap_by_region_and_parties",
        ICLD_CAPS,
        {"partners": (GHANZI,), "duration_months": 24, **money(1_000_000, "SEK")},
        "pass",
        "within_cap",
    ),
    (
        "cap_by_region_and_parties",
        ICLD_CAPS,
        {"partners": (GHANZI,), "duration_months": 24, **money(1_000_001, "SEK")},
        "fail",
        "above_cap",
    ),
    (
        "cap_by_region_and_parties",
        ICLD_CAPS,
        {"partners": (GHANZI, PRISTINA), "duration_months": 12, **money(612_400, "SEK")},
        "fail",
        "above_cap",
    ),
    (
        "cap_by_region_and_parties",
        ICLD_CAPS,
        {"partners": (GHANZI, GABORONE), "duration_months": 6, **money(612_400, "SEK")},
        "pass",
        "within_cap",
    ),
    (
        "cap_by_region_and_parties",
        ICLD_CAPS,
        {"partners": (GHANZI, NOWHERE), "duration_months": 12, **money(612_400, "SEK")},
        "unknown",
        "city_fact_missing",
    ),
    (
        "cap_by_region_and_parties",
        ICLD_CAPS,
        {"partners": (NOWHERE,), "duration_months": 12, **money(612_400, "SEK")},
        "unknown",
        "city_fact_missing",
    ),
    (
        "cap_by_region_and_parties",
        ICLD_CAPS,
        {"partners": (GHANZI,), **money(1, "SEK")},
        "unknown",
        "fact_missing",
    ),
    ("cap_by_region_and_parties", ICLD_CAPS, {"partners": (GHANZI,)}, "unknown", "fact_missing"),
    ("cap_by_region_and_parties", ICLD_CAPS, {"partners": (ROSARIO,)}, "fail", "cap_missing"),
    ("cap_by_region_and_parties", ICLD_CAPS, {"partners": (GHANZI,) * 3}, "fail", "cap_missing"),
    ("cap_by_region_and_parties", ICLD_CAPS, {}, "unknown", "partner_missing"),
    ("duration_months", YEARS, {"duration_months": 36}, "pass", "met"),
    ("duration_months", YEARS, {"duration_months": 37}, "fail", "duration_above"),
    ("duration_months", YEARS, {"duration_months": 11}, "fail", "duration_below"),
    ("duration_months", YEARS, {}, "unknown", "fact_missing"),
    ("themes", CORE, {"themes": frozenset({"youth", "participation"})}, "pass", "met"),
    ("themes", CORE, {"themes": frozenset({"youth"})}, "fail", "too_few_themes"),
    ("themes", CORE, {}, "unknown", "fact_missing"),
    ("themes", ONE, {"themes": frozenset({"waste", "water"})}, "fail", "too_many_themes"),
    ("themes", ONE, {"themes": frozenset({"waste", "youth"})}, "pass", "met"),
    ("themes", {**ONE, "allowed": []}, {"themes": frozenset({"youth"})}, "pass", "met"),
    ("declared", PRIOR, {"declared": {"planning_tool_completed": True}}, "pass", "met"),
    ("declared", PRIOR, {"declared": {"planning_tool_completed": False}}, "fail", "declared_no"),
    ("declared", PRIOR, {"declared": {"something_else": True}}, "unknown", "not_answered"),
    ("applications_per_role", ROLES, {}, "unknown", "fact_missing"),
    (
        "applications_per_role",
        ROLES,
        {"applications_as_coordinator": 0, "applications_as_partner": 1},
        "pass",
        "met",
    ),
    ("applications_per_role", ROLES, {"applications_as_coordinator": 1}, "fail", "too_many_applications"),
    (
        "applications_per_role",
        ROLES,
        {"applications_as_coordinator": 0, "applications_as_partner": 2},
        "fail",
        "too_many_applications",
    ),
    ("document_required", LETTER, {"documents": {"endorsement_letter": 1}}, "pass", "met"),
    ("document_required", LETTER, {"documents": {"endorsement_letter": 0}}, "fail", "document_missing"),
    ("document_required", LETTER, {}, "unknown", "document_not_seen"),
    (
        "document_required",
        LETTERS,
        {"lead": ALE, "partners": (GHANZI,), "documents": {"endorsement_letter": 1}},
        "fail",
        "document_missing",
    ),
    (
        "document_required",
        LETTERS,
        {"lead": ALE, "partners": (GHANZI,), "documents": {"endorsement_letter": 2}},
        "pass",
        "met",
    ),
    ("document_required", LETTERS, {"lead": ALE, "documents": {}}, "unknown", "partner_missing"),
    *[case[:5] for case in (*PARTIES, *PROJECTS)],
]


@pytest.mark.parametrize(("kind", "parameters", "known", "state", "code"), CASES)
def test_kind_assesses(kind, parameters, known, state, code):
    finding = kind_of(rule(kind, parameters)).assess(facts(**known))
    assert (finding.state.value, finding.message.code) == (state, code)
    assert finding.state.value != "unknown" or finding.remedy is not None
    assert finding.on is not None
    assert finding.topic is not None


def test_every_kind_has_a_passing_a_failing_and_an_open_case():
    for state in ("pass", "fail", "unknown"):
        assert {case[0] for case in CASES if case[3] == state} == set(KINDS)


def test_lead_only_depends_on_parameters():
    def lead_only(kind, parameters):
        return kind_of(rule(kind, parameters)).lead_only

    assert lead_only("lead_country", SWEDEN)
    assert not lead_only("partner_country", PARTNERS)
    assert lead_only("population_minimum", ABOVE_50)
    assert not lead_only("population_minimum", ABOVE_100)
    assert lead_only("network_member", ANY_OF_FOUR)
    assert not lead_only("network_member", MERCO_ALL)


def test_no_partner_yet_names_the_countries_to_choose_from():
    finding = kind_of(rule("partner_country", PARTNERS)).assess(facts(lead=ALE))
    assert finding.remedy.code == "choose_partner_in"
    assert len(finding.remedy.params["countries"]) == 19


def test_share_just_above_the_limit_does_not_read_as_the_limit():
    finding = kind_of(rule("grant_share", HALF)).assess(facts(**money("7000.01", total_cost=Decimal(14_000))))
    assert finding.seen["percent"] == 50.01
