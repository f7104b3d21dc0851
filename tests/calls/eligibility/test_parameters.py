"""A rule is checked before it is saved."""

import pytest

from calls.eligibility import KINDS, Sort, UnsoundRuleError, check_parameters, kind_of, rule

CAP = {"countries": ["BW"], "parties": 2, "maximum": 500_000}

SIDE = {"side": "eu", "countries": ["PL"], "category": None, "minimum": 1}
AWARDS = {"programmes": ["icld"], "maximum": 1, "months": None, "since": None, "who": "lead"}


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
        ("grant_share", {"maximum_percent": float("nan")}, ["maximum_percent:not_a_number"]),
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
        ("distinct_countries", {"minimum": 3, "among": ["PL", "IT"]}, []),
        ("distinct_countries", {"minimum": 3, "among": []}, ["among:empty"]),
        ("declared", {"fact": "own_means", "evidence": "yes"}, ["evidence:not_a_flag"]),
        ("reference_list", {"list": "oecd_dac", "edition": "2024-25", "who": "lead"}, []),
        ("reference_list", {"list": "oecd_dac", "edition": "2020", "who": "lead"}, ["edition:not_a_choice"]),
        ("reference_list", {"list": "mine", "edition": "2020", "who": "lead"}, ["list:not_a_choice"]),
        ("classification", {"classes": ["village"], "who": "all"}, ["classes:not_a_choice"]),
        ("dues_paid", {"networks": ["uclg"], "who": "somebody"}, ["who:not_a_choice"]),
        ("each_side", {"sides": [SIDE]}, []),
        ("each_side", {"sides": [SIDE, SIDE]}, ["sides:repeated"]),
        ("each_side", {"sides": [{**SIDE, "category": "outermost_region"}]}, ["sides:one_of_two"]),
        ("each_side", {"sides": [{**SIDE, "countries": []}]}, ["sides:one_of_two"]),
        ("each_side", {"sides": []}, ["sides:empty"]),
        ("each_side", {"sides": [{"side": "eu", "countries": ["PL"], "minimum": 1}]}, []),
        ("each_side", {"sides": [{"side": "eu", "countries": ["PL"]}]}, ["sides:malformed"]),
        ("amount_between", {"maximum": 10_000, "currency": "USD"}, []),
        ("amount_between", {"currency": "USD"}, ["minimum:no_bound"]),
        ("awards_per_period", {**AWARDS, "months": 12}, []),
        ("awards_per_period", AWARDS, ["months:one_of_two"]),
        ("awards_per_period", {**AWARDS, "months": 12, "since": "2021-01-01"}, ["months:one_of_two"]),
        ("awards_per_period", {**AWARDS, "since": "1 January"}, ["since:not_a_date"]),
        ("awards_per_period", {**AWARDS, "since": "20210101"}, ["since:not_a_date"]),
        ("awards_per_period", {**AWARDS, "since": "2021-02-29"}, ["since:not_a_date"]),
        ("awards_per_period", {**AWARDS, "months": 601}, ["months:too_large"]),
        ("sub_share", {"numerator": 1, "denominator": 0}, ["denominator:too_small"]),
        ("start_date", {"earliest": "2026-09-01", "latest": "2026-08-31"}, ["earliest:above_maximum"]),
        ("start_date", {"earliest": None, "latest": None}, ["earliest:no_bound"]),
        ("activity_window", {"activity": None, "earliest": None, "latest": None}, ["earliest:no_bound"]),
        (
            "participant_counts",
            {"groups": [{"group": "women", "minimum": None, "maximum": None}]},
            ["groups:no_range"],
        ),
        (
            "team_composition",
            {"sides": 2, "roles": [{"role": "official", "minimum": 5, "maximum": 3}]},
            ["roles:no_range"],
        ),
        (
            "person_rules",
            {"roles": [], "minimum_years": None, "maximum_age": None, "languages": []},
            ["minimum_years:no_bound"],
        ),
        (
            "person_rules",
            {"roles": [], "minimum_years": None, "maximum_age": None, "languages": ["English"]},
            ["languages:malformed"],
        ),
        (
            "prior_step",
            {"step": "planning_tool", "days_before": -1, "before": "deadline"},
            ["days_before:too_small"],
        ),
        ("council_resolution", {"accepted": [], "signed_by": None}, ["accepted:empty"]),
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


def every_check():
    for kind in KINDS.values():
        for check in kind.expects.values():
            yield check
            yield from check.columns.values()


def test_every_parameter_says_what_it_holds():
    for check in every_check():
        assert isinstance(check.sort, Sort)
        assert bool(check.choices) == (check.sort in (Sort.CHOICE, Sort.CHOICES, Sort.KINDS))
        assert bool(check.columns) == (check.sort is Sort.ROWS)


@pytest.mark.parametrize("nonsense", [object(), float("nan"), {}, [[]], "\x00", -1, [None], True])
def test_no_value_breaks_a_check(nonsense):
    for check in every_check():
        assert check(nonsense) is None or isinstance(check(nonsense), str)


def test_what_was_left_out_is_filled_in():
    one = rule("each_side", {"sides": [{"side": "eu", "countries": ["PL"], "minimum": 1}]})
    assert kind_of(one).parameters["sides"] == [SIDE]
    assert kind_of(rule("amount_between", {"maximum": 9, "currency": "USD"})).parameters["minimum"] is None
    assert kind_of(rule("themes", {"minimum": 1})).parameters["allowed"] == []


def test_a_blank_parameter_may_be_left_open():
    for check in every_check():
        assert check.blank == (check(None) is None or check([]) is None)
