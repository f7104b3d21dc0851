"""Rules about who the parties are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from calls.eligibility.facts import CityFacts, Facts
from calls.eligibility.kind import (
    Judgement,
    Kind,
    city_fact_missing,
    each_within,
    fact_missing,
    failed,
    lead_missing,
    met,
    partner_missing,
)
from calls.eligibility.parameters import (
    bounds,
    flag,
    networks,
    one_of,
    or_none,
    organisation_kinds,
    whole,
)
from calls.eligibility.rule import Message, Topic


class LeadKind(Kind):
    """The lead is of one of the kinds of organisation (ICLD: municipality, region, federation)."""

    expects = {"kinds": organisation_kinds}
    topic = Topic.LEAD
    asks = ("lead", "kind")
    lead_only = True

    def judge(self, facts: Facts) -> Judgement:
        """Only the lead counts."""
        if facts.lead is None:
            return lead_missing()
        kinds = self.parameters["kinds"]
        return each_within([facts.lead], "kind", kinds, Message("choose_lead_of_kind", {"kinds": kinds}))


class PartnerKind(Kind):
    """Every partner is of one of the kinds of organisation; one partner at least."""

    expects = {"kinds": organisation_kinds}
    topic = Topic.PARTNERS
    asks = ("partners", "kind")

    def judge(self, facts: Facts) -> Judgement:
        """Open until a partner is chosen."""
        kinds = self.parameters["kinds"]
        remedy = Message("choose_partner_of_kind", {"kinds": kinds})
        if not facts.partners:
            return partner_missing(remedy)
        return each_within(facts.partners, "kind", kinds, remedy, partner_cures=True)


class PartnerCount(Kind):
    """The lead has at least and at most so many partners (URBACT: eight to ten)."""

    expects = {"minimum": whole(0), "maximum": or_none(whole(0))}
    topic = Topic.PARTNERS
    asks = ("partners",)

    @classmethod
    def check_together(cls, parameters: Mapping[str, Any]) -> list[str]:
        """The ends of the range are in order."""
        return bounds(parameters)

    def judge(self, facts: Facts) -> Judgement:
        """No partner yet is an open point, one too few is a failure."""
        least, most, found = self.parameters["minimum"], self.parameters["maximum"], len(facts.partners)
        seen = {"partners": found}
        if found < least:
            remedy = Message("add_partners", {"count": least - found})
            if not found:
                return partner_missing(remedy, seen)
            message = Message("too_few_partners", {"found": found, "minimum": least})
            return failed(seen, message, remedy, partner_cures=True)
        if most is not None and found > most:
            message = Message("too_many_partners", {"found": found, "maximum": most})
            return failed(
                seen, message, Message("remove_partners", {"count": found - most}), partner_cures=True
            )
        return met(seen)


class PopulationMinimum(Kind):
    """The lead, or all parties combined, have at least so many inhabitants.

    IUC asked for cities "in particular above 50,000" (soft), in 2019 for groups above 100,000 combined.
    """

    expects = {"inhabitants": whole(1), "combined": flag}

    @property
    def topic(self) -> Topic:
        """A combined count is about the partners too."""
        return Topic.PARTNERS if self.parameters["combined"] else Topic.LEAD

    @property
    def asks(self) -> tuple[str, ...]:
        """A combined count needs the partners."""
        partners = ("partners",) if self.parameters["combined"] else ()
        return ("lead", *partners, "population")

    @property
    def lead_only(self) -> bool:
        """A combined count needs the partners."""
        return not self.parameters["combined"]

    def judge(self, facts: Facts) -> Judgement:
        """The known inhabitants may suffice before all are known."""
        if facts.lead is None:
            return lead_missing()
        combined, least = self.parameters["combined"], self.parameters["inhabitants"]
        cities = facts.parties if combined else (facts.lead,)
        total = sum(city.population or 0 for city in cities)
        seen = {"cities": [_inhabitants(city) for city in cities], "total": total}
        if total >= least:
            return met(seen)
        if missing := [city for city in cities if city.population is None]:
            return city_fact_missing("population", missing, seen)
        remedy = Message("add_inhabitants", {"count": least - total}) if combined else None
        if combined and not facts.partners and remedy:
            return partner_missing(remedy, seen)
        if not self.rule.hard and not combined:
            remedy = Message("say_why", {"city": facts.lead.name})
        names = [city.name for city in cities]
        message = Message("population_below", {"cities": names, "found": total, "minimum": least})
        return failed(seen, message, remedy, partner_cures=combined)


def _inhabitants(city: CityFacts) -> dict[str, Any]:
    return {"name": city.name, "population": city.population, "source": city.population_source}


class NetworkMember(Kind):
    """The lead, or every party, is in one of the networks on the day of the assessment.

    Mercociudades' training of 2018 was open to members of any of four networks.
    """

    expects = {"networks": networks, "who": one_of(("lead", "all"))}

    @property
    def topic(self) -> Topic:
        """Where it binds every party, it is about the partners."""
        return Topic.LEAD if self.lead_only else Topic.PARTNERS

    @property
    def asks(self) -> tuple[str, ...]:
        """Partners matter where the rule binds every party."""
        return ("lead", *(() if self.lead_only else ("partners",)), "networks")

    @property
    def lead_only(self) -> bool:
        """Whether partners may be outside the networks."""
        return bool(self.parameters["who"] == "lead")

    def judge(self, facts: Facts) -> Judgement:
        """A lead outside the networks fails at once; partners are looked at when chosen."""
        if facts.lead is None:
            return lead_missing()
        networks = self.parameters["networks"]
        cities = (facts.lead,) if self.lead_only else facts.parties
        seen = {"cities": [_memberships(city) for city in cities]}
        outside = [c for c in cities if c.networks is not None and c.networks.isdisjoint(networks)]
        if outside:
            return self._outside(outside, seen, lead_inside=facts.lead not in outside)
        if missing := [city for city in cities if city.networks is None]:
            return city_fact_missing("networks", missing, seen)
        if not self.lead_only and not facts.partners:
            return partner_missing(Message("choose_partner_in_network", {"networks": networks}), seen)
        return met(seen)

    def _outside(
        self, outside: Sequence[CityFacts], seen: Mapping[str, Any], *, lead_inside: bool
    ) -> Judgement:
        networks = self.parameters["networks"]
        about = {"cities": [city.name for city in outside], "networks": networks}
        remedy = Message("choose_partner_in_network" if lead_inside else "join_network", about)
        return failed(seen, Message("not_member", about), remedy, partner_cures=lead_inside)


def _memberships(city: CityFacts) -> dict[str, Any]:
    return {"name": city.name, "networks": None if city.networks is None else sorted(city.networks)}


class ApplicationsPerRole(Kind):
    """One city coordinates and joins only so many applications to a call (Mercociudades: one and one)."""

    expects = {"coordinator": whole(1), "partner": whole(0)}
    topic = Topic.LEAD
    asks = ("applications_as_coordinator", "applications_as_partner")
    lead_only = True

    def judge(self, facts: Facts) -> Judgement:
        """This application counts as one the lead coordinates."""
        others, joined = facts.applications_as_coordinator, facts.applications_as_partner
        seen = {"coordinator": others, "partner": joined}
        for role, found, most in (
            ("coordinator", others, self.parameters["coordinator"] - 1),
            ("partner", joined, self.parameters["partner"]),
        ):
            if found is not None and found > most:
                message = Message("too_many_applications", {"role": role, "found": found, "maximum": most})
                remedy = Message("withdraw_application", {"role": role, "count": found - most})
                return failed(seen, message, remedy)
        if others is None or joined is None:
            return fact_missing("applications", seen)
        return met(seen)
