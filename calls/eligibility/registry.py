"""Every kind of rule by its name: one line each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from calls.eligibility.activities import ActivityCount, ActivityWindow, ParticipantCounts
from calls.eligibility.awards import AwardsPerPeriod, ExcludedByOtherCall, PreviousBeneficiary
from calls.eligibility.budget import CostCategories, LocalContribution, SubShare
from calls.eligibility.caps import CapByExperience, CapByRegionAndParties
from calls.eligibility.composition import EachSide, KindMaximum, OnlyWithMember, PartnerShare
from calls.eligibility.declared import Declared, DocumentRequired
from calls.eligibility.kind import Kind
from calls.eligibility.money import AmountBetween, GrantShare
from calls.eligibility.papers import CouncilResolution, SignedDocument
from calls.eligibility.parties import (
    ApplicationsPerRole,
    LeadKind,
    NetworkMember,
    PartnerCount,
    PartnerKind,
    PopulationMinimum,
)
from calls.eligibility.people import PersonRules, TeamComposition
from calls.eligibility.places import DistinctCountries, LeadCountry, PartnerCountry, PeerOtherCountry
from calls.eligibility.profile import (
    ActiveRole,
    Classification,
    DuesPaid,
    ExistingCommitment,
    PopulationMaximum,
    ReferenceList,
)
from calls.eligibility.project import DurationMonths, Extension, StartDate, ThemeExcluded, Themes
from calls.eligibility.rule import Rule
from calls.eligibility.steps import PriorStep

KINDS: Mapping[str, type[Kind]] = {
    "lead_country": LeadCountry,
    "partner_country": PartnerCountry,
    "reference_list": ReferenceList,
    "distinct_countries": DistinctCountries,
    "peer_other_country": PeerOtherCountry,
    "each_side": EachSide,
    "lead_kind": LeadKind,
    "partner_kind": PartnerKind,
    "only_with_member": OnlyWithMember,
    "kind_maximum": KindMaximum,
    "partner_count": PartnerCount,
    "partner_share": PartnerShare,
    "population_minimum": PopulationMinimum,
    "population_maximum": PopulationMaximum,
    "classification": Classification,
    "network_member": NetworkMember,
    "dues_paid": DuesPaid,
    "existing_commitment": ExistingCommitment,
    "active_role": ActiveRole,
    "applications_per_role": ApplicationsPerRole,
    "excluded_by_other_call": ExcludedByOtherCall,
    "previous_beneficiary": PreviousBeneficiary,
    "awards_per_period": AwardsPerPeriod,
    "amount_between": AmountBetween,
    "cap_by_region_and_parties": CapByRegionAndParties,
    "cap_by_experience": CapByExperience,
    "grant_share": GrantShare,
    "local_contribution": LocalContribution,
    "sub_share": SubShare,
    "cost_categories": CostCategories,
    "duration_months": DurationMonths,
    "extension": Extension,
    "start_date": StartDate,
    "themes": Themes,
    "theme_excluded": ThemeExcluded,
    "activity_count": ActivityCount,
    "activity_window": ActivityWindow,
    "participant_counts": ParticipantCounts,
    "team_composition": TeamComposition,
    "person_rules": PersonRules,
    "prior_step": PriorStep,
    "declared": Declared,
    "document_required": DocumentRequired,
    "signed_document": SignedDocument,
    "council_resolution": CouncilResolution,
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
