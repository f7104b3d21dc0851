"""Caps on the grant that depend on who applies."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from calls.eligibility.facts import Facts
from calls.eligibility.kind import (
    Judgement,
    Kind,
    Seen,
    city_fact_missing,
    fact_missing,
    failed,
    lead_missing,
    met,
    partner_missing,
    plain,
    to_the_cent,
)
from calls.eligibility.money import not_comparable, sums
from calls.eligibility.parameters import (
    apart,
    countries,
    currency,
    exact,
    flag,
    months,
    number,
    or_none,
    programmes,
    rows,
    whole,
)
from calls.eligibility.rule import Message, Topic

MONTHS_A_YEAR = 12

cap_rows = apart(
    rows({"countries": countries, "parties": whole(1), "maximum": number}),
    lambda row: [(row["parties"], country) for country in row["countries"]],
)


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
        unit, seen = self.parameters["currency"], sums(facts)
        if not facts.partners:
            return partner_missing(Message("choose_partner_in", {"countries": self.countries}), seen)
        places = sorted({city.country for city in facts.partners if city.country})
        caps = {place: self.cap(place, 1 + len(facts.partners)) for place in places}
        if uncapped := [place for place, cap in caps.items() if cap is None]:
            about = {"countries": uncapped, "parties": 1 + len(facts.partners)}
            remedy = Message("choose_partner_in", {"countries": self.countries})
            return failed(seen, Message("cap_missing", about), remedy, partner_cures=True)
        if unjudged := not_comparable(facts, unit, seen):
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
        shown = plain(to_the_cent(asked / months, ROUND_CEILING))
        seen = {**seen, "amount": shown, "per_year": yearly}
        about = {**seen, "bound": plain(cap), "parties": 1 + len(facts.partners)}
        if asked > cap * months:
            return failed(seen, Message("above_cap", about), Message("lower_to_cap", about))
        if missing := [city for city in facts.partners if not city.country]:
            return city_fact_missing("country", missing, seen)
        return met(seen, Message("within_cap", about))


class CapByExperience(Kind):
    """Newcomers may ask for less, and for a shorter project, than cities that were funded before.

    A small-projects fund: EUR 50,000 for a city that is new to the programmes, otherwise EUR 250,000.
    """

    expects = {
        "programmes": programmes,
        "currency": currency,
        "new_maximum": number,
        "new_months": or_none(months),
        "experienced_maximum": number,
        "experienced_months": or_none(months),
    }
    topic = Topic.MONEY
    asks = ("lead", "awards", "amount", "currency", "duration_months")

    def judge(self, facts: Facts) -> Judgement:
        """The lead's record decides which bounds hold."""
        if facts.lead is None:
            return lead_missing()
        seen, unit = sums(facts), self.parameters["currency"]
        if facts.lead.awards is None:
            return city_fact_missing("awards", [facts.lead], seen)
        new = not any(award.programme in self.parameters["programmes"] for award in facts.lead.awards)
        who = "new" if new else "experienced"
        if unjudged := not_comparable(facts, unit, seen):
            return unjudged
        most, longest = self.parameters[f"{who}_maximum"], self.parameters[f"{who}_months"]
        about = {**seen, "bound": most, "new": new}
        if (facts.amount or Decimal(0)) > exact(most):
            return failed(seen, Message("above_experience_cap", about), Message("lower_amount", about))
        if longest is None:
            return met(seen)
        if facts.duration_months is None:
            return fact_missing("duration_months", seen)
        if facts.duration_months > longest:
            about = {"found": facts.duration_months, "bound": longest}
            return failed(seen, Message("duration_above", about), Message("shorten", about))
        return met(seen)
