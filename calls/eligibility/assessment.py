"""All rules of a call against the facts of one application, and what they say together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self

from calls.eligibility.facts import Facts
from calls.eligibility.registry import kind_of, lead_rules
from calls.eligibility.rule import Finding, Rule, State

FORMAT = 1  # of the frozen JSON; raised when a reader of old snapshots must tell them apart


class Verdict(StrEnum):
    """What all findings say together."""

    ELIGIBLE = "eligible"
    ELIGIBLE_WITH_CAUTION = "eligible_with_caution"
    INCOMPLETE = "incomplete"
    NOT_ELIGIBLE = "not_eligible"


@dataclass(frozen=True)
class Assessment:
    """The findings of one day, in the order of the call's rules."""

    on: date
    findings: tuple[Finding, ...]

    def of_state(self, *states: State) -> list[Finding]:
        """The findings in any of the states, in the order of the rules."""
        return [finding for finding in self.findings if finding.state in states]

    @property
    def tally(self) -> dict[State, int]:
        """How many findings are in each state; every state is named."""
        return {state: len(self.of_state(state)) for state in State}

    @property
    def verdict(self) -> Verdict:
        """One failure excludes; else one open fact keeps it open; else one caution cautions."""
        tally = self.tally
        if tally[State.FAIL]:
            return Verdict.NOT_ELIGIBLE
        if tally[State.UNKNOWN]:
            return Verdict.INCOMPLETE
        return Verdict.ELIGIBLE_WITH_CAUTION if tally[State.WARNING] else Verdict.ELIGIBLE

    @property
    def partner_cures(self) -> bool:
        """Something fails, and another choice of partners could turn every failure."""
        failures = self.of_state(State.FAIL)
        return bool(failures) and all(finding.partner_cures for finding in failures)

    def to_dict(self) -> dict[str, Any]:
        """JSON types only, for a snapshot; verdict and tally are written for readers without this code."""
        return {
            "format": FORMAT,
            "on": self.on.isoformat(),
            "verdict": self.verdict.value,
            "tally": {state.value: count for state, count in self.tally.items()},
            "findings": [finding.to_dict() for finding in self.findings],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The assessment that `to_dict` wrote."""
        findings = tuple(Finding.from_dict(finding) for finding in data["findings"])
        return cls(date.fromisoformat(data["on"]), findings)


def assess(rules: Iterable[Rule], facts: Facts, waivers: Mapping[int, str] | None = None) -> Assessment:
    """Assess every rule. `waivers` gives the reason by the rule's index, counted from 0.

    A waiver changes nothing where the rule is met. Raises ValueError for an index without a rule.
    """
    findings = [kind_of(rule).assess(facts) for rule in rules]
    for index, reason in (waivers or {}).items():
        if not 0 <= index < len(findings):
            raise ValueError(f"no rule {index} to waive")
        if findings[index].state is not State.PASS:
            findings[index] = replace(findings[index], state=State.WAIVED, waiver=reason)
    return Assessment(facts.on, tuple(findings))


def assess_lead(rules: Iterable[Rule], facts: Facts) -> Assessment:
    """Can this city apply as lead? Only the rules that look at the lead alone."""
    return assess(lead_rules(rules), facts)
