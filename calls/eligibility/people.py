"""Rules about the people named in the teams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calls.eligibility.facts import Facts, TeamPerson
from calls.eligibility.kind import Judgement, Kind, fact_missing, failed, met
from calls.eligibility.parameters import apart, bounds, languages, or_empty, or_none, rows, slug, slugs, whole
from calls.eligibility.rule import Message, Topic


class TeamComposition(Kind):
    """Each side names so many people of each role.

    ICLD: politicians of majority and opposition, and three to five officials, on each of two sides.
    """

    expects = {
        "sides": whole(1, 50),
        "roles": apart(
            rows({"role": slug, "minimum": whole(0), "maximum": or_none(whole(0))}),
            lambda row: [row["role"]],
        ),
    }
    topic = Topic.PROJECT
    asks = ("team",)

    @classmethod
    def check_together(cls, parameters: Mapping[str, Any]) -> list[str]:
        """The ends of each range are in order."""
        return ["roles:no_range"] if any(bounds(row) for row in parameters["roles"]) else []

    def judge(self, facts: Facts) -> Judgement:
        """A side that names nobody at all is missing."""
        if facts.team is None:
            return fact_missing("team")
        sides = list(dict.fromkeys(person.side for person in facts.team))
        seen = {"team": [{"side": side, "people": _people_of(facts.team, side)} for side in sides]}
        for side in sides:
            if wrong := self._wrong(facts.team, side):
                return failed(seen, *wrong)
        if len(sides) < self.parameters["sides"]:
            about = {"found": len(sides), "needed": self.parameters["sides"]}
            return failed(seen, Message("too_few_sides", about), Message("name_other_side", about))
        return met(seen)

    def _wrong(self, team: tuple[TeamPerson, ...], side: str) -> tuple[Message, Message] | None:
        for row in self.parameters["roles"]:
            found = sum(person.side == side and person.role == row["role"] for person in team)
            about = {"side": side, "found": found, **row}
            if found < row["minimum"]:
                return Message("too_few_in_team", about), Message("name_more", about)
            if row["maximum"] is not None and found > row["maximum"]:
                return Message("too_many_in_team", about), Message("name_fewer", about)
        return None


class PersonRules(Kind):
    """Conditions on each person named, of some roles or of all: years of experience, age, language.

    JICA's courses: so many years in the field, up to an age, able to work in the language of the course.
    Who was nominated is shown by a document and has a rule of its own.
    """

    expects = {
        "roles": or_empty(slugs),
        "minimum_years": or_none(whole(0)),
        "maximum_age": or_none(whole(16)),
        "languages": or_empty(languages),
    }
    topic = Topic.PROJECT
    asks = ("team",)

    @classmethod
    def check_together(cls, parameters: Mapping[str, Any]) -> list[str]:
        """At least one condition."""
        given = parameters["minimum_years"] is not None or parameters["maximum_age"] is not None
        return [] if given or parameters["languages"] else ["minimum_years:no_bound"]

    def judge(self, facts: Facts) -> Judgement:
        """One person who does not fit decides."""
        if facts.team is None:
            return fact_missing("team")
        roles = self.parameters["roles"]
        people = [person for person in facts.team if not roles or person.role in roles]
        seen = {"people": len(people)}
        if not people:
            about = {"roles": roles}
            return failed(seen, Message("nobody_named", about), Message("name_somebody", about))
        fits = [(person, self._fits(person)) for person in people]
        if unfit := [person for person, fit in fits if fit is False]:
            about = {"people": [{"side": person.side, "role": person.role} for person in unfit]}
            remedy = Message("name_another", {"count": len(unfit), **self.parameters})
            return failed(seen, Message("person_unfit", about), remedy)
        return fact_missing("team_details", seen) if any(fit is None for _person, fit in fits) else met(seen)

    def _fits(self, person: TeamPerson) -> bool | None:
        fits = (self._years(person), self._age(person), self._speaks(person))
        return False if False in fits else None if None in fits else True

    def _years(self, person: TeamPerson) -> bool | None:
        if (least := self.parameters["minimum_years"]) is None:
            return True
        return None if person.years_experience is None else person.years_experience >= least

    def _age(self, person: TeamPerson) -> bool | None:
        if (most := self.parameters["maximum_age"]) is None:
            return True
        return None if person.age is None else person.age <= most

    def _speaks(self, person: TeamPerson) -> bool | None:
        if not (wanted := self.parameters["languages"]):
            return True
        return None if person.languages is None else not person.languages.isdisjoint(wanted)


def _people_of(team: tuple[TeamPerson, ...], side: str) -> int:
    return sum(person.side == side for person in team)
