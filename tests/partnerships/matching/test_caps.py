"""Limits that cross: caps on pairs of countries and overlapping quotas, against every set of pairs."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from partnerships.matching.crossing import crosses
from partnerships.matching.document import to_json
from partnerships.matching.engine import run
from partnerships.matching.outcome import Message, PairingResult, Status
from partnerships.matching.profiles import Cap, PairingInput, Pin, Profile, Quota, Settings, Side, Veto
from partnerships.matching.stage_proof import ProofKind, StageProof, StageProofs
from partnerships.matching.verification import verify
from partnerships.matching.why_not import why_not
from tests.partnerships.matching.instances import COUNTRIES, aims_of, best_by_trying, inputs, quick, shuffled

SOLVED = {Status.OPTIMAL, Status.OPTIMAL_WITH_SHORTFALLS}


@st.composite
def crossed(draw, most: int = 3) -> PairingInput:
    """An input with a cap, and often with quotas that overlap."""
    pairing = draw(inputs(most=most))
    some = {side: st.frozensets(st.sampled_from(COUNTRIES[side]), min_size=1, max_size=2) for side in "ab"}
    caps = [
        Cap(f"cap {place}", draw(some["a"]), draw(some["b"]), draw(st.integers(0, 2)))
        for place in range(draw(st.integers(1, 2)))
    ]
    first, second, third = COUNTRIES["a"]
    overlapping = (
        Quota("left", frozenset({first, second}), draw(st.integers(1, 3)), draw(st.integers(0, 1))),
        Quota("right", frozenset({second, third}), None, draw(st.integers(0, 2))),
    )
    quotas = overlapping if draw(st.booleans()) else pairing.a.quotas
    return replace(pairing, a=replace(pairing.a, quotas=quotas), caps=tuple(caps))


def solved(pairing: PairingInput) -> PairingResult:
    result = run(pairing)
    assume(result.status in SOLVED)
    return result


@quick
@given(crossed())
def test_equals_the_best_of_all_sets_of_pairs(pairing):
    assert crosses(pairing)
    assert aims_of(solved(pairing).objective, pairing.settings) == best_by_trying(pairing)


@quick
@given(crossed(most=6))
def test_every_result_is_verified(pairing):
    result = run(pairing)
    assert result.status != Status.TIME_LIMITED
    assert verify(pairing, result) == ()


@quick
@given(crossed(most=5), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(pairing, random):
    mixed = replace(shuffled(pairing, random), caps=tuple(random.sample(pairing.caps, len(pairing.caps))))
    assert to_json(run(mixed)) == to_json(run(pairing))


@quick
@given(inputs(most=5))
def test_a_cap_that_binds_nothing_changes_no_aim(pairing):
    loose = replace(pairing, caps=(Cap("all", frozenset(COUNTRIES["a"]), frozenset(COUNTRIES["b"]), 99),))
    assert run(loose).objective == run(pairing).objective


def city(name: str, country: str, population: int) -> Profile:
    return Profile(name, name, country, population=population)


@pytest.fixture
def pairing() -> PairingInput:
    """Three cities a side that differ by size; at most one pair of Germany and Japan."""
    sizes = {"A": 100_000, "B": 400_000, "C": 1_600_000}
    return PairingInput(
        a=Side(tuple(city(name, "DE", size) for name, size in sizes.items())),
        b=Side(
            (
                city("a", "JP", 100_000),
                city("b", "JP", 400_000),
                city("c", "BR", 1_600_000),
                city("d", "BR", 6_400_000),
            )
        ),
        caps=(Cap("DE-JP", frozenset({"DE"}), frozenset({"JP"}), 1),),
        settings=Settings(weights={"size": 100_000}, salt="2026"),
    )


def codes(pairing: PairingInput, result: PairingResult) -> set[str]:
    return {message.code for message in verify(pairing, result)}


def test_a_cap_decides_who_is_left(pairing):
    result = run(pairing)
    assert [(pair.a, pair.b) for pair in result.pairs] == [("A", "a"), ("B", "c"), ("C", "d")]
    assert [(row.id, row.reason) for row in result.unmatched] == [
        ("b", Message("cap_full", {"cap": "DE-JP", "maximum": 1}))
    ]


def test_a_worse_pairing_is_rejected(pairing):
    other = run(replace(pairing, vetoes=(Veto("A", "a"),)))
    passed_off = replace(other, input_digest=run(pairing).input_digest)
    assert codes(pairing, passed_off) & {"higher_floor_possible", "better_total_possible"}
    assert codes(pairing, replace(passed_off, proof=run(pairing).proof))


def test_a_broken_cap_is_rejected(pairing):
    free = run(replace(pairing, caps=()))
    assert "cap_broken" in codes(pairing, replace(free, input_digest=run(pairing).input_digest))


@pytest.mark.parametrize(
    "stages",
    [
        None,
        StageProofs(),
        StageProofs(*(StageProof(prices=(0,) * 8),) * 3),
        StageProofs(*(StageProof(bound=3, prices=(-1,) * 8),) * 3),
        StageProofs(*(StageProof(ProofKind.SEARCH, prices=(10**30,) * 8),) * 3),
    ],
)
def test_a_useless_proof_is_rejected(pairing, stages):
    result = run(pairing)
    assert codes(pairing, replace(result, proof=replace(result.proof, stages=stages)))


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"caps": (Cap("none", frozenset(), frozenset({"JP"}), 1),)}, ("cap_without_countries", "none")),
        ({"caps": (Cap("few", frozenset({"DE"}), frozenset({"JP"}), -1),)}, ("cap_range", "few")),
        ({"pins": (Pin("A", "a"), Pin("B", "b"))}, ("pins_exceed_cap", "DE-JP")),
    ],
)
def test_caps_that_cannot_hold(pairing, change, cause):
    result = run(replace(pairing, **change))
    assert result.status in {Status.INVALID_INPUT, Status.INFEASIBLE_PINS}
    assert [(row.code, row.params["cap"]) for row in result.messages] == [cause]


def test_what_a_pair_costs_where_only_quotas_cross():
    german, polish, spanish = (
        city(name, country, 100_000) for name, country in zip("ABC", ("DE", "PL", "ES"), strict=True)
    )
    quotas = (
        Quota("north", frozenset({"DE", "PL"}), 1),
        Quota("edges", frozenset({"PL", "ES"}), 1),
    )
    pairing = PairingInput(
        a=Side((german, polish, spanish), quotas),
        b=Side((city("a", "JP", 100_000), city("b", "JP", 400_000))),
        settings=Settings(weights={"size": 100_000}, salt="2026"),
    )
    assert crosses(pairing)
    result = run(pairing)
    assert {pair.a for pair in result.pairs} == {"A", "C"}
    answer = why_not(pairing, result, "B", "a")
    pinned = run(replace(pairing, pins=(Pin("B", "a"),)))
    assert (answer.after, answer.after.pairs) == (pinned.objective, 1)
    assert answer.alone == ("A", "C", "b")
