"""Rules about the grant asked for. Amounts are compared as exact decimals."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any

from calls.eligibility.facts import Facts
from calls.eligibility.kind import (
    Judgement,
    Kind,
    Seen,
    fact_missing,
    failed,
    met,
    plain,
    to_the_cent,
)
from calls.eligibility.parameters import (
    bounds,
    currency,
    exact,
    number,
    or_none,
    percent,
)
from calls.eligibility.rule import Message, Topic


class AmountBetween(Kind):
    """The grant asked for lies between two amounts, both included."""

    expects = {"minimum": or_none(number), "maximum": or_none(number), "currency": currency}
    topic = Topic.MONEY
    asks = ("amount", "currency")

    @classmethod
    def check_together(cls, parameters: Mapping[str, Any]) -> list[str]:
        """At least one end, and the ends in order."""
        return bounds(parameters)

    def judge(self, facts: Facts) -> Judgement:
        """An amount in another currency is not converted: the call names its own."""
        seen = sums(facts)
        unit, least, most = (self.parameters[key] for key in ("currency", "minimum", "maximum"))
        if unjudged := not_comparable(facts, unit, seen):
            return unjudged
        amount = facts.amount or Decimal(0)
        if least is not None and amount < exact(least):
            bound = {"amount": plain(amount), "bound": least, "currency": unit}
            return failed(seen, Message("amount_below", bound), Message("raise_amount", bound))
        if most is not None and amount > exact(most):
            bound = {"amount": plain(amount), "bound": most, "currency": unit}
            return failed(seen, Message("amount_above", bound), Message("lower_amount", bound))
        return met(seen)


class GrantShare(Kind):
    """The grant covers at most a share of the total cost (Mercociudades: 50 %)."""

    expects = {"maximum_percent": percent}
    topic = Topic.MONEY
    asks = ("amount", "total_cost", "currency")

    def judge(self, facts: Facts) -> Judgement:
        """Grant and cost are in the same currency; a cost of nothing is no cost yet."""
        seen = sums(facts)
        if facts.amount is None:
            return fact_missing("amount", seen)
        if not facts.total_cost:
            return fact_missing("total_cost", seen)
        most = exact(self.parameters["maximum_percent"])
        share = facts.amount * 100 / facts.total_cost
        # Rounded up, so that a share just above the limit never reads as the limit.
        shown = plain(to_the_cent(share, ROUND_CEILING))
        seen = {**seen, "total_cost": plain(facts.total_cost), "percent": shown}
        if facts.amount * 100 <= most * facts.total_cost:
            return met(seen)
        about = {
            "percent": shown,
            "maximum": plain(most),
            "bound": plain(most * facts.total_cost / 100),
            "currency": facts.currency,
        }
        return failed(seen, Message("share_above", about), Message("lower_share", about))


def sums(facts: Facts) -> dict[str, Any]:
    """The grant asked for, as a value seen."""
    amount = None if facts.amount is None else plain(facts.amount)
    return {"amount": amount, "currency": facts.currency}


def not_comparable(facts: Facts, unit: str, seen: Seen) -> Judgement | None:
    """Why an amount cannot be compared with a bound in `unit`, or None when it can."""
    if facts.amount is None:
        return fact_missing("amount", seen)
    if not facts.currency:
        return fact_missing("currency", seen)
    if facts.currency != unit:
        about = {"found": facts.currency, "expected": unit}
        return failed(seen, Message("currency_differs", about), Message("use_currency", about))
    return None
