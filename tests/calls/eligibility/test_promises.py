"""Two promises of every kind: what is not known never fails, and what is decided stays decided."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.eligibility import KINDS, CityFacts, Facts, State, assess, kind_of, rule
from tests.quick import THOROUGH

from .strategies import CITY_GAPS, FACT_GAPS, PARAMETERS, TODAY, cases, facts_about, rules

every_kind = pytest.mark.parametrize("kind", KINDS)


def test_every_kind_is_promised_for():
    assert set(PARAMETERS) == set(KINDS)


@every_kind
@given(st.data())
@settings(max_examples=12, deadline=None)
def test_what_is_decided_stays_decided_as_facts_become_known(kind, data):
    one, full, partial = data.draw(cases([kind]))
    hard = kind_of(replace(one, hard=True))
    before, after = hard.assess(partial), hard.assess(full)
    # A document that may follow later stays open though everything is known.
    assert after.state is not State.UNKNOWN or after.message.code == "document_due_later"
    if before.state is not State.UNKNOWN:
        assert before.state is after.state


@given(st.lists(rules, max_size=8))
@settings(max_examples=1000 if THOROUGH else 40, deadline=None)
def test_knowing_nothing_never_fails(some):
    nothing = Facts(on=TODAY)
    assert not assess(some, nothing).of_state(State.FAIL, State.WARNING)


@given(cases())
@settings(max_examples=1000 if THOROUGH else 40, deadline=None)
def test_rules_about_partners_wait_for_a_partner(case):
    one, full, _partial = case
    alone = kind_of(one).assess(replace(full, partners=()))
    assert not alone.partner_cures, "a partner that is not chosen yet cannot be the fault"
    if alone.message.code == "partner_missing":
        assert alone.state is State.UNKNOWN
        assert alone.remedy is not None


@given(cases())
@settings(max_examples=1000 if THOROUGH else 40, deadline=None)
def test_a_soft_rule_never_excludes(case):
    one, full, partial = case
    soft = kind_of(replace(one, hard=False))
    assert State.FAIL not in (soft.assess(full).state, soft.assess(partial).state)


@every_kind
@given(st.data(), facts_about())
@settings(max_examples=10, deadline=None)
def test_a_kind_looks_at_nothing_but_what_it_asks_for(kind, data, facts):
    judge = kind_of(rule(kind, data.draw(PARAMETERS[kind])))
    asked = {ask.partition(":")[0] for ask in judge.asks}
    assert asked <= {field.name for field in (*fields(Facts), *fields(CityFacts))}
    cities = {name: gap for name, gap in CITY_GAPS.items() if name not in asked}
    left = replace(
        facts,
        lead=replace(facts.lead, **cities),
        partners=tuple(replace(city, **cities) for city in facts.partners),
    )
    left = replace(left, **{name: gap for name, gap in FACT_GAPS.items() if name not in asked})
    before, after = judge.assess(facts), judge.assess(left)
    assert (before.state, before.message.code, before.on) == (after.state, after.message.code, after.on)

    if judge.lead_only:
        assert "partners" not in asked
