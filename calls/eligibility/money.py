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
    city_fact_missing,
    fact_missing,
    failed,
    met,
    partner_missing,
    plain,
)
from calls.eligibility.parameters import (
    apart,
    bounds,
    countries,
    currency,
    exact,
    flag,
    number,
    or_none,
    percent,
    rows,
    whole,
)
from calls.eligibility.rule import Message, Topic

MONTHS_A_YEAR = 12

cap_rows = apart(
    rows({"countries": countries, "parties": whole(1), "maximum": number}),
    lambda row: [(row["parties"], country) for country in row["countries"]],
)


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
        seen = _money(facts)
        unit, least, most = (self.parameters[key] for key in ("currency", "minimum", "maximum"))
        if unjudged := _not_comparable(facts, unit, seen):
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
        seen = _money(facts)
        if facts.amount is None:
            return fact_missing("amount", seen)
        if not facts.total_cost:
            return fact_missing("total_cost", seen)
        most = exact(self.parameters["maximum_percent"])
        share = facts.amount * 100 / facts.total_cost
        # Rounded up, so that a share just above the limit never reads as the limit.
        shown = plain(share.quantize(Decimal("0.01"), ROUND_CEILING))
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


class CapByRegionAndParties(Kind):
    """The grant stays below a cap that depends on the partners' countries and the number of parties.

    From ICLD's budget guideline: project per year, Africa-Asia, SEK 500,000 for two parties and 650,000 for
    three. Partners in two regions are held to the lower cap. With `per_year` the amount is spread over the
    duration, a shorter project counting as one year.
    """

    expects = {"currency": currency, "caps": cap_rows, "per_year": flag}
    optional = frozenset({"per_year"})
    topic = Topic.MONEY
    asks = ("partners", "country", "amount", "currency", "duration_months")

    def judge(self, facts: Facts) -> Judgement:
        """Open until a partner is chosen; a combination the table does not hold is not funded."""
        unit, seen = self.parameters["currency"], _money(facts)
        if not facts.partners:
            return partner_missing(Message("choose_partner_in", {"countries": self.countries}), seen)
        places = sorted({city.country for city in facts.partners if city.country})
        caps = {place: self.cap(place, 1 + len(facts.partners)) for place in places}
        if uncapped := [place for place, cap in caps.items() if cap is None]:
            about = {"countries": uncapped, "parties": 1 + len(facts.partners)}
            remedy = Message("choose_partner_in", {"countries": self.countries})
            return failed(seen, Message("cap_missing", about), remedy, partner_cures=True)
        if unjudged := _not_comparable(facts, unit, seen):
            return unjudged
        lowest = min((cap for cap in caps.values() if cap is not None), default=None)
        if lowest is None:
            return city_fact_missing("country", facts.partners, seen)
        return self._against(lowest, facts, seen)

    @property
    def countries(self) -> list[str]:
        """All countries of the table, in alphabetical order."""
        return sorted({country for row in self.parameters["caps"] for country in row["countries"]})

    def cap(self, country: str, parties: int) -> Decimal | None:
        """The cap of one country for so many parties, None where the table has no row."""
        for row in self.parameters["caps"]:
            if row["parties"] == parties and country in row["countries"]:
                return exact(row["maximum"])
        return None

    def _against(self, cap: Decimal, facts: Facts, seen: Seen) -> Judgement:
        yearly = self.parameters.get("per_year", False)
        if yearly and facts.duration_months is None:
            return fact_missing("duration_months", seen)
        months = max(facts.duration_months or 0, MONTHS_A_YEAR) if yearly else MONTHS_A_YEAR
        asked = (facts.amount or Decimal(0)) * MONTHS_A_YEAR
        shown = plain((asked / months).quantize(Decimal("0.01"), ROUND_CEILING))
        seen = {**seen, "amount": shown, "per_year": yearly}
        about = {**seen, "bound": plain(cap), "parties": 1 + len(facts.partners)}
        if asked > cap * months:
            return failed(seen, Message("above_cap", about), Message("lower_to_cap", about))
        if missing := [city for city in facts.partners if not city.country]:
            return city_fact_missing("country", missing, seen)
        return met(seen, Message("within_cap", about))


def _money(facts: Facts) -> dict[str, Any]:
    amount = None if facts.amount is None else plain(facts.amount)
    return {"amount": amount, "currency": facts.currency}


def _not_comparable(facts: Facts, unit: str, seen: Seen) -> Judgement | None:
    """Why an amount cannot be compared with a bound in `unit`, or None when it can."""
    if facts.amount is None:
        return fact_missing("amount", seen)
    if not facts.currency:
        return fact_missing("currency", seen)
    if facts.currency != unit:
        about = {"found": facts.currency, "expected": unit}
        return failed(seen, Message("currency_differs", about), Message("use_currency", about))
    return None
