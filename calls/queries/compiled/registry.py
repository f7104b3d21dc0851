"""Every kind of rule with its reading on the table of cities: one line each, as in the engine's registry."""

from collections.abc import Mapping

from calls.eligibility import Rule, kind_of
from calls.queries.compiled import profile, records
from calls.queries.compiled.reading import Compilation, Ground, Reading, for_whom, left_open

COMPILED: Mapping[str, Compilation] = {
    "lead_country": profile.lead_country,
    "partner_country": left_open,
    "reference_list": for_whom(profile.reference_list),
    "distinct_countries": profile.distinct_countries,
    "peer_other_country": left_open,
    "each_side": profile.each_side,
    "lead_kind": profile.lead_kind,
    "partner_kind": left_open,
    "only_with_member": profile.only_with_member,
    "kind_maximum": profile.kind_maximum,
    "partner_count": profile.partner_count,
    "partner_share": left_open,
    "population_minimum": profile.population_minimum,
    "population_maximum": for_whom(profile.population_maximum),
    "classification": for_whom(profile.classification),
    "network_member": for_whom(profile.network_member),
    "dues_paid": for_whom(profile.dues_paid),
    "existing_commitment": for_whom(profile.existing_commitment),
    "active_role": left_open,
    "applications_per_role": records.applications_per_role,
    "excluded_by_other_call": records.excluded_by_other_call,
    "previous_beneficiary": for_whom(records.previous_beneficiary),
    "awards_per_period": for_whom(records.awards_per_period),
    "amount_between": left_open,
    "cap_by_region_and_parties": left_open,
    "cap_by_experience": left_open,
    "grant_share": left_open,
    "local_contribution": left_open,
    "sub_share": left_open,
    "cost_categories": left_open,
    "duration_months": left_open,
    "extension": left_open,
    "start_date": left_open,
    "themes": left_open,
    "theme_excluded": left_open,
    "activity_count": left_open,
    "activity_window": left_open,
    "participant_counts": left_open,
    "team_composition": left_open,
    "person_rules": left_open,
    "prior_step": left_open,
    "declared": left_open,
    "document_required": left_open,
    "signed_document": left_open,
    "council_resolution": left_open,
}


def read_rule(rule: Rule, ground: Ground) -> Reading:
    """The rule as conditions on City. Hard and soft rules read alike; verdicts tell them apart."""
    return COMPILED[rule.kind](kind_of(rule).parameters, ground)
