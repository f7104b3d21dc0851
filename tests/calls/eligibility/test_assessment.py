"""What the findings say together."""

import json
from datetime import date
from decimal import Decimal

import pytest

from calls.eligibility import Assessment, CityFacts, Facts, State, Topic, Verdict, assess, assess_lead, rule

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


def test_a_finding_carries_its_date_and_topic():
    years = rule(
        "prior_step", {"step": "training", "days_before": 28, "before": "deadline"}, version="2026-2"
    )
    known = facts(lead=ALE, prior_steps={"training": None}, call_deadline=date(2026, 12, 29))
    country, step = assess([ICLD[0], years], known).findings
    assert (country.on, country.topic) == (date(2026, 11, 22), Topic.LEAD)
    assert (step.on, step.topic, step.rule.version) == (date(2026, 12, 1), Topic.PROJECT, "2026-2")


def test_the_set_of_another_round_is_another_version():
    rounds = {
        "2020": rule("partner_country", {"countries": ["BW", "KE"]}, version="2020"),
        "2021": rule("partner_country", {"countries": ["KE"]}, version="2021"),
    }
    known = facts(lead=ALE, partners=(GHANZI,))
    states = {name: assess([each], known).findings[0] for name, each in rounds.items()}
    assert {name: (found.state, found.rule.version) for name, found in states.items()} == {
        "2020": (State.PASS, "2020"),
        "2021": (State.FAIL, "2021"),
    }


def test_who_leaves_a_reference_list_counts_up_to_the_last_day():
    dac = rule("reference_list", {"list": "oecd_dac", "edition": "2018-20", "who": "lead"})
    cook = CityFacts("Rarotonga", "CK")
    last, after = (Facts(on=day, lead=cook) for day in (date(2019, 12, 31), date(2020, 1, 1)))
    assert assess([dac], last).verdict is Verdict.ELIGIBLE
    assert assess([dac], after).verdict is Verdict.NOT_ELIGIBLE


def test_a_snapshot_from_before_dates_were_kept_can_be_read():
    frozen = assess(ICLD[:1], facts(lead=ALE)).to_dict()
    for finding in frozen["findings"]:
        del finding["on"], finding["topic"]
    assert Assessment.from_dict(frozen).findings[0].on is None


def test_a_retired_kind_can_still_be_read():
    frozen = assess(ICLD[:1], facts(lead=ALE)).to_dict()
    frozen["findings"][0]["rule"]["kind"] = "retired"
    assert Assessment.from_dict(frozen).verdict is Verdict.ELIGIBLE
