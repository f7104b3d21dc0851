"""Giving experts to applications: what an optimum must be, tried on many small panels."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from partnerships.matching.document import from_json, to_json
from partnerships.matching.network import SOURCE
from partnerships.matching.reviewers import (
    AssigningInput,
    AssigningResult,
    AssigningSettings,
    Expert,
    Reviewed,
    Tie,
)
from partnerships.matching.reviewers_engine import assign_reviewers, verify_assignment
from partnerships.matching.reviewers_network import lay_review_ground
from partnerships.matching.solver import least_cost_flow, widest_flow
from tests.partnerships.matching.instances import quick
from tests.partnerships.matching.review_instances import best_by_trying, panels, shuffled
from tests.partnerships.matching.test_second_solver import least_cost_elsewhere


def given_to(result: AssigningResult) -> set[tuple[str, str]]:
    return {(row.application, row.expert) for row in result.assigned}


@quick
@given(panels())
def test_equals_the_best_of_all_sets_of_assignments(assigning):
    aims = assign_reviewers(assigning).aims
    floor = (aims.floor or 0) if assigning.settings.raise_floor else 0
    assert (aims.assignments, -aims.shortfall, floor, aims.value) == best_by_trying(assigning)


@quick
@given(panels(most=8))
def test_every_result_is_verified_without_the_solver(assigning):
    assert verify_assignment(assigning, assign_reviewers(assigning)) == ()


@quick
@given(panels(most=8))
def test_no_conflict_no_maximum_and_nothing_that_stands_is_touched(assigning):
    result = assign_reviewers(assigning)
    new = given_to(result)
    barred = {(tie.application, tie.expert) for tie in (*assigning.conflicts, *assigning.kept)}
    assert not new & barred
    languages = {row.id: row.language for row in assigning.applications}
    people = {row.id: row for row in assigning.experts}
    load = Counter(expert for _, expert in new)
    held = Counter(tie.expert for tie in assigning.kept)
    for application, expert in new:
        read = people[expert].languages
        assert not languages[application] or not read or languages[application] in read
        assert load[expert] + held[expert] <= people[expert].maximum


@quick
@given(panels(most=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(assigning, random):
    assert to_json(assign_reviewers(shuffled(assigning, random))) == to_json(assign_reviewers(assigning))


@quick
@given(panels(most=6), st.data())
def test_a_conflict_with_who_was_not_chosen_changes_nothing(assigning, data):
    before = assign_reviewers(assigning)
    others = [
        Tie(row.id, expert.id)
        for row in assigning.applications
        for expert in assigning.experts
        if (row.id, expert.id) not in given_to(before)
    ]
    assume(others)
    more = (*assigning.conflicts, data.draw(st.sampled_from(others)))
    after = assign_reviewers(replace(assigning, conflicts=more))
    assert given_to(after) == given_to(before)


@quick
@given(panels(most=6))
def test_assigning_again_what_was_assigned_is_a_fixed_point(assigning):
    before = assign_reviewers(assigning)
    kept = (*assigning.kept, *(Tie(row.application, row.expert) for row in before.assigned))
    assert assign_reviewers(replace(assigning, kept=kept)).assigned == ()


@quick
@given(panels(most=6))
def test_whoever_lacks_a_review_is_told_why_with_everybody_counted_once(assigning):
    result = assign_reviewers(assigning)
    got = Counter(row.application for row in result.assigned)
    held = Counter(tie.application for tie in assigning.kept)
    lacking = {
        row.id: row.wanted - got[row.id] - held[row.id]
        for row in assigning.applications
        if row.wanted > got[row.id] + held[row.id]
    }
    assert {row.application: row.lacking for row in result.unfilled} == lacking
    for row in result.unfilled:
        assert row.assigned + row.unread + row.conflicted + row.full == row.panel == len(assigning.experts)


@quick
@given(panels(most=8))
def test_a_second_solver_finds_the_same_least_cost(assigning):
    network = lay_review_ground(assigning).network
    value = int(widest_flow(network)[network.tails == SOURCE].sum())
    assume(value)
    costs = network.score_costs()
    assert least_cost_elsewhere(network, costs, value) == int(
        (least_cost_flow(network, costs, value) * costs).sum()
    )


def panel(*experts: Expert, wanted: int = 1, **more) -> AssigningInput:
    applications = (Reviewed("a", frozenset({"water"}), "ca", wanted),)
    return AssigningInput(applications, experts, **more)


def reader(key: str, **more) -> Expert:
    return Expert(key, languages=frozenset({"ca"}), maximum=2, **more)


def test_who_knows_the_theme_is_preferred():
    result = assign_reviewers(panel(reader("e1"), reader("e2", themes=frozenset({"water"}))))
    assert given_to(result) == {("a", "e2")}


def test_two_regions_are_preferred_to_one_and_one_is_better_than_none():
    two = assign_reviewers(
        panel(reader("e1", region="x"), reader("e2", region="x"), reader("e3", region="y"), wanted=2)
    )
    assert ("a", "e3") in given_to(two)
    one = assign_reviewers(panel(reader("e1", region="x"), reader("e2", region="x"), wanted=2))
    assert one.aims.assignments == 2


def test_an_unfilled_place_counts_who_reads_and_who_has_a_conflict():
    people = [
        *(reader(f"e{index}") for index in range(4)),
        Expert("e5", languages=frozenset({"en"}), maximum=2),
    ]
    conflicts = tuple(Tie("a", f"e{index}") for index in range(3))
    row = assign_reviewers(panel(*people, wanted=2, conflicts=conflicts)).unfilled[0]
    assert (row.lacking, row.panel, row.assigned, row.unread, row.conflicted, row.full) == (1, 5, 1, 1, 3, 0)


def test_loads_are_evened_out_among_equals():
    applications = tuple(Reviewed(f"a{index}", language="ca", wanted=1) for index in range(4))
    experts = tuple(Expert(f"e{index}", languages=frozenset({"ca"}), maximum=9) for index in range(4))
    load = Counter(row.expert for row in assign_reviewers(AssigningInput(applications, experts)).assigned)
    assert set(load.values()) == {1}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"experts": (reader("e1"), reader("e1"))}, "duplicate"),
        ({"experts": (Expert("e1", minimum=3, maximum=2),)}, "load_limits"),
        ({"applications": (Reviewed("a", wanted=-1),)}, "negative_wanted"),
        ({"settings": AssigningSettings(weights={"themes": 1, "language": 1})}, "weights_sum"),
        ({"settings": AssigningSettings(weights={"luck": 100_000})}, "weights_unknown"),
        ({"settings": AssigningSettings(step=-1)}, "negative_penalty"),
    ],
)
def test_a_faulty_input_is_named_and_verified_as_such(changes, code):
    faulty = replace(panel(reader("e1")), **changes)
    result = assign_reviewers(faulty)
    assert [fault.code for fault in result.faults] == [code]
    assert verify_assignment(faulty, result) == ()


def test_a_worse_result_is_not_proven():
    good = panel(reader("e1"), reader("e2", themes=frozenset({"water"})))
    other = assign_reviewers(replace(good, conflicts=(Tie("a", "e2"),)))
    forged = replace(other, input_digest=assign_reviewers(good).input_digest)
    assert verify_assignment(good, forged)


def test_input_and_result_survive_their_json():
    assigning = panel(reader("e1", region="x"), conflicts=(Tie("a", "e9"),))
    assert from_json(AssigningInput, to_json(assigning)) == assigning
    result = assign_reviewers(assigning)
    assert from_json(AssigningResult, to_json(result)) == result
