"""Rules about where the parties are."""

from __future__ import annotations

from calls.eligibility.facts import Facts
from calls.eligibility.kind import (
    Judgement,
    Kind,
    city_fact_missing,
    each_within,
    failed,
    lead_missing,
    met,
    partner_missing,
)
from calls.eligibility.parameters import countries, whole
from calls.eligibility.rule import Message, Topic


class LeadCountry(Kind):
    """The lead is in one of the countries (ICLD: Sweden)."""

    expects = {"countries": countries}
    topic = Topic.LEAD
    asks = ("lead", "country")
    lead_only = True

    def judge(self, facts: Facts) -> Judgement:
        """Only the lead counts."""
        if facts.lead is None:
            return lead_missing()
        allowed = self.parameters["countries"]
        return each_within(
            [facts.lead], "country", allowed, Message("choose_lead_in", {"countries": allowed})
        )


class PartnerCountry(Kind):
    """Every partner is in one of the countries (ICLD 2020: 19 countries); one partner at least."""

    expects = {"countries": countries}
    topic = Topic.PARTNERS
    asks = ("partners", "country")

    def judge(self, facts: Facts) -> Judgement:
        """Open until a partner is chosen."""
        allowed = self.parameters["countries"]
        remedy = Message("choose_partner_in", {"countries": allowed})
        if not facts.partners:
            return partner_missing(remedy)
        return each_within(facts.partners, "country", allowed, remedy, partner_cures=True)


class DistinctCountries(Kind):
    """The parties are in at least so many countries, of all or `among` some.

    CERV: five countries, three of them in the European Union; Mercociudades: two.
    """

    expects = {"minimum": whole(1), "among": countries}
    optional = frozenset({"among"})
    topic = Topic.PARTNERS
    asks = ("lead", "partners", "country")

    def judge(self, facts: Facts) -> Judgement:
        """A party whose country is not known may still bring a new one."""
        least = self.parameters["minimum"]
        among = self.parameters.get("among")
        found = sorted({c.country for c in facts.parties if c.country and (not among or c.country in among)})
        seen = {"countries": found}
        if len(found) >= least:
            return met(seen)
        missing = [city for city in facts.parties if not city.country]
        count = least - len(found)
        remedy = Message("add_countries", {"count": count, "countries": found, "among": among or []})
        if facts.lead is None:
            return lead_missing()
        if not facts.partners:
            return partner_missing(remedy, seen)
        if len(found) + len(missing) >= least:
            return city_fact_missing("country", missing, seen)
        message = Message("too_few_countries", {"found": len(found), "minimum": least})
        return failed(seen, message, remedy, partner_cures=True)


class PeerOtherCountry(Kind):
    """At least one partner is in another country than the lead."""

    topic = Topic.PARTNERS
    asks = ("lead", "partners", "country")

    def judge(self, facts: Facts) -> Judgement:
        """One foreign partner is enough, whatever is known of the others."""
        if facts.lead is None:
            return lead_missing()
        seen = {"cities": [{"name": city.name, "country": city.country} for city in facts.parties]}
        home = facts.lead.country
        remedy = Message("choose_partner_abroad", {"country": home})
        if not facts.partners:
            return partner_missing(remedy, seen)
        if home and any(city.country not in ("", home) for city in facts.partners):
            return met(seen)
        if missing := [city for city in facts.parties if not city.country]:
            return city_fact_missing("country", missing, seen)
        return failed(seen, Message("same_country", {"country": home}), remedy, partner_cures=True)
