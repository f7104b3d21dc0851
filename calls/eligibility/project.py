"""Rules about the project itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calls.eligibility.facts import Facts
from calls.eligibility.kind import Judgement, Kind, fact_missing, failed, met
from calls.eligibility.parameters import a_date, bounds, day, flag, months, or_empty, or_none, themes, whole
from calls.eligibility.rule import Message, State, Topic


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


class ThemeExcluded(Kind):
    """None of these themes (a call that leaves out what another programme funds)."""

    expects = {"excluded": themes}
    topic = Topic.PROJECT
    asks = ("themes",)

    def judge(self, facts: Facts) -> Judgement:
        """Open until a theme is chosen."""
        if not facts.themes:
            return fact_missing("themes")
        seen = {"themes": sorted(facts.themes)}
        about = {"themes": sorted(facts.themes.intersection(self.parameters["excluded"]))}
        if not about["themes"]:
            return met(seen)
        return failed(seen, Message("theme_excluded", about), Message("drop_themes", about))


class StartDate(Kind):
    """The project starts between two days, both included."""

    expects = {"earliest": or_none(a_date), "latest": or_none(a_date)}
    topic = Topic.PROJECT
    asks = ("starts_on",)

    @classmethod
    def check_together(cls, parameters: Mapping[str, Any]) -> list[str]:
        """At least one end, and the ends in order."""
        return bounds(parameters, "earliest", "latest")

    def judge(self, facts: Facts) -> Judgement:
        """The date held against is the bound that is crossed."""
        if facts.starts_on is None:
            return fact_missing("starts_on")
        first, last = day(self.parameters["earliest"]), day(self.parameters["latest"])
        seen = {"starts_on": facts.starts_on.isoformat()}
        if first and facts.starts_on < first:
            about = {**seen, "bound": first.isoformat()}
            early, later = Message("starts_too_early", about), Message("start_later", about)
            return Judgement(State.FAIL, seen, early, later, on=first)
        if last and facts.starts_on > last:
            about = {**seen, "bound": last.isoformat()}
            late, earlier = Message("starts_too_late", about), Message("start_earlier", about)
            return Judgement(State.FAIL, seen, late, earlier, on=last)
        return met(seen)


class Extension(Kind):
    """A project may be extended by so many months, where asked with a justification.

    Mercociudades: twelve months, extendable by six.
    """

    expects = {"maximum": months, "justified": flag}
    topic = Topic.PROJECT

    @property
    def asks(self) -> tuple[str, ...]:
        """The months asked for, and why."""
        return ("extension_months", *(("evidence:extension",) if self.parameters["justified"] else ()))

    def judge(self, facts: Facts) -> Judgement:
        """No extension needs no justification."""
        asked, most = facts.extension_months, self.parameters["maximum"]
        if asked is None:
            return fact_missing("extension_months")
        why = facts.evidence.get("extension", "")
        seen = {"months": asked}
        if asked > most:
            about = {"found": asked, "bound": most}
            return failed(seen, Message("extension_above", about), Message("shorten_extension", about))
        if asked and self.parameters["justified"] and not why:
            return Judgement(
                State.UNKNOWN, seen, Message("extension_unjustified"), Message("justify_extension")
            )
        return met({**seen, "evidence": why} if why else seen)
