"""Which cities can apply? The call's rules over the whole register of cities, in one query."""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, CharField, Count, IntegerField, Q, QuerySet, Value, When

from calls.eligibility import Rule, Verdict
from calls.models import Call
from calls.queries.compiled import Ground, Reading, read_rule
from calls.queries.compiled.reading import ALL, NONE
from calls.queries.eligibility import rules_of
from partnerships.models import City


def eligible_cities(call: Call, on: date) -> QuerySet[City]:
    """Cities that no hard rule keeps from leading an application, as far as their record tells."""
    ground = Ground(on, call)
    conditions = [read_rule(rule, ground).possible for rule in rules_of(call) if rule.hard]
    return City.objects.filter(*[condition for condition in conditions if condition is not ALL])


def with_verdicts(call: Call, on: date) -> QuerySet[Any]:
    """All cities with their `verdict` and the place of the first hard rule that each fails, if any."""
    rules = rules_of(call)
    readings = [read_rule(rule, Ground(on, call)) for rule in rules]
    failing = [
        When(reading.fails, then=Value(place))
        for place, (rule, reading) in enumerate(zip(rules, readings, strict=True))
        if rule.hard and reading.fails is not NONE
    ]
    return City.objects.annotate(
        verdict=_verdict(rules, readings),
        first_failing=Case(*failing, output_field=IntegerField()),
    )


def verdict_counts(call: Call, on: date) -> dict[Verdict, int]:
    """How many cities get each verdict: one query, every verdict named."""
    rules = rules_of(call)
    verdict = _verdict(rules, [read_rule(rule, Ground(on, call)) for rule in rules])
    rows = City.objects.annotate(verdict=verdict).order_by().values_list("verdict")
    found = dict(rows.annotate(Count("pk")))
    return {verdict: found.get(verdict.value, 0) for verdict in Verdict}


def _verdict(rules: Sequence[Rule], readings: Sequence[Reading]) -> Case:
    """One failure excludes; else one open fact keeps it open; else one caution cautions."""
    pairs = list(zip(rules, readings, strict=True))
    steps = [
        (Verdict.NOT_ELIGIBLE, [reading.fails for rule, reading in pairs if rule.hard]),
        (Verdict.INCOMPLETE, [reading.unknown for reading in readings]),
        (Verdict.ELIGIBLE_WITH_CAUTION, [reading.fails for rule, reading in pairs if not rule.hard]),
    ]
    return Case(
        *[When(_any_of(conditions), then=Value(verdict.value)) for verdict, conditions in steps],
        default=Value(Verdict.ELIGIBLE.value),
        output_field=CharField(),
    )


def _any_of(conditions: Sequence[Q]) -> Q:
    """One of the conditions holds; said shortly where one holds always or never."""
    if any(condition is ALL for condition in conditions):
        return ALL
    sometimes = [condition for condition in conditions if condition is not NONE]
    return reduce(or_, sometimes) if sometimes else NONE


def countries_of() -> list[str]:
    """Countries and territories with a city on the register."""
    return [
        str(code)
        for code in City.objects.order_by("country").values_list("country", flat=True).distinct()
        if code
    ]
