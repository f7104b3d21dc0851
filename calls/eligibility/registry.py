"""Every kind of rule by its name: one line each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from calls.eligibility.declared import Declared, DocumentRequired
from calls.eligibility.kind import Kind
from calls.eligibility.money import AmountBetween, CapByRegionAndParties, GrantShare
from calls.eligibility.parties import (
    ApplicationsPerRole,
    LeadKind,
    NetworkMember,
    PartnerCount,
    PartnerKind,
    PopulationMinimum,
)
from calls.eligibility.places import DistinctCountries, LeadCountry, PartnerCountry, PeerOtherCountry
from calls.eligibility.project import DurationMonths, Themes
from calls.eligibility.rule import Rule

KINDS: Mapping[str, type[Kind]] = {
    "lead_country": LeadCountry,
    "partner_country": PartnerCountry,
    "distinct_countries": DistinctCountries,
    "peer_other_country": PeerOtherCountry,
    "lead_kind": LeadKind,
    "partner_kind": PartnerKind,
    "partner_count": PartnerCount,
    "population_minimum": PopulationMinimum,
    "network_member": NetworkMember,
    "applications_per_role": ApplicationsPerRole,
    "amount_between": AmountBetween,
    "grant_share": GrantShare,
    "cap_by_region_and_parties": CapByRegionAndParties,
    "duration_months": DurationMonths,
    "themes": Themes,
    "declared": Declared,
    "document_required": DocumentRequired,
}


class UnsoundRuleError(ValueError):
    """A rule's kind is not known, or its parameters do not fit; `problems` lists the codes."""

    def __init__(self, kind: str, problems: list[str]) -> None:
        super().__init__(f"{kind}: {', '.join(problems)}")
        self.kind = kind
        self.problems = problems


def check_parameters(kind: str, parameters: Mapping[str, Any]) -> list[str]:
    """Problem codes of a rule about to be saved; an empty list when it is sound."""
    return KINDS[kind].check_parameters(parameters) if kind in KINDS else ["kind:unknown"]


def rule(
    kind: str,
    parameters: Mapping[str, Any],
    hard: bool = True,
    clauses: Mapping[str, str] | None = None,
    source: str = "",
    version: str = "",
) -> Rule:
    """A sound rule. Raises UnsoundRuleError otherwise."""
    if problems := check_parameters(kind, parameters):
        raise UnsoundRuleError(kind, problems)
    # Through JSON, so that a rule equals its frozen copy and shares nothing with the caller.
    return Rule(kind, json.loads(json.dumps(parameters)), hard, dict(clauses or {}), source, version)


def kind_of(rule: Rule) -> Kind:
    """The behaviour of a rule."""
    return KINDS[rule.kind](rule)


def lead_rules(rules: Iterable[Rule]) -> list[Rule]:
    """The rules the lead alone decides: enough to list who can apply as lead."""
    return [each for each in rules if kind_of(each).lead_only]
