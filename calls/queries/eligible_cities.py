"""Which cities can apply? The call's rules over the whole register of cities, in one query."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Case, CharField, Count, IntegerField, Q, QuerySet, Value, When

from calls.eligibility import Rule, Verdict
from calls.models import Call
from calls.queries.compiled import Ground, read_rule
from calls.queries.compiled.reading import ALL, NONE
from calls.queries.eligibility import rules_of
from partnerships.models import City


def eligible_cities(call: Call, on: date) -> QuerySet[City]:
    """Cities that no hard rule keeps from leading an application, as far as their record tells."""
    found = City.objects.all()
    for rule in rules_of(call):
        if rule.hard:
            found = found.filter(read_rule(rule, Ground(on, call)).possible)
    return found


def with_verdicts(call: Call, on: date) -> QuerySet[City]:
    """All cities with their `verdict` and the place of the first hard rule that each fails, if any."""
    rules = rules_of(call)
    readings = [read_rule(rule, Ground(on, call)) for rule in rules]
    failing = [
        (place, reading.fails)
        for place, (rule, reading) in enumerate(zip(rules, readings, strict=True))
        if rule.hard
    ]
    return City.objects.annotate(
        verdict=_verdict(rules, on, call),
        first_failing=Case(
            *[When(fails, then=Value(place)) for place, fails in failing], output_field=IntegerField()
        ),
    )


def verdict_counts(call: Call, on: date) -> dict[Verdict, int]:
    """How many cities get each verdict: one query, every verdict named."""
    rows = City.objects.annotate(verdict=_verdict(rules_of(call), on, call)).order_by()
    found = dict(rows.values_list("verdict").annotate(Count("pk")))
    return {verdict: found.get(verdict.value, 0) for verdict in Verdict}


def _verdict(rules: Sequence[Rule], on: date, call: Call) -> Case:
    """One failure excludes; else one open fact keeps it open; else one caution cautions."""
    excluded, left, cautioned = NONE, NONE, NONE
    for rule in rules:
        reading = read_rule(rule, Ground(on, call))
        left |= reading.unknown & ~reading.passes
        if rule.hard:
            excluded |= reading.fails
        else:
            cautioned |= reading.fails
    steps: list[tuple[Q, Verdict]] = [
        (excluded, Verdict.NOT_ELIGIBLE),
        (left, Verdict.INCOMPLETE),
        (cautioned, Verdict.ELIGIBLE_WITH_CAUTION),
        (ALL, Verdict.ELIGIBLE),
    ]
    return Case(
        *[When(condition, then=Value(verdict.value)) for condition, verdict in steps],
        output_field=CharField(),
    )
