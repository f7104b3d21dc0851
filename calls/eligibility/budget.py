"""Rules about where the money comes from and what it is spent on."""

from __future__ import annotations

from decimal import ROUND_FLOOR

from calls.eligibility.facts import Facts
from calls.eligibility.kind import Judgement, Kind, fact_missing, failed, met, plain, to_the_cent
from calls.eligibility.money import sums
from calls.eligibility.parameters import exact, percent, slugs, whole
from calls.eligibility.rule import Message, Topic


class LocalContribution(Kind):
    """The parties themselves bring at least a share of the grant; at 100 % as much as they ask for."""

    expects = {"minimum_percent": percent}
    topic = Topic.MONEY
    asks = ("amount", "local_contribution", "currency")

    def judge(self, facts: Facts) -> Judgement:
        """Grant and contribution are in the same currency."""
        seen = sums(facts)
        if facts.amount is None:
            return fact_missing("amount", seen)
        if facts.local_contribution is None:
            return fact_missing("local_contribution", seen)
        needed = facts.amount * exact(self.parameters["minimum_percent"]) / 100
        seen = {**seen, "local_contribution": plain(facts.local_contribution)}
        if facts.local_contribution >= needed:
            return met(seen)
        about = {**seen, "bound": plain(needed)}
        return failed(seen, Message("contribution_below", about), Message("raise_contribution", about))


class SubShare(Kind):
    """At most a part of the grant is passed on to third parties (one third)."""

    expects = {"numerator": whole(0, 1000), "denominator": whole(1, 1000)}
    topic = Topic.MONEY
    asks = ("amount", "passed_on", "currency")

    def judge(self, facts: Facts) -> Judgement:
        """Compared as whole multiples, so that a third is exactly a third."""
        seen = sums(facts)
        if facts.amount is None:
            return fact_missing("amount", seen)
        if facts.passed_on is None:
            return fact_missing("passed_on", seen)
        part, of = self.parameters["numerator"], self.parameters["denominator"]
        seen = {**seen, "passed_on": plain(facts.passed_on)}
        if facts.passed_on * of <= facts.amount * part:
            return met(seen)
        # Cut to the cent, so that whoever asks for the amount named stays within the rule.
        bound = to_the_cent(facts.amount * part / of, ROUND_FLOOR)
        about = {**seen, "bound": plain(bound)}
        return failed(seen, Message("passed_on_above", about), Message("lower_passed_on", about))


class CostCategories(Kind):
    """Only costs of these categories are funded (Mercociudades: six spending modalities)."""

    expects = {"allowed": slugs}
    topic = Topic.MONEY
    asks = ("costs",)

    def judge(self, facts: Facts) -> Judgement:
        """A category without costs does no harm."""
        if facts.costs is None:
            return fact_missing("costs")
        used = sorted(category for category, cost in facts.costs.items() if cost > 0)
        seen = {"categories": used}
        outside = [category for category in used if category not in self.parameters["allowed"]]
        if not outside:
            return met(seen)
        about = {"categories": outside, "allowed": self.parameters["allowed"]}
        return failed(seen, Message("cost_outside", about), Message("move_costs", about))
