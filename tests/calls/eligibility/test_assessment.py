"""What the findings say together."""

import json
from decimal import Decimal

import pytest

from calls.eligibility import Assessment, State, Verdict, assess, assess_lead, rule

from .samples import ALE, GHANZI, ICLD, MONTEVIDEO, PRISTINA, ROSARIO, SANTA_FE, facts

PROJECT = {
    "themes": frozenset({"participation", "youth"}),
    "amount": Decimal(850_000),
    "currency": "SEK",
    "duration_months": 24,
    "declared": {"planning_tool_completed": True},
}
ABOVE_50 = rule("population_minimum", {"inhabitants": 50_000, "combined": False}, hard=False)
MERCOCIUDADES = [
    rule("network_member", {"networks": ["mercociudades"], "who": "all"}),
    rule("distinct_countries", {"minimum": 2}),
]


@pytest.mark.parametrize("partner", [GHANZI, PRISTINA])
def test_ale_can_apply_to_icld(partner):
    assessment = assess(ICLD, facts(lead=ALE, partners=(partner,), **PROJECT))
    assert assessment.verdict is Verdict.ELIGIBLE
    assert assessment.tally == {
        State.PASS: 8,
        State.FAIL: 0,
        State.WARNING: 0,
        State.UNKNOWN: 0,
        State.WAIVED: 0,
    }


def test_rosario_cannot_lead_for_icld_and_no_partner_changes_that():
    assessment = assess(ICLD, facts(lead=ROSARIO, partners=(GHANZI,), **PROJECT))
    assert assessment.verdict is Verdict.NOT_ELIGIBLE
    assert not assessment.partner_cures


def test_a_partner_outside_the_list_can_be_replaced():
    assessment = assess(ICLD[:5], facts(lead=ALE, partners=(ROSARIO,), **PROJECT))
    assert assessment.verdict is Verdict.NOT_ELIGIBLE
    assert assessment.partner_cures


def test_before_a_partner_is_chosen_the_lead_is_already_decided():
    assessment = assess(ICLD, facts(lead=ALE))
    assert assessment.verdict is Verdict.INCOMPLETE
    assert [finding.rule.kind for finding in assessment.of_state(State.PASS)] == ["lead_country", "lead_kind"]
    assert assess_lead(ICLD, facts(lead=ALE)).verdict is Verdict.ELIGIBLE
    assert assess_lead(ICLD, facts(lead=ROSARIO)).verdict is Verdict.NOT_ELIGIBLE


def test_mercociudades_needs_two_countries():
    alone = assess(MERCOCIUDADES, facts(lead=ROSARIO, partners=(SANTA_FE,)))
    assert alone.verdict is Verdict.NOT_ELIGIBLE
    assert alone.partner_cures
    assert assess(MERCOCIUDADES, facts(lead=ROSARIO, partners=(MONTEVIDEO,))).verdict is Verdict.ELIGIBLE


def test_a_soft_rule_cautions():
    assessment = assess([ABOVE_50], facts(lead=ALE))
    assert assessment.verdict is Verdict.ELIGIBLE_WITH_CAUTION
    assert assessment.findings[0].seen["total"] == 32_000
    assert assessment.findings[0].remedy.code == "say_why"


def test_a_waiver_admits_with_its_reason():
    hard = rule("population_minimum", {"inhabitants": 50_000, "combined": False})
    assessment = assess([hard], facts(lead=ALE), waivers={0: "Admitted in round 2"})
    assert assessment.verdict is Verdict.ELIGIBLE
    assert assessment.findings[0].state is State.WAIVED
    assert assessment.findings[0].waiver == "Admitted in round 2"


def test_a_waiver_changes_nothing_where_the_rule_is_met():
    assessment = assess(ICLD[:1], facts(lead=ALE), waivers={0: "Not needed"})
    assert assessment.findings[0].state is State.PASS


def test_a_waiver_needs_a_rule():
    with pytest.raises(ValueError, match="no rule 1"):
        assess([ABOVE_50], facts(lead=ALE), waivers={1: "Lost"})


def test_no_rules_exclude_nobody():
    assert assess([], facts()).verdict is Verdict.ELIGIBLE


def test_an_assessment_survives_json():
    assessment = assess(
        [*ICLD, ABOVE_50], facts(lead=ALE, partners=(GHANZI, ROSARIO), **PROJECT), waivers={2: "Pilot"}
    )
    frozen = json.loads(json.dumps(assessment.to_dict()))
    assert frozen["verdict"] == "not_eligible"
    assert Assessment.from_dict(frozen) == assessment


def test_a_retired_kind_can_still_be_read():
    frozen = assess(ICLD[:1], facts(lead=ALE)).to_dict()
    frozen["findings"][0]["rule"]["kind"] = "retired"
    assert Assessment.from_dict(frozen).verdict is Verdict.ELIGIBLE
