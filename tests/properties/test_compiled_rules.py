"""The two interpretations of the rules agree: the engine city by city, and one query over all cities."""

from contextlib import contextmanager

import pytest
from django.db import transaction
from django.db.models import BooleanField, Case, Value, When
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from calls.eligibility import KINDS, State, rule
from calls.models import Call, EligibilityRule
from calls.queries.compiled import COMPILED, read_rule
from calls.queries.compiled import Ground as Reading
from calls.queries.eligibility import assess_alone
from calls.queries.eligible_cities import eligible_cities, verdict_counts, with_verdicts
from partnerships.models import City
from tests.calls.eligibility.strategies import PARAMETERS, TODAY, rules
from tests.properties.registers import Ground, registers

pytestmark = pytest.mark.django_db
FEW, MANY = 6, 400


def test_every_kind_of_rule_has_a_reading_on_cities():
    assert set(COMPILED) == set(KINDS) == set(PARAMETERS)


@contextmanager
def undone():
    """Whatever an example writes is gone before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def stated(condition) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def with_rules(call: Call, some) -> Call:
    for place, one in enumerate(some):
        EligibilityRule.objects.create(
            call=call, kind=one.kind, parameters=dict(one.parameters), hard=one.hard, position=place
        )
    return Call.objects.get(pk=call.pk)


def examples(count: int):
    return settings(
        max_examples=count,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        database=None,
    )


def agree_on_kind(kind: str, count: int) -> None:
    ground = Ground.lay()

    @given(PARAMETERS[kind], registers)
    @examples(count)
    def agree(parameters, register):
        with undone():
            cities = ground.settle(register)
            one = rule(kind, parameters)
            call = with_rules(ground.calls["this"], [one])
            reading = read_rule(one, Reading(TODAY, call))
            marked = City.objects.annotate(
                is_met=stated(reading.passes), is_open=stated(reading.unknown), is_not=stated(reading.fails)
            )
            found = {city.pk: (city.is_met, city.is_open, city.is_not) for city in marked}
            for city, assessment in zip(cities, assess_alone(call, cities, on=TODAY), strict=True):
                state = assessment.findings[0].state
                expected = (state is State.PASS, state is State.UNKNOWN, state is State.FAIL)
                assert found[city.pk] == expected, (state, assessment.findings[0])

    agree()


def agree_on_calls(count: int) -> None:
    ground = Ground.lay()

    @given(st.lists(rules, max_size=5), registers)
    @examples(count)
    def agree(some, register):
        with undone():
            cities = ground.settle(register)
            call = with_rules(ground.calls["this"], some)
            assessments = dict(zip(cities, assess_alone(call, cities, on=TODAY), strict=True))
            verdicts = [assessment.verdict for assessment in assessments.values()]
            seen = {city: (city.verdict, city.first_failing) for city in with_verdicts(call, TODAY)}
            assert seen == {city: (row.verdict, first_failing(row)) for city, row in assessments.items()}
            assert verdict_counts(call, TODAY) == {one: verdicts.count(one) for one in type(verdicts[0])}
            possible = {city for city, row in assessments.items() if not row.of_state(State.FAIL)}
            assert set(eligible_cities(call, TODAY)) == possible

    agree()


def first_failing(assessment) -> int | None:
    states = [finding.state for finding in assessment.findings]
    return states.index(State.FAIL) if State.FAIL in states else None


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_both_interpretations_agree_for_every_kind(kind):
    agree_on_kind(kind, FEW)


def test_both_interpretations_agree_for_whole_calls():
    agree_on_calls(FEW * 4)


@pytest.mark.thorough
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_both_interpretations_agree_for_every_kind_at_length(kind):
    agree_on_kind(kind, MANY)


@pytest.mark.thorough
def test_both_interpretations_agree_for_whole_calls_at_length():
    agree_on_calls(MANY)
