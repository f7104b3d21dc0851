"""What all kinds of rule have in common: checked parameters, and a judgement turned into a finding."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Any, ClassVar

from calls.eligibility.facts import CityFacts, Facts
from calls.eligibility.parameters import Check, filled
from calls.eligibility.rule import Finding, Message, Rule, State, Topic

Seen = Mapping[str, Any]


@dataclass(frozen=True)
class Judgement:
    """What a kind makes of the facts, before softness and waivers.

    `on` is the date compared with, where that is another one than the day of the assessment.
    """

    state: State
    seen: Seen
    message: Message
    remedy: Message | None = None
    partner_cures: bool = False
    on: date | None = None


class Kind:
    """A kind of rule. A new kind names its parameters, writes `judge` and gets a line in the registry.

    `asks` names the facts that `judge` looks at, in the order in which one would ask for them: fields of
    Facts or CityFacts, with the key after a colon where the field is a mapping, e.g. "declared:own_means".
    A judge looks at nothing else, so whoever has these answers can decide the rule.

    Two promises bind every `judge`: a fact that is missing never makes it fail, and once it passes or
    fails, facts that become known do not change that. A second reading of the same rules (as a
    database filter) dispatches on the kind's name and reads the same parameters.
    """

    expects: ClassVar[Mapping[str, Check]] = {}
    optional: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.parameters = filled(self.expects, rule.parameters)

    @property
    def topic(self) -> Topic:
        """The part of an application the rule belongs to."""
        raise NotImplementedError

    @property
    def asks(self) -> tuple[str, ...]:
        """The facts the rule needs."""
        raise NotImplementedError

    @property
    def lead_only(self) -> bool:
        """Whether the lead alone decides the rule; such rules answer "can this city apply as lead?"."""
        return False

    @classmethod
    def check_parameters(cls, parameters: Mapping[str, Any]) -> list[str]:
        """Problems as `parameter:problem`, e.g. `countries:empty`; an empty list when sound."""
        problems = [f"{name}:unexpected" for name in parameters if name not in cls.expects]
        for name, check in cls.expects.items():
            if name not in parameters:
                problems += [] if name in cls.optional or check.blank else [f"{name}:missing"]
            elif problem := check(parameters[name]):
                problems.append(f"{name}:{problem}")
        return problems or cls.check_together(filled(cls.expects, parameters))

    @classmethod
    def check_together(cls, parameters: Mapping[str, Any]) -> list[str]:
        """Problems between parameters that are sound one by one."""
        return []

    def judge(self, facts: Facts) -> Judgement:
        """Compare the facts with the rule."""
        raise NotImplementedError

    def assess(self, facts: Facts) -> Finding:
        """The finding of this rule; a soft rule cautions where a hard one fails."""
        judged = self.judge(facts)
        softened = judged.state is State.FAIL and not self.rule.hard
        return Finding(
            rule=self.rule,
            state=State.WARNING if softened else judged.state,
            seen=judged.seen,
            message=judged.message,
            remedy=judged.remedy,
            partner_cures=judged.partner_cures,
            lead_only=self.lead_only,
            on=judged.on or facts.on,
            topic=self.topic,
        )


def met(seen: Seen, message: Message | None = None) -> Judgement:
    """The rule is met."""
    return Judgement(State.PASS, seen, message or Message("met"))


def failed(
    seen: Seen, message: Message, remedy: Message | None = None, *, partner_cures: bool = False
) -> Judgement:
    """The rule is not met."""
    return Judgement(State.FAIL, seen, message, remedy, partner_cures)


def fact_missing(fact: str, seen: Seen | None = None) -> Judgement:
    """A fact of the project is not known yet."""
    about = {"fact": fact}
    return Judgement(State.UNKNOWN, seen or {}, Message("fact_missing", about), Message("give_fact", about))


def city_fact_missing(fact: str, cities: Sequence[CityFacts], seen: Seen) -> Judgement:
    """A fact of one or more cities is not recorded."""
    about = {"fact": fact, "cities": [city.name for city in cities]}
    return Judgement(
        State.UNKNOWN, seen, Message("city_fact_missing", about), Message("complete_profile", about)
    )


def deadline_missing(seen: Seen) -> Judgement:
    """The call has no deadline yet; nobody who applies can change that."""
    return Judgement(State.UNKNOWN, seen, Message("deadline_missing"), Message("await_deadline"))


def lead_missing() -> Judgement:
    """No city has been chosen to lead."""
    return Judgement(State.UNKNOWN, {}, Message("lead_missing"), Message("choose_lead"))


def partner_missing(remedy: Message, seen: Seen | None = None) -> Judgement:
    """No partner has been chosen, so a rule about partners cannot be decided."""
    return Judgement(State.UNKNOWN, seen or {}, Message("partner_missing"), remedy)


def each_within(
    cities: Sequence[CityFacts],
    fact: str,
    allowed: Collection[str],
    remedy: Message,
    *,
    partner_cures: bool = False,
) -> Judgement:
    """Every city's `fact` (country or kind) is one of those allowed."""
    rows = [{"name": city.name, fact: getattr(city, fact)} for city in cities]
    outside = [row for row in rows if row[fact] and row[fact] not in allowed]
    if outside:
        message = Message(f"{fact}_outside", {"cities": outside})
        return failed({"cities": rows}, message, remedy, partner_cures=partner_cures)
    if missing := [city for city in cities if not getattr(city, fact)]:
        return city_fact_missing(fact, missing, {"cities": rows})
    return met({"cities": rows})


def to_the_cent(value: Decimal, rounding: str) -> Decimal:
    """Two places, however large the number somebody typed."""
    return value.quantize(Decimal("0.01"), rounding, Context(prec=200))


def plain(value: Decimal) -> int | float:
    """A decimal as a JSON number: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)
