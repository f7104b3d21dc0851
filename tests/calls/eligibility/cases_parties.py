"""Real rules about the parties: kind, parameters, what is known, state, code of the reason, remedy."""

from dataclasses import replace
from datetime import date

from calls.eligibility import Award, CityFacts

from .samples import ALE, GABORONE, GHANZI, MONTEVIDEO, NOWHERE, ROSARIO, SANTA_FE

BOLOGNA = CityFacts("Bologna", "IT", "municipality", 387_971, urbanisation="city", role="partner")
KRAKOW = CityFacts("Kraków", "PL", "municipality", 803_282, categories=frozenset({"less_developed_region"}))
PORTO = CityFacts("Porto", "PT", "municipality", 231_800, categories=frozenset({"less_developed_region"}))
LYON = CityFacts("Lyon", "FR", "municipality", 522_250, categories=frozenset())
TORONTO = CityFacts("Toronto", "CA", "municipality", 2_794_356)
UNIVERSITY = CityFacts("University of Rosario", "AR", "university", networks=frozenset())
TRAMA = CityFacts("Fundación Sol Naciente", "AR", "civil_society", networks=frozenset())
SANTA_MARIA = CityFacts("Santa Maria", "BR", "municipality", 271_735, networks=frozenset())

DAC = {"list": "oecd_dac", "edition": "2018-20", "who": "partners"}
COOK = CityFacts("Rarotonga", "CK")
EU = ["AT", "ES", "FR", "IT", "PL", "PT"]
FIVE_THREE = {"minimum": 3, "among": EU}
BESIDE = {"kinds": ["university", "civil_society"], "networks": ["mercociudades"]}
UP_TO_150 = {"inhabitants": 150_000, "who": "lead"}
SMALL = {"classes": ["town_or_suburb", "rural_area"], "who": "all"}
DUES = {"networks": ["mercociudades"], "who": "lead"}
SEVENTY = {"category": "less_developed_region", "minimum_percent": 70, "of": "partners"}
TWO_OTHERS = {"kinds": ["university", "civil_society"], "maximum": 2}
SIDES = {
    "sides": [
        {"side": "eu", "countries": EU, "category": None, "minimum": 1},
        {"side": "partner_countries", "countries": ["CA", "ZA", "KR"], "category": None, "minimum": 1},
    ]
}
NEUTRAL = {"commitments": ["climate_neutral_2050"], "who": "lead"}
WORKING = {"passive": ["funder", "observer"], "who": "all"}
NEVER = {"programmes": ["icld"], "who": "lead"}
YEARLY = {"programmes": ["mercociudades"], "maximum": 1, "months": 12, "since": None, "who": "lead"}
SINCE = {**YEARLY, "months": None, "since": "2021-01-01", "who": "partners"}
ONE_CALL = {"calls": ["mercociudades-training-2026"]}
SPRING, LONG_AGO = Award("mercociudades", date(2026, 4, 10)), Award("mercociudades", date(2020, 5, 1))


def lead(city, **known):
    return {"lead": replace(city, **known)}


def beside(*partners, **known):
    return {"lead": ROSARIO, "partners": partners, **known}


PARTIES = [
    ("reference_list", DAC, {"partners": (GHANZI,)}, "pass", "met", ""),
    (
        "reference_list",
        DAC,
        {"partners": (GHANZI, ALE)},
        "fail",
        "country_outside",
        "A partner in one of 142 countries would meet this rule.",
    ),
    (
        "reference_list",
        {**DAC, "edition": "2018-20", "who": "lead"},
        {"lead": COOK},
        "fail",
        "country_outside",
        "Let a city in one of 142 countries lead.",
    ),
    (
        "reference_list",
        DAC,
        {"partners": (NOWHERE,)},
        "unknown",
        "city_fact_missing",
        "Complete the profile of Nowhere: country or territory.",
    ),
    ("distinct_countries", FIVE_THREE, {"lead": BOLOGNA, "partners": (KRAKOW, LYON)}, "pass", "met", ""),
    (
        "distinct_countries",
        FIVE_THREE,
        {"lead": BOLOGNA, "partners": (KRAKOW, TORONTO)},
        "fail",
        "too_few_countries",
        "Add a partner from 1 more of these countries: Austria, Spain, France or Portugal.",
    ),
    ("only_with_member", BESIDE, beside(UNIVERSITY, TRAMA), "pass", "met", ""),
    ("only_with_member", BESIDE, {"lead": SANTA_MARIA, "partners": (ALE,)}, "pass", "met", ""),
    (
        "only_with_member",
        BESIDE,
        {"lead": SANTA_MARIA, "partners": (TRAMA,)},
        "fail",
        "no_member_beside",
        "Choose a partner in Mercociudades.",
    ),
    (
        "only_with_member",
        BESIDE,
        {"lead": TRAMA},
        "unknown",
        "partner_missing",
        "Choose a partner in Mercociudades.",
    ),
    (
        "only_with_member",
        BESIDE,
        {"lead": TRAMA, "partners": (replace(MONTEVIDEO, networks=None),)},
        "unknown",
        "city_fact_missing",
        "Complete the profile of Montevideo: network memberships.",
    ),
    ("population_maximum", UP_TO_150, lead(ALE), "pass", "met", ""),
    (
        "population_maximum",
        UP_TO_150,
        lead(ROSARIO),
        "fail",
        "population_above",
        "Let a city of at most 150,000 inhabitants lead.",
    ),
    (
        "population_maximum",
        UP_TO_150,
        lead(NOWHERE),
        "unknown",
        "city_fact_missing",
        "Complete the profile of Nowhere: population.",
    ),
    (
        "classification",
        SMALL,
        beside(replace(GHANZI, urbanisation="city")),
        "fail",
        "class_outside",
        "Choose a partner of this class: town or suburb or rural area.",
    ),
    (
        "classification",
        {**SMALL, "who": "partners"},
        beside(replace(GHANZI, urbanisation="rural_area")),
        "pass",
        "met",
        "",
    ),
    (
        "classification",
        SMALL,
        lead(ALE, urbanisation="town_or_suburb"),
        "unknown",
        "partner_missing",
        "Choose a partner of this class: town or suburb or rural area.",
    ),
    ("dues_paid", DUES, lead(ROSARIO, dues_paid=frozenset({"mercociudades"})), "pass", "met", ""),
    (
        "dues_paid",
        DUES,
        lead(ROSARIO, dues_paid=frozenset()),
        "fail",
        "dues_open",
        "Once Rosario has paid the fee of Mercociudades, ask the network to confirm it.",
    ),
    (
        "dues_paid",
        DUES,
        lead(ROSARIO),
        "unknown",
        "city_fact_missing",
        "Complete the profile of Rosario: membership fees paid.",
    ),
    ("partner_share", SEVENTY, beside(KRAKOW, PORTO, PORTO), "pass", "met", ""),
    (
        "partner_share",
        SEVENTY,
        beside(KRAKOW, LYON, LYON),
        "fail",
        "share_too_small",
        "Choose 2 more partners of this category: less developed region.",
    ),
    (
        "partner_share",
        SEVENTY,
        beside(KRAKOW, PORTO, TORONTO),
        "unknown",
        "city_fact_missing",
        "Complete the profile of Toronto: categories of the region.",
    ),
    ("kind_maximum", TWO_OTHERS, beside(UNIVERSITY, TRAMA, MONTEVIDEO), "pass", "met", ""),
    (
        "kind_maximum",
        TWO_OTHERS,
        beside(UNIVERSITY, TRAMA, TRAMA),
        "fail",
        "too_many_of_kind",
        "Replace 1 partner by one that is not a university or civil-society organisation.",
    ),
    (
        "kind_maximum",
        TWO_OTHERS,
        beside(UNIVERSITY, TRAMA, NOWHERE),
        "unknown",
        "city_fact_missing",
        "Complete the profile of Nowhere: kind of organisation.",
    ),
    ("each_side", SIDES, {"lead": BOLOGNA, "partners": (TORONTO,)}, "pass", "met", ""),
    (
        "each_side",
        SIDES,
        {"lead": BOLOGNA, "partners": (LYON,)},
        "fail",
        "side_missing",
        "Add 1 party in Canada, South Africa or South Korea (partner countries).",
    ),
    (
        "each_side",
        SIDES,
        {"lead": BOLOGNA},
        "unknown",
        "partner_missing",
        "Add 1 party in Canada, South Africa or South Korea (partner countries).",
    ),
    (
        "existing_commitment",
        NEUTRAL,
        lead(BOLOGNA, commitments=frozenset({"climate_neutral_2050"})),
        "pass",
        "met",
        "",
    ),
    (
        "existing_commitment",
        NEUTRAL,
        lead(BOLOGNA, commitments=frozenset({"covenant_of_mayors"})),
        "fail",
        "commitment_missing",
        "Add the commitment to the profile of Bologna once it is made: climate neutral by 2050.",
    ),
    (
        "existing_commitment",
        NEUTRAL,
        lead(BOLOGNA),
        "unknown",
        "city_fact_missing",
        "Complete the profile of Bologna: commitments.",
    ),
    ("active_role", {**WORKING, "who": "lead"}, lead(BOLOGNA), "pass", "met", ""),
    (
        "active_role",
        {**WORKING, "who": "partners"},
        {"partners": (replace(TRAMA, role="funder"),)},
        "fail",
        "role_passive",
        "Give Fundación Sol Naciente work of its own in the project.",
    ),
    (
        "active_role",
        WORKING,
        {"lead": BOLOGNA, "partners": (TORONTO,)},
        "unknown",
        "city_fact_missing",
        "Say what Toronto does in the project.",
    ),
    ("previous_beneficiary", NEVER, lead(ALE, awards=(LONG_AGO,)), "pass", "met", ""),
    (
        "previous_beneficiary",
        NEVER,
        lead(ALE, awards=(Award("icld", date(2020, 6, 1)),)),
        "fail",
        "funded_before",
        "Let a city lead that icld has not funded before.",
    ),
    (
        "previous_beneficiary",
        NEVER,
        lead(ALE),
        "unknown",
        "city_fact_missing",
        "Complete the profile of Ale: earlier grants.",
    ),
    ("awards_per_period", YEARLY, lead(ROSARIO, awards=(LONG_AGO,)), "pass", "met", ""),
    (
        "awards_per_period",
        YEARLY,
        lead(ROSARIO, awards=(SPRING, LONG_AGO)),
        "fail",
        "awards_used",
        "From 10 April 2027 on, Rosario can apply again.",
    ),
    (
        "awards_per_period",
        SINCE,
        beside(replace(SANTA_FE, awards=(SPRING,))),
        "fail",
        "awards_used",
        "Choose a partner that was not funded in this period.",
    ),
    (
        "awards_per_period",
        SINCE,
        beside(GABORONE),
        "unknown",
        "city_fact_missing",
        "Complete the profile of Gaborone: earlier grants.",
    ),
    ("excluded_by_other_call", ONE_CALL, {"other_calls": frozenset({"icld-2026"})}, "pass", "met", ""),
    (
        "excluded_by_other_call",
        ONE_CALL,
        {"other_calls": frozenset({"mercociudades-training-2026"})},
        "fail",
        "applies_elsewhere",
        "Withdraw the application to mercociudades training 2026.",
    ),
    (
        "excluded_by_other_call",
        ONE_CALL,
        {},
        "unknown",
        "fact_missing",
        "Add this to the application: applications to other calls.",
    ),
]
