"""Rules about the project itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calls.eligibility.facts import Facts
from calls.eligibility.kind import Judgement, Kind, fact_missing, failed, met
from calls.eligibility.parameters import bounds, or_empty, or_none, themes, whole
from calls.eligibility.rule import Message, Topic


class DurationMonths(Kind):
    """The project lasts at least and at most so many months, both included."""

    expects = {"minimum": or_none(whole(0)), "maximum": or_none(whole(1))}
    topic = Topic.PROJECT
    asks = ("duration_months",)

    @classmethod
    def check_together(cls, parameters: Mapping[str, Any]) -> list[str]:
        """At least one end, and the ends in order."""
        return bounds(parameters)

    def judge(self, facts: Facts) -> Judgement:
        """Compare in whole months."""
        months = facts.duration_months
        if months is None:
            return fact_missing("duration_months")
        least, most, seen = self.parameters["minimum"], self.parameters["maximum"], {"months": months}
        if least is not None and months < least:
            about = {"found": months, "bound": least}
            return failed(seen, Message("duration_below", about), Message("lengthen", about))
        if most is not None and months > most:
            about = {"found": months, "bound": most}
            return failed(seen, Message("duration_above", about), Message("shorten", about))
        return met(seen)


class Themes(Kind):
    """At least and at most so many of the allowed themes; others are not counted.

    ICLD asks for at least one of four core areas, IUC for one theme only. An empty list allows any theme.
    """

    expects = {"allowed": or_empty(themes), "minimum": whole(1), "maximum": or_none(whole(1))}
    topic = Topic.PROJECT
    asks = ("themes",)

    @classmethod
    def check_together(cls, parameters: Mapping[str, Any]) -> list[str]:
        """The ends of the range are in order, and the list is long enough."""
        allowed = parameters["allowed"]
        short = bool(allowed) and len(allowed) < parameters["minimum"]
        return bounds(parameters) + (["allowed:too_short"] if short else [])

    def judge(self, facts: Facts) -> Judgement:
        """A theme outside the list neither helps nor harms."""
        if not facts.themes:
            return fact_missing("themes")
        allowed, least, most = (self.parameters[key] for key in ("allowed", "minimum", "maximum"))
        seen = {"themes": sorted(facts.themes)}
        fitting = facts.themes.intersection(allowed) if allowed else facts.themes
        if len(fitting) < least:
            about = {"themes": sorted(facts.themes - fitting), "found": len(fitting), "minimum": least}
            remedy = Message("choose_theme", {"allowed": allowed, "count": least - len(fitting)})
            return failed(seen, Message("too_few_themes", about), remedy)
        if most is not None and len(fitting) > most:
            about = {"found": len(fitting), "maximum": most}
            return failed(seen, Message("too_many_themes", about), Message("remove_themes", about))
        return met(seen)
