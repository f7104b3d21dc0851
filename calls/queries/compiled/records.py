"""Rules that look at applications: those of this call, of other calls, and the awards they became."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from calls.eligibility.parameters import day
from calls.models import Application
from calls.queries.awards import awards, in_period
from calls.queries.compiled.reading import Ground, Reading

Asks = Mapping[str, Any]
LEAD, PARTNERS = "lead__city", "partners__city"


def applications_per_role(asks: Asks, ground: Ground) -> Reading:
    """A city's live applications to this call leave room for one more that it leads."""
    live = ground.call.applications.live()
    leads_most = _cities(live, LEAD, more_than=asks["coordinator"] - 1)
    joins_most = _cities(live, PARTNERS, more_than=asks["partner"])
    return Reading(~leads_most & ~joins_most)


def excluded_by_other_call(asks: Asks, ground: Ground) -> Reading:
    """The city leads no live application to the other calls."""
    others = Application.objects.live().exclude(call=ground.call).filter(call__slug__in=asks["calls"])
    return Reading(~_cities(others, LEAD))


def previous_beneficiary(asks: Asks, ground: Ground) -> Reading:
    return Reading(~_awarded(awards(asks["programmes"])))


def awards_per_period(asks: Asks, ground: Ground) -> Reading:
    given = in_period(
        awards(asks["programmes"]), ground.on, since=day(asks["since"]), months=asks["months"] or 0
    )
    full = _awarded(given)
    if asks["maximum"] > 1:
        # Cities with any award are few: only these are counted one by one.
        full &= Q(GreaterThanOrEqual(_count(given, LEAD) + _count(given, PARTNERS), asks["maximum"]))
    return Reading(~full)


def _awarded(given: QuerySet[Application]) -> Q:
    return _cities(given, LEAD) | _cities(given, PARTNERS)


def _cities(rows: QuerySet[Application], side: str, more_than: int = 0) -> Q:
    """Cities on one side of more than so many of the applications."""
    known = rows.order_by().filter(**{f"{side}__isnull": False})
    if more_than:
        known = known.values(side).annotate(found=Count("pk")).filter(found__gt=more_than)
    return Q(pk__in=known.values(side))


def _count(rows: QuerySet[Application], side: str) -> Coalesce:
    """How many of the applications a city is on one side of."""
    own = rows.order_by().filter(**{side: OuterRef("pk")}).annotate(side=F(side))
    return Coalesce(Subquery(own.values("side").annotate(found=Count("pk")).values("found")), Value(0))
