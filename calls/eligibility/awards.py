"""Rules about what a city was given before, and about its other applications."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from calls.eligibility.each_party import EachParty, names_of
from calls.eligibility.facts import Award, CityFacts, Facts
from calls.eligibility.kind import Judgement, Kind, fact_missing, failed, met
from calls.eligibility.parameters import a_date, calls, day, months, or_none, programmes, who, whole
from calls.eligibility.rule import Message, Topic


class _Awards(EachParty):
    """A rule that looks at each party's earlier awards."""

    fact = "awards"

    def counted(self, city: CityFacts, facts: Facts) -> list[Award]:
        """The city's awards in these programmes, the oldest first."""
        found = [award for award in city.awards or () if award.programme in self.parameters["programmes"]]
        return sorted(found, key=lambda award: award.on)

    def shown(self, city: CityFacts) -> dict[str, Any]:
        """Every award with its day."""
        if city.awards is None:
            return {"name": city.name, "awards": None}
        rows = [{"programme": award.programme, "on": award.on.isoformat()} for award in city.awards]
        return {"name": city.name, "awards": rows}


class PreviousBeneficiary(_Awards):
    """Who was funded by one of the programmes before is excluded."""

    expects = {"programmes": programmes, "who": who}

    def fits(self, city: CityFacts, facts: Facts) -> bool | None:
        """No award, ever."""
        return None if city.awards is None else not self.counted(city, facts)

    def outside(self, cities: list[CityFacts]) -> Message:
        """Who was funded."""
        about = {"cities": names_of(cities), "programmes": self.parameters["programmes"]}
        return Message("funded_before", about)

    def cure(self, cities: list[CityFacts], facts: Facts, *, lead: bool) -> Message:
        """A newcomer."""
        return Message("choose_newcomer", {"lead": lead, "programmes": self.parameters["programmes"]})


class AwardsPerPeriod(_Awards):
    """At most so many awards in a period: the last months, or since a day (one per programming period)."""

    expects = {
        "programmes": programmes,
        "maximum": whole(1),
        "months": or_none(months),
        "since": or_none(a_date),
        "who": who,
    }

    @classmethod
    def check_together(cls, parameters: Mapping[str, Any]) -> list[str]:
        """One way to say when the period began."""
        given = [parameters[name] is not None for name in ("months", "since")]
        return [] if given.count(True) == 1 else ["months:one_of_two"]

    def counted(self, city: CityFacts, facts: Facts) -> list[Award]:
        """Only awards of the period."""
        return [award for award in super().counted(city, facts) if self._in_period(award, facts)]

    def _in_period(self, award: Award, facts: Facts) -> bool:
        if since := day(self.parameters["since"]):
            return award.on >= since
        return facts.on < months_after(award.on, self.parameters["months"])

    def fits(self, city: CityFacts, facts: Facts) -> bool | None:
        """There is room for the award applied for."""
        if city.awards is None:
            return None
        return bool(len(self.counted(city, facts)) < self.parameters["maximum"])

    def outside(self, cities: list[CityFacts]) -> Message:
        """Who has had their share."""
        return Message("awards_used", {"cities": names_of(cities), "maximum": self.parameters["maximum"]})

    def cure(self, cities: list[CityFacts], facts: Facts, *, lead: bool) -> Message:
        """The day from which all of them may apply again, where the period moves along."""
        about: dict[str, Any] = {"cities": names_of(cities), "lead": lead, "on": None}
        if cities and self.parameters["months"]:
            most = self.parameters["maximum"]
            leaving = [self.counted(city, facts)[-most].on for city in cities]
            about["on"] = months_after(max(leaving), self.parameters["months"]).isoformat()
        return Message("wait_for_period", about)


class ExcludedByOtherCall(Kind):
    """Who has a live application to one of the other calls cannot apply here."""

    expects = {"calls": calls}
    topic = Topic.LEAD
    asks = ("other_calls",)
    lead_only = True

    def judge(self, facts: Facts) -> Judgement:
        """Looks at the lead's live applications."""
        if facts.other_calls is None:
            return fact_missing("other_calls")
        seen = {"calls": sorted(facts.other_calls)}
        about = {"calls": sorted(facts.other_calls.intersection(self.parameters["calls"]))}
        if not about["calls"]:
            return met(seen)
        return failed(seen, Message("applies_elsewhere", about), Message("withdraw_elsewhere", about))


def months_after(start: date, count: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
