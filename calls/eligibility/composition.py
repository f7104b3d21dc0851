"""Rules about how the parties are put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING
from typing import Any

from calls.eligibility.facts import CityFacts, Facts
from calls.eligibility.kind import (
    Judgement,
    Kind,
    city_fact_missing,
    failed,
    lead_missing,
    met,
    partner_missing,
)
from calls.eligibility.parameters import (
    apart,
    countries,
    exact,
    networks,
    one_of,
    or_empty,
    or_none,
    organisation_kinds,
    percent,
    rows,
    slug,
    whole,
)
from calls.eligibility.rule import Message, Topic

Fits = Iterable[bool | None]


class OnlyWithMember(Kind):
    """Some kinds of organisation take part only beside a member of a network.

    Mercociudades: universities and civil-society organisations only alongside a member city.
    """

    expects = {"kinds": organisation_kinds, "networks": networks}
    topic = Topic.PARTNERS
    asks = ("lead", "partners", "kind", "networks")

    def judge(self, facts: Facts) -> Judgement:
        """One member among the other kinds carries all the rest."""
        if facts.lead is None:
            return lead_missing()
        carrying = [self._carries(city) for city in facts.parties]
        carried = [city.kind in self.parameters["kinds"] if city.kind else None for city in facts.parties]
        seen = {"cities": [{"name": city.name, "kind": city.kind} for city in facts.parties]}
        if any(carrying) or not any(fit is not False for fit in carried):
            return met(seen)
        if None in carrying or not any(carried):
            return self._open(facts, seen)
        remedy = Message("choose_partner_in_network", {"networks": self.parameters["networks"]})
        if not facts.partners:
            return partner_missing(remedy, seen)
        alone = [city.name for city, fit in zip(facts.parties, carried, strict=True) if fit]
        about = {"cities": alone, "networks": self.parameters["networks"]}
        return failed(seen, Message("no_member_beside", about), remedy, partner_cures=True)

    def _carries(self, city: CityFacts) -> bool | None:
        """Whether the city is a member of another kind."""
        if city.kind in self.parameters["kinds"]:
            return False
        if city.networks is not None and city.networks.isdisjoint(self.parameters["networks"]):
            return False
        return True if city.kind and city.networks is not None else None

    def _open(self, facts: Facts, seen: Mapping[str, Any]) -> Judgement:
        if missing := [city for city in facts.parties if not city.kind]:
            return city_fact_missing("kind", missing, seen)
        return city_fact_missing("networks", [c for c in facts.parties if c.networks is None], seen)


class PartnerShare(Kind):
    """At least a share of the partners, or of all parties, are in a category.

    URBACT: 70 % of the partners from less developed regions.
    """

    expects = {"category": slug, "minimum_percent": percent, "of": one_of(("partners", "all"))}
    topic = Topic.PARTNERS
    asks = ("lead", "partners", "categories")

    def judge(self, facts: Facts) -> Judgement:
        """Parties whose categories are not recorded may still be in it."""
        category, everyone = self.parameters["category"], self.parameters["of"] == "all"
        choose = Message("choose_partner_in_category", {"category": category, "count": 1})
        if everyone and facts.lead is None:
            return lead_missing()
        if not facts.partners:
            return partner_missing(choose)
        cities = facts.parties if everyone else facts.partners
        sure, possible = _count(_in_category(city, category) for city in cities)
        share = exact(self.parameters["minimum_percent"]) * len(cities) / 100
        needed = int(share.to_integral_value(ROUND_CEILING))
        seen = {"found": sure, "of": len(cities), "category": category}
        if sure >= needed:
            return met(seen)
        if possible >= needed:
            return city_fact_missing("categories", [c for c in cities if c.categories is None], seen)
        about = {"found": sure, "needed": needed, "of": len(cities), "category": category}
        choose = Message("choose_partner_in_category", {"category": category, "count": needed - possible})
        return failed(seen, Message("share_too_small", about), choose, partner_cures=True)


class KindMaximum(Kind):
    """At most so many partners of some kinds (two partners that are not cities)."""

    expects = {"kinds": organisation_kinds, "maximum": whole(0)}
    topic = Topic.PARTNERS
    asks = ("partners", "kind")

    def judge(self, facts: Facts) -> Judgement:
        """Only partners count; the lead has a rule of its own."""
        kinds, most = self.parameters["kinds"], self.parameters["maximum"]
        fits = [city.kind in kinds if city.kind else None for city in facts.partners]
        sure, possible = _count(fits)
        seen = {"cities": [{"name": city.name, "kind": city.kind} for city in facts.partners]}
        if sure > most:
            names = [city.name for city, fit in zip(facts.partners, fits, strict=True) if fit]
            about = {"cities": names, "found": sure, "maximum": most}
            remedy = Message("replace_partners", {"kinds": kinds, "count": sure - most})
            return failed(seen, Message("too_many_of_kind", about), remedy, partner_cures=True)
        if possible > most:
            return city_fact_missing("kind", [city for city in facts.partners if not city.kind], seen)
        return met(seen)


class EachSide(Kind):
    """So many parties from each side; a side is a set of countries, or a category of cities.

    The green and inclusive recovery programme: a city of the EU and one of the partner countries.
    """

    expects = {
        "sides": apart(
            rows(
                {
                    "side": slug,
                    "countries": or_empty(countries),
                    "category": or_none(slug),
                    "minimum": whole(1),
                }
            ),
            lambda row: [row["side"]],
        )
    }
    topic = Topic.PARTNERS
    asks = ("lead", "partners", "country", "categories")

    @classmethod
    def check_together(cls, parameters: Mapping[str, Any]) -> list[str]:
        """One way to say who belongs to a side."""
        both = [row for row in parameters["sides"] if bool(row["countries"]) == bool(row["category"])]
        return ["sides:one_of_two"] if both else []

    def judge(self, facts: Facts) -> Judgement:
        """Parties whose place is not recorded may still fill a side."""
        if facts.lead is None:
            return lead_missing()
        counts = [(side, *_count(_on_side(city, side) for city in facts.parties)) for side in self.sides]
        seen = {"sides": [{"side": side["side"], "found": sure} for side, sure, _possible in counts]}
        lacking = [(side, possible) for side, _sure, possible in counts if possible < side["minimum"]]
        unsure = [side for side, sure, _possible in counts if sure < side["minimum"]]
        if not unsure:
            return met(seen)
        side, found = lacking[0] if lacking else (unsure[0], 0)
        remedy = Message("add_to_side", {**side, "count": side["minimum"] - found})
        if not facts.partners:
            return partner_missing(remedy, seen)
        if lacking:
            about = {"sides": [side["side"] for side, _possible in lacking]}
            return failed(seen, Message("side_missing", about), remedy, partner_cures=True)
        return self._unrecorded(facts, unsure[0], seen)

    @property
    def sides(self) -> list[dict[str, Any]]:
        """The rows of the table."""
        return list(self.parameters["sides"])

    def _unrecorded(self, facts: Facts, side: dict[str, Any], seen: Mapping[str, Any]) -> Judgement:
        fact = "country" if side["countries"] else "categories"
        missing = [city for city in facts.parties if _on_side(city, side) is None]
        return city_fact_missing(fact, missing, seen)


def _in_category(city: CityFacts, category: str) -> bool | None:
    return None if city.categories is None else category in city.categories


def _on_side(city: CityFacts, side: Mapping[str, Any]) -> bool | None:
    if side["category"]:
        return _in_category(city, side["category"])
    return city.country in side["countries"] if city.country else None


def _count(fits: Fits) -> tuple[int, int]:
    """How many surely fit, and how many possibly do."""
    every = list(fits)
    return every.count(True), len(every) - every.count(False)
