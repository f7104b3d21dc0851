"""Sound rules of every kind, complete facts, and the same facts with some of them forgotten."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from hypothesis import strategies as st

from calls.eligibility import Activity, Award, CityFacts, Facts, Paper, TeamPerson, kind_of, rule

TODAY = date(2026, 11, 22)
COUNTRIES = ["SE", "BW", "AR", "XK", "CK"]
NETWORKS = ["mercociudades", "uclg"]
KIND_NAMES = ["municipality", "region", "university"]
THEMES = ["waste", "water", "youth"]
CLASSES = ["city", "town_or_suburb", "rural_area"]
CATEGORIES = ["less_developed_region", "outermost_region"]
COMMITMENTS = ["climate_neutral_2050", "covenant_of_mayors"]
ROLES = ["partner", "associate", "funder"]
PROGRAMMES = ["icld", "iuc"]
CALLS = ["icld-2025", "iuc-2025"]
COSTS = ["staff", "travel", "equipment"]

some_countries = st.lists(st.sampled_from(COUNTRIES), min_size=1, unique=True)
some_kinds = st.lists(st.sampled_from(KIND_NAMES), min_size=1, unique=True)
few = st.integers(0, 3)
days = st.integers(-60, 60).map(lambda count: TODAY + timedelta(days=count))
caps = st.lists(
    st.builds(
        lambda country, parties, maximum: {"countries": [country], "parties": parties, "maximum": maximum},
        st.sampled_from(COUNTRIES),
        st.integers(1, 4),
        st.integers(0, 100),
    ),
    min_size=1,
    unique_by=lambda row: (row["countries"][0], row["parties"]),
)


def range_of(least, **more):
    return st.builds(
        lambda low, width: {"minimum": low, "maximum": None if width is None else low + width, **more},
        least,
        st.none() | st.integers(1, 40),
    )


def some_of(words):
    return st.lists(st.sampled_from(words), min_size=1, unique=True)


who = st.sampled_from(["lead", "partners", "all"])
window = st.builds(
    lambda first, width: {
        "earliest": first.isoformat(),
        "latest": None if width is None else (first + timedelta(days=width)).isoformat(),
    },
    days,
    st.none() | st.integers(0, 60),
)
sides = st.builds(
    lambda side, belongs, minimum: {"side": side, **belongs, "minimum": minimum},
    st.sampled_from(["north", "south", "both"]),
    st.one_of(
        some_countries.map(lambda codes: {"countries": codes, "category": None}),
        st.sampled_from(CATEGORIES).map(lambda slug: {"countries": [], "category": slug}),
    ),
    st.integers(1, 2),
)
PARAMETERS = {
    "lead_country": st.fixed_dictionaries({"countries": some_countries}),
    "partner_country": st.fixed_dictionaries({"countries": some_countries}),
    "distinct_countries": st.fixed_dictionaries(
        {"minimum": st.integers(1, 4)}, optional={"among": some_countries}
    ),
    "peer_other_country": st.just({}),
    "lead_kind": st.fixed_dictionaries({"kinds": some_kinds}),
    "partner_kind": st.fixed_dictionaries({"kinds": some_kinds}),
    "partner_count": range_of(few),
    "population_minimum": st.fixed_dictionaries(
        {"inhabitants": st.integers(1, 100), "combined": st.booleans()}
    ),
    "network_member": st.fixed_dictionaries(
        {
            "networks": st.lists(st.sampled_from(NETWORKS), min_size=1, unique=True),
            "who": st.sampled_from(["lead", "all"]),
        }
    ),
    "applications_per_role": st.fixed_dictionaries({"coordinator": st.integers(1, 2), "partner": few}),
    "amount_between": range_of(st.integers(0, 60), currency="SEK"),
    "grant_share": st.fixed_dictionaries({"maximum_percent": st.integers(0, 100)}),
    "cap_by_region_and_parties": st.fixed_dictionaries(
        {"currency": st.just("SEK"), "caps": caps, "per_year": st.booleans()}
    ),
    "duration_months": range_of(st.integers(0, 24)),
    "themes": range_of(st.integers(1, 2), allowed=[]),
    "reference_list": st.fixed_dictionaries(
        {"list": st.just("oecd_dac"), "edition": st.sampled_from(["2018-20", "2024-25"]), "who": who}
    ),
    "each_side": st.lists(sides, min_size=1, max_size=3, unique_by=lambda row: row["side"]).map(
        lambda rows: {"sides": rows}
    ),
    "only_with_member": st.fixed_dictionaries({"kinds": some_kinds, "networks": some_of(NETWORKS)}),
    "kind_maximum": st.fixed_dictionaries({"kinds": some_kinds, "maximum": few}),
    "partner_share": st.fixed_dictionaries(
        {
            "category": st.sampled_from(CATEGORIES),
            "minimum_percent": st.integers(0, 100),
            "of": st.sampled_from(["partners", "all"]),
        }
    ),
    "population_maximum": st.fixed_dictionaries({"inhabitants": st.integers(1, 100), "who": who}),
    "classification": st.fixed_dictionaries({"classes": some_of(CLASSES), "who": who}),
    "dues_paid": st.fixed_dictionaries({"networks": some_of(NETWORKS), "who": who}),
    "existing_commitment": st.fixed_dictionaries({"commitments": some_of(COMMITMENTS), "who": who}),
    "active_role": st.fixed_dictionaries({"passive": some_of(ROLES), "who": who}),
    "excluded_by_other_call": st.fixed_dictionaries({"calls": some_of(CALLS)}),
    "previous_beneficiary": st.fixed_dictionaries({"programmes": some_of(PROGRAMMES), "who": who}),
    "awards_per_period": st.builds(
        lambda period, **more: {**more, **period},
        period=st.one_of(
            st.integers(1, 3).map(lambda count: {"months": count, "since": None}),
            days.map(lambda start: {"months": None, "since": start.isoformat()}),
        ),
        programmes=some_of(PROGRAMMES),
        maximum=st.integers(1, 2),
        who=who,
    ),
    "cap_by_experience": st.fixed_dictionaries(
        {
            "programmes": some_of(PROGRAMMES),
            "currency": st.just("SEK"),
            "new_maximum": st.integers(0, 50),
            "new_months": st.none() | st.integers(1, 24),
            "experienced_maximum": st.integers(0, 100),
            "experienced_months": st.none() | st.integers(1, 36),
        }
    ),
    "local_contribution": st.fixed_dictionaries({"minimum_percent": st.integers(0, 100)}),
    "sub_share": st.fixed_dictionaries({"numerator": few, "denominator": st.integers(1, 4)}),
    "cost_categories": st.fixed_dictionaries({"allowed": some_of(COSTS)}),
    "extension": st.fixed_dictionaries({"maximum": st.integers(1, 12), "justified": st.booleans()}),
    "start_date": window,
    "theme_excluded": st.fixed_dictionaries({"excluded": some_of(THEMES)}),
    "activity_count": range_of(few, activity=None) | range_of(few, activity="visit"),
    "activity_window": st.builds(
        lambda span, activity: {**span, "activity": activity}, window, st.sampled_from([None, "visit"])
    ),
    "participant_counts": st.lists(
        st.builds(
            lambda group, ends: {"group": group, **ends},
            st.sampled_from(["women", "young_people"]),
            range_of(few),
        ),
        min_size=1,
        unique_by=lambda row: row["group"],
    ).map(lambda rows: {"groups": rows}),
    "team_composition": st.fixed_dictionaries(
        {
            "sides": st.integers(1, 2),
            "roles": st.lists(
                st.builds(
                    lambda role, ends: {"role": role, **ends},
                    st.sampled_from(["politician_majority", "official"]),
                    range_of(few),
                ),
                min_size=1,
                unique_by=lambda row: row["role"],
            ),
        }
    ),
    "person_rules": st.fixed_dictionaries(
        {
            "roles": st.sampled_from([[], ["official"]]),
            "minimum_years": st.integers(0, 8),
            "maximum_age": st.none() | st.integers(30, 50),
            "languages": st.sampled_from([[], ["en"]]),
        }
    ),
    "prior_step": st.fixed_dictionaries(
        {
            "step": st.just("planning_tool"),
            "days_before": st.integers(0, 40),
            "before": st.sampled_from(["deadline", "submission"]),
        }
    ),
    "signed_document": st.fixed_dictionaries(
        {
            "document": st.just("letter"),
            "from_each_party": st.booleans(),
            "signatory": st.sampled_from([None, "mayor"]),
            "languages": st.sampled_from([[], ["es"]]),
            "days_later": st.sampled_from([0, 14]),
        }
    ),
    "council_resolution": st.fixed_dictionaries(
        {"accepted": some_of(["letter", "budget"]), "signed_by": st.none() | days.map(date.isoformat)}
    ),
    "declared": st.fixed_dictionaries(
        {"fact": st.just("planning_tool_completed"), "evidence": st.booleans()}
    ),
    "document_required": st.fixed_dictionaries(
        {"document": st.just("letter"), "from_each_party": st.booleans()}
    ),
}
rules = st.one_of(
    *[st.builds(rule, st.just(kind), made, st.booleans()) for kind, made in PARAMETERS.items()],
)
OF_A_CITY = dict(  # noqa: C408  as the fields are written
    country=st.sampled_from(COUNTRIES),
    kind=st.sampled_from(KIND_NAMES),
    population=st.integers(0, 100),
    networks=st.frozensets(st.sampled_from(NETWORKS)),
    urbanisation=st.sampled_from(CLASSES),
    categories=st.frozensets(st.sampled_from(CATEGORIES)),
    dues_paid=st.frozensets(st.sampled_from(NETWORKS)),
    commitments=st.frozensets(st.sampled_from(COMMITMENTS)),
    role=st.sampled_from(ROLES),
    awards=st.lists(
        st.builds(Award, st.sampled_from(PROGRAMMES), days, st.sampled_from(CALLS)), max_size=3
    ).map(tuple),
)
people = st.builds(
    TeamPerson,
    side=st.sampled_from(["Ale", "Ghanzi"]),
    role=st.sampled_from(["politician_majority", "politician_opposition", "official"]),
    years_experience=st.integers(0, 10),
    age=st.integers(20, 60),
    languages=st.frozensets(st.sampled_from(["en", "es"])),
)
papers = st.builds(
    Paper,
    document=st.sampled_from(["letter", "budget"]),
    party=st.sampled_from(["Ale", "Ghanzi", "Rosario"]),
    signatory_function=st.sampled_from(["mayor", "clerk"]),
    language=st.sampled_from(["en", "es"]),
    signed_on=days,
)
activities = st.builds(Activity, st.sampled_from(["visit", "workshop"]), days, days)
amounts = st.integers(0, 100).map(Decimal)
OF_THE_REST = dict(  # noqa: C408
    themes=st.frozensets(st.sampled_from(THEMES), min_size=1),
    amount=amounts,
    currency=st.sampled_from(["SEK", "EUR"]),
    total_cost=st.integers(1, 200).map(Decimal),
    duration_months=st.integers(1, 48),
    declared=st.fixed_dictionaries({"planning_tool_completed": st.booleans()}),
    documents=st.fixed_dictionaries({"letter": few}),
    applications_as_coordinator=few,
    applications_as_partner=few,
    evidence=st.fixed_dictionaries(
        {"planning_tool_completed": st.just("Report 12"), "extension": st.just("Letter of May")}
    ),
    costs=st.dictionaries(st.sampled_from(COSTS), amounts, min_size=1),
    local_contribution=amounts,
    passed_on=amounts,
    starts_on=days,
    extension_months=st.integers(0, 12),
    activities=st.lists(activities, max_size=4).map(tuple),
    team=st.lists(people, max_size=6).map(tuple),
    participants=st.fixed_dictionaries({"women": few, "young_people": few}),
    papers=st.lists(papers, max_size=4).map(tuple),
    call_deadline=days,
    prior_steps=st.fixed_dictionaries({"planning_tool": st.none() | days}),
    other_calls=st.frozensets(st.sampled_from(CALLS)),
)


@cache
def facts_about(asked=None):
    """Complete facts; `asked` names those that matter, without it all are known."""

    def among(strategies):
        return {name: made for name, made in strategies.items() if asked is None or name in asked}

    city = st.builds(CityFacts, name=st.sampled_from(["Ale", "Ghanzi", "Rosario"]), **among(OF_A_CITY))
    partners = st.lists(city, min_size=1, max_size=3).map(tuple)
    return st.builds(Facts, on=st.just(TODAY), lead=city, partners=partners, **among(OF_THE_REST))


CITY_GAPS = {
    "country": "",
    "kind": "",
    "population": None,
    "networks": None,
    "urbanisation": "",
    "categories": None,
    "dues_paid": None,
    "commitments": None,
    "role": "",
    "awards": None,
}
PERSON_GAPS = {"years_experience": None, "age": None, "languages": None}
PAPER_GAPS = {"party": "", "signatory_function": "", "language": "", "signed_on": None}
DAY_GAPS = {"starts_on": None, "ends_on": None}
FACT_GAPS = {
    "lead": None,
    "themes": frozenset(),
    "amount": None,
    "currency": "",
    "total_cost": None,
    "duration_months": None,
    "declared": {},
    "documents": {},
    "applications_as_coordinator": None,
    "applications_as_partner": None,
    "evidence": {},
    "costs": None,
    "local_contribution": None,
    "passed_on": None,
    "starts_on": None,
    "extension_months": None,
    "activities": None,
    "team": None,
    "participants": None,
    "papers": None,
    "call_deadline": None,
    "prior_steps": None,
    "other_calls": None,
}

ABOUT = (CITY_GAPS, FACT_GAPS)  # whole facts, which a rule asks for or not


some_days_known = st.sampled_from([{}, DAY_GAPS])


@cache
def some_or_none_of(*names):
    return st.sets(st.sampled_from(names))


@cache  # Hypothesis looks through each strategy that it has not met
@st.composite
def forgetting(draw, asked=None):
    """Complete facts, and the same facts with some of them forgotten."""

    def forget(thing, gaps):
        names = sorted(name for name in gaps if asked is None or name in asked or gaps not in ABOUT)
        forgotten = draw(some_or_none_of(*names)) if names else ()
        return replace(thing, **{name: gaps[name] for name in forgotten})

    full = draw(facts_about(asked))
    partial = replace(
        full,
        lead=forget(full.lead, CITY_GAPS),
        partners=tuple(forget(city, CITY_GAPS) for city in full.partners),
        team=full.team and tuple(forget(person, PERSON_GAPS) for person in full.team),
        papers=full.papers and tuple(forget(paper, PAPER_GAPS) for paper in full.papers),
        activities=full.activities
        and tuple(activity._replace(**draw(some_days_known)) for activity in full.activities),
    )
    return full, forget(partial, FACT_GAPS)


@st.composite
def cases(draw, kinds=tuple(PARAMETERS)):
    """A rule of one of the kinds, all it asks for, and the same with some of it forgotten."""
    kind = draw(st.sampled_from(kinds))
    made = rule(kind, draw(PARAMETERS[kind]), draw(st.booleans()))
    asked = frozenset(ask.partition(":")[0] for ask in kind_of(made).asks)
    return made, *draw(forgetting(asked))
