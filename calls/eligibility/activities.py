"""Rules about what is planned, when, and for how many people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calls.eligibility.facts import Activity, Facts
from calls.eligibility.kind import Judgement, Kind, fact_missing, failed, met
from calls.eligibility.parameters import a_date, apart, bounds, day, or_none, rows, slug, whole
from calls.eligibility.rule import Message, State, Topic


class ActivityCount(Kind):
    """At least and at most so many activities, of one sort or of any (two study visits of six days)."""

    expects = {"activity": or_none(slug), "minimum": or_none(whole(0)), "maximum": or_none(whole(0))}
    topic = Topic.PROJECT
    asks = ("activities",)

    @classmethod
    def check_together(cls, parameters: Mapping[str, Any]) -> list[str]:
        """At least one end, and the ends in order."""
        return bounds(parameters)

    def judge(self, facts: Facts) -> Judgement:
        """Counts the rows of the activity plan."""
        if facts.activities is None:
            return fact_missing("activities")
        sort, least, most = (self.parameters[key] for key in ("activity", "minimum", "maximum"))
        found = len(_of_sort(facts.activities, sort))
        seen, about = {"activities": found}, {"activity": sort, "found": found}
        if least is not None and found < least:
            remedy = Message("plan_activities", {"activity": sort, "count": least - found})
            return failed(seen, Message("too_few_activities", {**about, "minimum": least}), remedy)
        if most is not None and found > most:
            remedy = Message("drop_activities", {"activity": sort, "count": found - most})
            return failed(seen, Message("too_many_activities", {**about, "maximum": most}), remedy)
        return met(seen)


class ActivityWindow(Kind):
    """Activities, of one sort or of any, take place between two days, both included."""

    expects = {"activity": or_none(slug), "earliest": or_none(a_date), "latest": or_none(a_date)}
    topic = Topic.PROJECT
    asks = ("activities",)

    @classmethod
    def check_together(cls, parameters: Mapping[str, Any]) -> list[str]:
        """At least one end, and the ends in order."""
        return bounds(parameters, "earliest", "latest")

    def judge(self, facts: Facts) -> Judgement:
        """One activity outside decides, whatever is known of the dates of the others."""
        if facts.activities is None:
            return fact_missing("activities")
        planned = _of_sort(facts.activities, self.parameters["activity"])
        seen = {"dates": [_dates(activity) for activity in planned]}
        about = {key: self.parameters[key] for key in ("earliest", "latest")}
        if outside := [activity for activity in planned if self._outside(activity)]:
            late = {**about, "activities": [_dates(activity) for activity in outside]}
            return failed(seen, Message("activity_outside", late), Message("move_activities", about))
        if any(activity.starts_on is None or activity.ends_on is None for activity in planned):
            return fact_missing("activity_dates", seen)
        return met(seen)

    def _outside(self, activity: Activity) -> bool:
        first, last = day(self.parameters["earliest"]), day(self.parameters["latest"])
        days = [when for when in (activity.starts_on, activity.ends_on) if when]
        return any((first and when < first) or (last and when > last) for when in days)


class ParticipantCounts(Kind):
    """So many people of each group take part (a youth exchange: 20 to 60 young people)."""

    expects = {
        "groups": apart(
            rows({"group": slug, "minimum": or_none(whole(0)), "maximum": or_none(whole(0))}),
            lambda row: [row["group"]],
        )
    }
    topic = Topic.PROJECT

    @classmethod
    def check_together(cls, parameters: Mapping[str, Any]) -> list[str]:
        """Each row is a range."""
        return ["groups:no_range"] if any(bounds(row) for row in parameters["groups"]) else []

    @property
    def asks(self) -> tuple[str, ...]:
        """The number of people of each group."""
        return tuple(f"participants:{row['group']}" for row in self.parameters["groups"])

    def judge(self, facts: Facts) -> Judgement:
        """A group outside its range decides; a group nobody has counted keeps the rule open."""
        counts = facts.participants or {}
        groups = [(row, counts.get(row["group"])) for row in self.parameters["groups"]]
        seen = {"groups": [{"group": row["group"], "found": found} for row, found in groups]}
        for row, found in groups:
            about = {**row, "found": found}
            if found is not None and row["minimum"] is not None and found < row["minimum"]:
                return failed(seen, Message("too_few_people", about), Message("plan_for_people", about))
            if found is not None and row["maximum"] is not None and found > row["maximum"]:
                return failed(seen, Message("too_many_people", about), Message("plan_for_people", about))
        if missing := [row["group"] for row, found in groups if found is None]:
            about = {"groups": missing}
            return Judgement(
                State.UNKNOWN, seen, Message("people_not_counted", about), Message("count_people", about)
            )
        return met(seen)


def _of_sort(activities: tuple[Activity, ...], sort: str | None) -> list[Activity]:
    return [activity for activity in activities if sort in (None, activity.kind)]


def _dates(activity: Activity) -> dict[str, Any]:
    days = {"starts_on": activity.starts_on, "ends_on": activity.ends_on}
    return {"activity": activity.kind} | {key: when and when.isoformat() for key, when in days.items()}
