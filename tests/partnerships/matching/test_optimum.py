"""What an optimum must be, tried on many small inputs."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from partnerships.matching.document import to_json
from partnerships.matching.engine import run
from partnerships.matching.outcome import PairingResult, Status
from partnerships.matching.profiles import Kept, PairingInput, Pin, Side, Veto
from partnerships.matching.verification import verify
from tests.partnerships.matching.instances import aims_of, best_by_trying, inputs, quick, shuffled

SOLVED = {Status.OPTIMAL, Status.OPTIMAL_WITH_SHORTFALLS}


def solved(pairing: PairingInput) -> PairingResult:
    result = run(pairing)
    assume(result.status in SOLVED)
    return result


def aims(pairing: PairingInput, result: PairingResult) -> tuple[int, int, int, int, int]:
    return aims_of(result.objective, pairing.settings)


@quick
@given(inputs())
def test_equals_the_best_of_all_sets_of_pairs(pairing):
    assert aims(pairing, solved(pairing)) == best_by_trying(pairing)


@quick
@given(inputs(most=8))
def test_every_result_is_verified(pairing):
    assert verify(pairing, run(pairing)) == ()


@quick
@given(inputs(most=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(pairing, random):
    assert to_json(run(shuffled(pairing, random))) == to_json(run(pairing))


@quick
@given(inputs(most=6), st.data())
def test_a_veto_on_a_pair_not_chosen_changes_no_pair(pairing, data):
    before = solved(pairing)
    chosen = {(pair.a, pair.b) for pair in before.pairs}
    others = [
        (a.id, b.id) for a in pairing.a.profiles for b in pairing.b.profiles if (a.id, b.id) not in chosen
    ]
    assume(others)
    after = run(replace(pairing, vetoes=(*pairing.vetoes, Veto(*data.draw(st.sampled_from(others))))))
    assert after.objective == before.objective
    assert {(pair.a, pair.b) for pair in after.pairs} == chosen


@quick
@given(inputs(most=6), st.data())
def test_a_larger_quota_or_capacity_is_never_worse(pairing, data):
    before = solved(pairing)
    profiles, quotas = list(pairing.a.profiles), list(pairing.a.quotas)
    limited = [index for index, quota in enumerate(quotas) if quota.maximum is not None]
    if limited and data.draw(st.booleans()):
        index = data.draw(st.sampled_from(limited))
        quotas[index] = replace(quotas[index], maximum=quotas[index].maximum + 1)
    else:
        assume(profiles)
        index = data.draw(st.integers(0, len(profiles) - 1))
        profiles[index] = replace(profiles[index], capacity=profiles[index].capacity + 1)
    most = data.draw(st.sampled_from([pairing.a.most_per_country, None]))
    roomier = Side(tuple(profiles), tuple(quotas), most)
    after = run(replace(pairing, a=roomier))
    assert aims(pairing, after) >= aims(pairing, before)


@quick
@given(inputs(most=6))
def test_every_city_is_paired_or_told_why(pairing):
    result = solved(pairing)
    paired = {pair.a for pair in result.pairs} | {pair.b for pair in result.pairs}
    told = {row.id for row in result.unmatched}
    everyone = {profile.id for profile in (*pairing.a.profiles, *pairing.b.profiles)}
    assert paired | told == everyone
    assert not paired & told


@quick
@given(inputs(most=8))
def test_competitors_are_one_more_than_the_places(pairing):
    """Hall's theorem: where every city takes one partner, the city that went without is the one too many."""
    a, b = (
        Side(tuple(replace(profile, capacity=1) for profile in side.profiles))
        for side in (pairing.a, pairing.b)
    )
    for row in solved(replace(pairing, a=a, b=b)).unmatched:
        if row.reason.code == "competition":
            assert row.reason.params["city_count"] == row.reason.params["place_count"] + 1


@quick
@given(inputs(most=6))
def test_pairing_again_what_was_paired_is_a_fixed_point(pairing):
    before = solved(pairing)
    after = run(replace(pairing, pins=tuple(Pin(pair.a, pair.b) for pair in before.pairs)))
    assert [(pair.a, pair.b, pair.score) for pair in after.pairs] == [
        (pair.a, pair.b, pair.score) for pair in before.pairs
    ]


@quick
@given(inputs(most=6), st.sampled_from(["", "salt", "pepper"]))
def test_a_run_after_a_run_moves_nobody(pairing, salt):
    before = solved(pairing)
    again = replace(
        pairing,
        previous=tuple(Kept(pair.a, pair.b) for pair in before.pairs),
        settings=replace(pairing.settings, salt=salt),
    )
    after = run(again)
    assert {(pair.a, pair.b) for pair in after.pairs} == {(pair.a, pair.b) for pair in before.pairs}
    assert after.objective.kept == len(after.pairs)


@quick
@given(inputs(most=6))
def test_a_bonus_for_kept_pairs_never_keeps_fewer(pairing):
    flat = replace(pairing, settings=replace(pairing.settings, keep_bonus=0))
    bonus = replace(pairing, settings=replace(pairing.settings, keep_bonus=5_000))
    assert run(bonus).objective.kept >= solved(flat).objective.kept
