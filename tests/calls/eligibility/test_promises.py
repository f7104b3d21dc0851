"""Two promises of every kind: what is not known never fails, and what is decided stays decided."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from calls.eligibility import CityFacts, Facts, State, assess, kind_of, rule

COUNTRIES = ["SE", "BW", "AR", "XK"]
NETWORKS = ["mercociudades", "uclg"]
KIND_NAMES = ["municipality", "region", "university"]
THEMES = ["waste", "water", "youth"]

some_countries = st.lists(st.sampled_from(COUNTRIES), min_size=1, unique=True)
some_kinds = st.lists(st.sampled_from(KIND_NAMES), min_size=1, unique=True)
few = st.integers(0, 3)
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


PARAMETERS = {
    "lead_country": st.fixed_dictionaries({"countries": some_countries}),
    "partner_country": st.fixed_dictionaries({"countries": some_countries}),
    "distinct_countries": st.fixed_dictionaries({"minimum": st.integers(1, 4)}),
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
    "declared": st.just({"fact": "planning_tool_completed"}),
    "document_required": st.fixed_dictionaries(
        {"document": st.just("letter"), "from_each_party": st.booleans()}
    ),
}
rules = st.one_of(
    *[st.builds(rule, st.just(kind), made, st.booleans()) for kind, made in PARAMETERS.items()],
)
known_city = st.builds(
    CityFacts,
    name=st.sampled_from(["Ale", "Ghanzi", "Rosario"]),
    country=st.sampled_from(COUNTRIES),
    kind=st.sampled_from(KIND_NAMES),
    population=st.integers(0, 100),
    networks=st.frozensets(st.sampled_from(NETWORKS)),
)
amounts = st.integers(0, 100).map(Decimal)
known_facts = st.builds(
    Facts,
    on=st.just(date(2026, 11, 22)),
    lead=known_city,
    partners=st.lists(known_city, min_size=1, max_size=3).map(tuple),
    themes=st.frozensets(st.sampled_from(THEMES), min_size=1),
    amount=amounts,
    currency=st.sampled_from(["SEK", "EUR"]),
    total_cost=st.integers(1, 200).map(Decimal),
    duration_months=st.integers(1, 48),
    declared=st.fixed_dictionaries({"planning_tool_completed": st.booleans()}),
    documents=st.fixed_dictionaries({"letter": few}),
    applications_as_coordinator=few,
    applications_as_partner=few,
)
CITY_GAPS = {"country": "", "kind": "", "population": None, "networks": None}
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
}


@st.composite
def forgetting(draw, whole=known_facts):
    """Complete facts, and the same facts with some of them forgotten."""

    def forget(thing, gaps):
        forgotten = draw(st.sets(st.sampled_from(sorted(gaps))))
        return replace(thing, **{name: gaps[name] for name in forgotten})

    full = draw(whole)
    partial = replace(
        full,
        lead=forget(full.lead, CITY_GAPS),
        partners=tuple(forget(city, CITY_GAPS) for city in full.partners),
    )
    return full, forget(partial, FACT_GAPS)


@given(rules, forgetting())
@settings(max_examples=400, deadline=None)
def test_what_is_decided_stays_decided_as_facts_become_known(one, both):
    full, partial = both
    before, after = kind_of(one).assess(partial), kind_of(one).assess(full)
    assert after.state is not State.UNKNOWN
    if before.state is not State.UNKNOWN:
        assert before.state is after.state


@given(st.lists(rules, max_size=8))
def test_knowing_nothing_never_fails(some):
    nothing = Facts(on=date(2026, 11, 22))
    assert not assess(some, nothing).of_state(State.FAIL, State.WARNING)


@given(rules, known_facts)
@settings(deadline=None)
def test_rules_about_partners_wait_for_a_partner(one, facts):
    alone = kind_of(one).assess(replace(facts, partners=()))
    assert not alone.partner_cures, "a partner that is not chosen yet cannot be the fault"
    if alone.message.code == "partner_missing":
        assert alone.state is State.UNKNOWN
        assert alone.remedy is not None


@given(rules, forgetting())
@settings(max_examples=200, deadline=None)
def test_a_soft_rule_never_excludes(one, both):
    soft = replace(one, hard=False)
    assert kind_of(soft).assess(both[1]).state is not State.FAIL
