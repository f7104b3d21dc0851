"""Rules that each party has to meet by itself: the lead, the partners, or all of them."""

from __future__ import annotations

from typing import Any, ClassVar

from calls.eligibility.facts import CityFacts, Facts
from calls.eligibility.kind import (
    Judgement,
    Kind,
    Seen,
    city_fact_missing,
    failed,
    lead_missing,
    met,
    partner_missing,
)
from calls.eligibility.rule import Message, Topic


class EachParty(Kind):
    """A kind with the parameter `who`. It names the fact of a city, and says whether a city fits."""

    fact: ClassVar[str]

    @property
    def topic(self) -> Topic:
        """The lead's, where the rule binds the lead alone."""
        return Topic.LEAD if self.lead_only else Topic.PARTNERS

    @property
    def asks(self) -> tuple[str, ...]:
        """Whoever the rule binds, and the fact about each."""
        parties = {"lead": ("lead",), "partners": ("partners",), "all": ("lead", "partners")}
        return (*parties[self.parameters["who"]], self.fact)

    @property
    def lead_only(self) -> bool:
        """Whether the rule leaves the partners alone."""
        return bool(self.parameters["who"] == "lead")

    def fits(self, city: CityFacts, facts: Facts) -> bool | None:
        """Whether a city meets the rule, None when that is not known."""
        raise NotImplementedError

    def outside(self, cities: list[CityFacts]) -> Message:
        """What to say of cities that do not fit."""
        raise NotImplementedError

    def cure(self, cities: list[CityFacts], facts: Facts, *, lead: bool) -> Message:
        """What would help; `lead` when the lead is among the cities that do not fit."""
        raise NotImplementedError

    def shown(self, city: CityFacts) -> dict[str, Any]:
        """The value seen of one city, as JSON types."""
        value = getattr(city, self.fact)
        return {"name": city.name, self.fact: sorted(value) if isinstance(value, frozenset) else value}

    def unrecorded(self, cities: list[CityFacts], seen: Seen) -> Judgement:
        """What to say where the fact of a city is not known."""
        return city_fact_missing(self.fact, cities, seen)

    def judge(self, facts: Facts) -> Judgement:
        """A city that does not fit decides at once; partners are looked at when chosen."""
        who = self.parameters["who"]
        if who != "partners" and facts.lead is None:
            return lead_missing()
        cities = {"lead": facts.parties[:1], "partners": facts.partners, "all": facts.parties}[who]
        fits = [(city, self.fits(city, facts)) for city in cities]
        seen = {"cities": [self.shown(city) for city in cities]}
        if outside := [city for city, fit in fits if fit is False]:
            lead = who != "partners" and fits[0][1] is False
            cure = self.cure(outside, facts, lead=lead)
            return failed(seen, self.outside(outside), cure, partner_cures=not lead)
        if missing := [city for city, fit in fits if fit is None]:
            return self.unrecorded(missing, seen)
        if who != "lead" and not facts.partners:
            return partner_missing(self.cure([], facts, lead=False), seen)
        return met(seen)


def names_of(cities: list[CityFacts]) -> list[str]:
    """The names of cities, for a message."""
    return [city.name for city in cities]
