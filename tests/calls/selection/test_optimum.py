"""The list equals the best found by trying every list; its proof stands without the solver."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from calls.selection.engine import select
from calls.selection.outcome import InputFault, Outcome, ProofKind, SelectionResult
from calls.selection.profile import Method, Pin, Quota, SelectionInput, WhenShort
from calls.selection.verification import verify
from partnerships.matching.document import from_json, to_json
from tests.calls.selection.instances import (
    best_by_trying,
    candidate,
    inputs,
    quick,
    selected,
    selection,
    with_settings,
)


def solved(given: SelectionInput) -> SelectionResult:
    try:
        return select(given)
    except InputFault:
        assume(False)
        raise


@quick
@given(inputs())
def test_rank_order_within_nested_quotas_is_the_best_list(given):
    result = solved(given)
    assert selected(result) == best_by_trying(given)
    assert result.proof.kind is ProofKind.PRICES
    assert result.proof.shortfall_proven
    assert verify(given, result) == ()


@quick
@given(inputs(money=True, method=Method.OPTIMUM))
def test_the_optimum_within_a_budget_is_the_best_list(given):
    result = solved(given)
    assert selected(result) == best_by_trying(given)
    assert result.proof.kind in {ProofKind.PRICES, ProofKind.ENUMERATED}
    assert verify(given, result) == ()


@quick
@given(inputs(crossing=True, money=True, method=Method.OPTIMUM))
def test_the_optimum_under_crossing_quotas_is_the_best_list(given):
    result = solved(given)
    assert selected(result) == best_by_trying(given)
    assert verify(given, result) == ()


@quick
@given(inputs(money=True, crossing=True, method=Method.LINE))
def test_the_line_keeps_every_limit_and_says_what_it_may_cost(given):
    result = solved(given)
    assert verify(given, result) == ()
    best = select(with_settings(given, method=Method.OPTIMUM))
    if best.objective.shortfall == result.objective.shortfall:
        assert result.objective.total <= best.objective.total <= result.proof.bound


@quick
@given(inputs(money=True), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(given, random):
    result = solved(given)
    rows = list(given.candidates)
    random.shuffle(rows)
    again = select(replace(given, candidates=tuple(rows)))
    assert to_json(again) == to_json(result)


@quick
@given(inputs(money=True))
def test_an_input_and_a_result_survive_their_own_json(given):
    result = solved(given)
    assert from_json(SelectionInput, to_json(given)) == given.ordered()
    assert from_json(SelectionResult, to_json(result)) == result
    assert to_json(select(from_json(SelectionInput, to_json(given)))) == to_json(result)


@quick
@given(inputs(money=True, method=Method.OPTIMUM), st.data())
def test_a_higher_ceiling_more_places_or_more_money_never_worsens(given, data):
    before = solved(given)
    changes = [with_settings(given, budget=given.settings.budget + 3)]
    if given.settings.places is not None:
        changes.append(with_settings(given, places=given.settings.places + 1))
    for number, quota in enumerate(given.quotas):
        wider = replace(quota, ceiling=quota.ceiling + 1)
        changes.append(replace(given, quotas=(*given.quotas[:number], wider, *given.quotas[number + 1 :])))
    after = select(data.draw(st.sampled_from(changes)))
    reached = (-after.objective.shortfall, after.objective.total)
    assert reached >= (-before.objective.shortfall, before.objective.total)


@quick
@given(inputs(money=True), st.data())
def test_a_forged_list_is_caught(given, data):
    result = solved(given)
    row = data.draw(st.sampled_from(result.rows))
    turned = Outcome.REJECTED if row.outcome is Outcome.SELECTED else Outcome.SELECTED
    rows = tuple(replace(one, outcome=turned) if one is row else one for one in result.rows)
    assert verify(given, replace(result, rows=rows))
    assert verify(given, replace(result, rows=result.rows[:-1]))
    assert verify(given, replace(result, proof=replace(result.proof, bound=result.proof.bound - 1)))
    dearer = replace(result.objective, total=result.objective.total + 1)
    assert verify(given, replace(result, objective=dearer))
    assert verify(with_settings(given, salt="other"), result) == ("other_input",)


def test_a_worse_list_that_is_told_consistently_is_caught():
    """Everything about it is true but that it is the best."""
    rows = [candidate(f"A-{number}", "ES", 60 + number) for number in range(4)]
    given = selection(*rows, places=2)
    worse = select(replace(given, pins=(Pin("A-3", must=False, reason="Forged."),)))
    told = replace(worse, input_digest=select(given).input_digest)
    assert verify(given, told)


def test_the_line_stops_skips_or_gives_way_to_the_optimum():
    dear = candidate("DEAR", "ES", 80, amount=9)
    rows = [candidate("FIRST", "ES", 90, amount=4), dear, candidate("SMALL", "ES", 70, amount=3)]
    given = selection(*rows, candidate("TINY", "ES", 60, amount=3), budget=10, method=Method.LINE)
    assert selected(select(given)) == {"FIRST"}
    skipped = select(with_settings(given, when_short=WhenShort.SKIP))
    assert selected(skipped) == {"FIRST", "SMALL", "TINY"}
    assert {row.application: row.note.code for row in skipped.rows if row.note} == {"DEAR": "no_budget"}
    # with more on the two small ones than on the first, the optimum passes the first over
    swapped = selection(
        candidate("FIRST", "ES", 90, amount=10),
        candidate("SMALL", "ES", 70, amount=5),
        candidate("TINY", "ES", 60, amount=5),
        budget=10,
    )
    assert selected(select(swapped)) == {"FIRST"}
    assert selected(select(with_settings(swapped, method=Method.OPTIMUM))) == {"SMALL", "TINY"}


def test_pins_that_cannot_hold_name_the_limit():
    quota = Quota("Greece", frozenset({"GR"}), 0)
    given = selection(
        candidate("A-1", "GR", 90), quotas=(quota,), pins=(Pin("A-1", must=True, reason="Told."),)
    )
    with pytest.raises(InputFault) as refusal:
        select(given)
    assert (refusal.value.code, refusal.value.params["label"]) == ("pins_break_limit", "Greece")
