"""Two promises of every kind: what is not known never fails, and what is decided stays decided."""

from dataclasses import fields, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from calls.eligibility import KINDS, CityFacts, Facts, State, assess, kind_of

from .strategies import CITY_GAPS, FACT_GAPS, PARAMETERS, TODAY, forgetting, known_facts, rules


def test_every_kind_is_promised_for():
    assert set(PARAMETERS) == set(KINDS)


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
    nothing = Facts(on=TODAY)
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


@given(rules, known_facts)
@settings(max_examples=300, deadline=None)
def test_a_kind_looks_at_nothing_but_what_it_asks_for(one, facts):
    kind = kind_of(one)
    asked = {ask.partition(":")[0] for ask in kind.asks}
    assert asked <= {field.name for field in (*fields(Facts), *fields(CityFacts))}
    cities = {name: gap for name, gap in CITY_GAPS.items() if name not in asked}
    left = replace(
        facts,
        lead=replace(facts.lead, **cities),
        partners=tuple(replace(city, **cities) for city in facts.partners),
    )
    left = replace(left, **{name: gap for name, gap in FACT_GAPS.items() if name not in asked})
    before, after = kind.assess(facts), kind.assess(left)
    assert (before.state, before.message.code, before.on) == (after.state, after.message.code, after.on)
