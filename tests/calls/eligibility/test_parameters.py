"""A rule is checked before it is saved."""

import pytest

from calls.eligibility import UnsoundRuleError, check_parameters, rule

CAP = {"countries": ["BW"], "parties": 2, "maximum": 500_000}


@pytest.mark.parametrize(
    ("kind", "parameters", "problems"),
    [
        ("lead_country", {"countries": ["SE"]}, []),
        ("lead_country", {}, ["countries:missing"]),
        ("lead_country", {"countries": []}, ["countries:empty"]),
        ("lead_country", {"countries": "SE"}, ["countries:not_a_list"]),
        ("lead_country", {"countries": ["Sweden"]}, ["countries:malformed"]),
        ("lead_country", {"countries": ["SE", "SE"]}, ["countries:repeated"]),
        ("lead_country", {"countries": [{}]}, ["countries:malformed"]),
        ("lead_country", {"countries": ["SE"], "country": "SE"}, ["country:unexpected"]),
        ("peer_other_country", {}, []),
        ("lead_kind", {"kinds": ["town"]}, ["kinds:not_a_choice"]),
        ("distinct_countries", {"minimum": 0}, ["minimum:too_small"]),
        ("distinct_countries", {"minimum": True}, ["minimum:not_a_whole_number"]),
        ("partner_count", {"minimum": 3, "maximum": 2}, ["minimum:above_maximum"]),
        ("population_minimum", {"inhabitants": 50_000, "combined": 1}, ["combined:not_a_flag"]),
        ("network_member", {"networks": ["Mercociudades"], "who": "lead"}, ["networks:malformed"]),
        ("network_member", {"networks": ["uclg"], "who": "any"}, ["who:not_a_choice"]),
        ("amount_between", {"minimum": None, "maximum": None, "currency": "USD"}, ["minimum:no_bound"]),
        ("amount_between", {"minimum": 1, "maximum": "9", "currency": "USD"}, ["maximum:not_a_number"]),
        ("amount_between", {"minimum": 1, "maximum": 2, "currency": "usd"}, ["currency:malformed"]),
        ("grant_share", {"maximum_percent": 101}, ["maximum_percent:too_large"]),
        ("themes", {"allowed": ["waste"], "minimum": 2, "maximum": None}, ["allowed:too_short"]),
        ("cap_by_region_and_parties", {"currency": "SEK", "caps": [CAP]}, []),
        ("cap_by_region_and_parties", {"currency": "SEK", "caps": [CAP, CAP]}, ["caps:repeated"]),
        ("cap_by_region_and_parties", {"currency": "SEK", "caps": [{}]}, ["caps:malformed"]),
        (
            "cap_by_region_and_parties",
            {"currency": "SEK", "caps": [{**CAP, "maximum": -1}]},
            ["caps:too_small"],
        ),
        ("wishful_thinking", {}, ["kind:unknown"]),
    ],
)
def test_check_parameters(kind, parameters, problems):
    assert check_parameters(kind, parameters) == problems


def test_an_unsound_rule_is_refused():
    with pytest.raises(UnsoundRuleError, match="lead_country: countries:missing") as refusal:
        rule("lead_country", {})
    assert refusal.value.problems == ["countries:missing"]


def test_a_rule_shares_nothing_with_its_caller():
    parameters = {"countries": ["SE"]}
    made = rule("lead_country", parameters)
    parameters["countries"].append("AR")
    assert made.parameters == {"countries": ["SE"]}
