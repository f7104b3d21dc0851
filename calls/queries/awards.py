"""Who was selected and when: the awards that rules about earlier grants look at."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import DateField, DateTimeField, F, Func, QuerySet, Value
from django.db.models.functions import Cast

from calls.eligibility import Award
from calls.models import Application
from calls.workflow import PLACED


def awards(programmes: Collection[str] | None = None) -> QuerySet[Any]:
    """Selected applications; `awarded_on` is the day of the approval where their call counts its days."""
    approved = Func(
        F("call__zone"), F("decision__approved_at"), function="timezone", output_field=DateTimeField()
    )
    found = Application.objects.filter(status__in=PLACED, decision__approved_at__isnull=False)
    found = found.annotate(awarded_on=Cast(approved, DateField())).order_by()
    return found if programmes is None else found.filter(call__programme__slug__in=programmes)


def in_period(given: QuerySet[Any], on: date, *, since: date | None, months: int) -> QuerySet[Any]:
    """Awards given since a day, or those whose months have not passed on a day."""
    if since:
        return given.filter(awarded_on__gte=since)
    length = Func(Value(0), Value(months), function="make_interval")
    ended = Func(F("awarded_on"), length, template="(%(expressions)s)", arg_joiner=" + ")
    return given.annotate(ends_on=Cast(ended, DateField())).filter(ends_on__gt=on)


def awards_of(city_ids: Collection[int]) -> dict[int, list[Award]]:
    """Awards by city, of those that led and of their partners: one query."""
    sides = ("lead__city", "partners__city")
    rows = [
        awards()
        .filter(**{f"{side}__in": city_ids})
        .values_list(side, "call__programme__slug", "awarded_on", "call__slug")
        for side in sides
    ]
    found: dict[int, list[Award]] = {}
    for city_id, programme, awarded_on, call in rows[0].union(rows[1], all=True):
        found.setdefault(city_id, []).append(Award(programme, awarded_on, call))
    return found
