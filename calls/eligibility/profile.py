"""Rules about what is on record for each party: its place, size, class, dues, commitments and role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from calls.eligibility.each_party import EachParty, names_of
from calls.eligibility.facts import CityFacts, Facts
from calls.eligibility.kind import Judgement, Seen
from calls.eligibility.parameters import networks, one_of, slugs, some_of, who, whole
from calls.eligibility.reference_lists import EDITIONS, REFERENCE_LISTS
from calls.eligibility.rule import Message

# Level 1 of the degree of urbanisation, as Eurostat and UN-Habitat define it.
URBANISATION = ("city", "town_or_suburb", "rural_area")
ROLES = ("partner", "associate", "expert", "observer", "funder")


class ReferenceList(EachParty):
    """A country on a list that somebody else keeps (partners on the OECD DAC list of aid recipients).

    The rule names the edition. Who leaves the list while it is in force counts up to the last day.
    """

    expects = {"list": one_of(REFERENCE_LISTS), "edition": one_of(EDITIONS), "who": who}
    fact = "country"

    @classmethod
    def check_together(cls, parameters: Mapping[str, Any]) -> list[str]:
        """The list has this edition."""
        return (
            [] if parameters["edition"] in REFERENCE_LISTS[parameters["list"]] else ["edition:not_a_choice"]
        )

    def members(self, facts: Facts) -> list[str]:
        """The countries of the list on the day of the assessment."""
        return REFERENCE_LISTS[self.parameters["list"]][self.parameters["edition"]].on(facts.on)

    def fits(self, city: CityFacts, facts: Facts) -> bool | None:
        """The country is a member on the day."""
        return city.country in self.members(facts) if city.country else None

    def outside(self, cities: list[CityFacts]) -> Message:
        """Each with its country."""
        rows = [{"name": city.name, "country": city.country} for city in cities]
        return Message("country_outside", {"cities": rows})

    def cure(self, cities: list[CityFacts], facts: Facts, *, lead: bool) -> Message:
        """A city from the list."""
        about = {"countries": self.members(facts)}
        return Message("choose_lead_in", about) if lead else Message("choose_partner_in", about)


class PopulationMaximum(EachParty):
    """At most so many inhabitants (a lot of a call reserved for cities up to 150,000)."""

    expects = {"inhabitants": whole(1), "who": who}
    fact = "population"

    def fits(self, city: CityFacts, facts: Facts) -> bool | None:
        """The bound itself still fits."""
        return None if city.population is None else city.population <= self.parameters["inhabitants"]

    def outside(self, cities: list[CityFacts]) -> Message:
        """Each with its size."""
        rows = [{"name": city.name, "population": city.population} for city in cities]
        return Message("population_above", {"cities": rows})

    def cure(self, cities: list[CityFacts], facts: Facts, *, lead: bool) -> Message:
        """A smaller city."""
        return Message("choose_smaller", {"lead": lead, "inhabitants": self.parameters["inhabitants"]})

    def shown(self, city: CityFacts) -> dict[str, Any]:
        """The size with its source."""
        return {**super().shown(city), "source": city.population_source}


class Classification(EachParty):
    """A class of the degree of urbanisation (towns and rural areas only)."""

    expects = {"classes": some_of(URBANISATION), "who": who}
    fact = "urbanisation"

    def fits(self, city: CityFacts, facts: Facts) -> bool | None:
        """One of the classes."""
        return city.urbanisation in self.parameters["classes"] if city.urbanisation else None

    def outside(self, cities: list[CityFacts]) -> Message:
        """Each with its class."""
        rows = [{"name": city.name, "urbanisation": city.urbanisation} for city in cities]
        return Message("class_outside", {"cities": rows})

    def cure(self, cities: list[CityFacts], facts: Facts, *, lead: bool) -> Message:
        """A city of another class."""
        return Message("choose_class", {"lead": lead, "classes": self.parameters["classes"]})


class DuesPaid(EachParty):
    """The membership fee of one of the networks is paid (a condition of several networks' own funds)."""

    expects = {"networks": networks, "who": who}
    fact = "dues_paid"

    def fits(self, city: CityFacts, facts: Facts) -> bool | None:
        """Paid to any of the networks."""
        return _any_of(city.dues_paid, self.parameters["networks"])

    def outside(self, cities: list[CityFacts]) -> Message:
        """Who has not paid."""
        about = {"cities": names_of(cities), "networks": self.parameters["networks"]}
        return Message("dues_open", about)

    def cure(self, cities: list[CityFacts], facts: Facts, *, lead: bool) -> Message:
        """To pay."""
        return Message("pay_dues", {"cities": names_of(cities), "networks": self.parameters["networks"]})


class ExistingCommitment(EachParty):
    """The city has already made one of the commitments (climate neutral by 2050)."""

    expects = {"commitments": slugs, "who": who}
    fact = "commitments"

    def fits(self, city: CityFacts, facts: Facts) -> bool | None:
        """Any of them."""
        return _any_of(city.commitments, self.parameters["commitments"])

    def outside(self, cities: list[CityFacts]) -> Message:
        """Who has not made it."""
        about = {"cities": names_of(cities), "commitments": self.parameters["commitments"]}
        return Message("commitment_missing", about)

    def cure(self, cities: list[CityFacts], facts: Facts, *, lead: bool) -> Message:
        """To make it and have it recorded."""
        about = {"cities": names_of(cities), "commitments": self.parameters["commitments"]}
        return Message("make_commitment", about)


class ActiveRole(EachParty):
    """Each party does something in the project: a role that only pays or watches does not count."""

    expects = {"passive": some_of(ROLES), "who": who}
    fact = "role"

    def fits(self, city: CityFacts, facts: Facts) -> bool | None:
        """Any role but those."""
        return city.role not in self.parameters["passive"] if city.role else None

    def outside(self, cities: list[CityFacts]) -> Message:
        """Each with its role."""
        return Message(
            "role_passive", {"cities": [{"name": city.name, "role": city.role} for city in cities]}
        )

    def cure(self, cities: list[CityFacts], facts: Facts, *, lead: bool) -> Message:
        """To take on work."""
        return Message("give_active_role", {"cities": names_of(cities)})

    def unrecorded(self, cities: list[CityFacts], seen: Seen) -> Judgement:
        """A role is part of the application, not of the city's profile."""
        return replace(
            super().unrecorded(cities, seen), remedy=Message("name_role", {"cities": names_of(cities)})
        )


def _any_of(found: frozenset[str] | None, wanted: list[str]) -> bool | None:
    return None if found is None else not found.isdisjoint(wanted)
