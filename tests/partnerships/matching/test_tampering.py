"""A result that was changed, or that is not the best, does not pass verification."""

from dataclasses import replace

import pytest

from partnerships.matching.engine import run
from partnerships.matching.profiles import Kept, PairingInput, Pin, Profile, Quota, Settings, Side, Veto
from partnerships.matching.verification import verify

EU = Quota("EU", frozenset({"DE"}), 4)


def city(name: str, country: str, population: int, **more) -> Profile:
    return Profile(id=name, name=name, country=country, population=population, **more)


@pytest.fixture
def pairing() -> PairingInput:
    """Four cities a side that differ by size only: the best pairs are Aa, Bb, Cc and Dd."""
    sizes = {"A": 100_000, "B": 400_000, "C": 1_600_000, "D": 6_400_000}
    return PairingInput(
        a=Side(
            tuple(city(name, "DE", size) for name, size in sizes.items()),
            (Quota("EU", frozenset({"DE"}), 4),),
        ),
        b=Side(tuple(city(name.lower(), "JP", size) for name, size in sizes.items())),
        settings=Settings(weights={"size": 100_000}, salt="2026"),
    )


def codes(pairing, result) -> set[str]:
    return {message.code for message in verify(pairing, result)}


def exchanged(pairing: PairingInput):
    """The result of a run that was forced to pair A with b and B with a, passed off as a free one."""
    other = run(replace(pairing, vetoes=(Veto("A", "a"),)))
    honest = run(pairing)
    return replace(other, input_digest=honest.input_digest)


def test_the_honest_result_passes(pairing):
    result = run(pairing)
    assert [(pair.a, pair.b) for pair in result.pairs] == [("A", "a"), ("B", "b"), ("C", "c"), ("D", "d")]
    assert verify(pairing, result) == ()


def test_a_worse_pairing_is_rejected(pairing):
    assert {"higher_floor_possible", "better_total_possible"} <= codes(pairing, exchanged(pairing))


def test_a_worse_pairing_is_rejected_without_a_floor(pairing):
    flat = replace(pairing, settings=replace(pairing.settings, raise_floor=False))
    assert codes(flat, exchanged(flat)) == {"better_total_possible"}


def test_the_proof_of_another_result_does_not_help(pairing):
    assert codes(pairing, replace(exchanged(pairing), proof=run(pairing).proof))


def test_a_missing_pair_is_rejected(pairing):
    result = run(pairing)
    fewer = replace(
        result,
        pairs=result.pairs[1:],
        objective=replace(result.objective, pairs=3, total=result.objective.total - result.pairs[0].score),
    )
    assert "more_pairs_possible" in codes(pairing, fewer)


def test_a_changed_score_is_rejected(pairing):
    result = run(pairing)
    better = replace(result.pairs[0], score=result.pairs[0].score - 1)
    assert codes(pairing, replace(result, pairs=(better, *result.pairs[1:]))) == {"score_differs"}


def test_a_changed_objective_is_rejected(pairing):
    result = run(pairing)
    assert codes(pairing, replace(result, objective=replace(result.objective, total=1))) == {
        "objective_differs"
    }


def test_a_pair_taken_twice_is_rejected(pairing):
    result = run(pairing)
    twice = replace(result, pairs=(*result.pairs, result.pairs[0]))
    assert {"pairs_repeated_or_pins_missing", "capacity_broken", "quota_broken"} <= codes(pairing, twice)


def test_a_vetoed_pair_is_rejected(pairing):
    vetoed = replace(pairing, vetoes=(Veto("A", "a"),))
    passed_off = replace(run(pairing), input_digest=run(vetoed).input_digest)
    assert codes(vetoed, passed_off) == {"pair_not_allowed"}


def test_a_dropped_pin_is_rejected(pairing):
    pinned = replace(pairing, pins=(Pin("A", "d"),))
    passed_off = replace(run(pairing), input_digest=run(pinned).input_digest)
    assert "pairs_repeated_or_pins_missing" in codes(pinned, passed_off)


@pytest.mark.parametrize("prices", [(), (0,) * 10, (10**30,) * 11, (0, *(2**62, -(2**62)) * 5)])
def test_a_useless_proof_is_rejected(pairing, prices):
    result = run(pairing)
    proof = replace(result.proof, breadth=prices, floor=prices, total=prices)
    assert len(codes(pairing, replace(result, proof=proof))) == 3


def test_the_result_of_another_input_is_rejected(pairing):
    other = replace(pairing, settings=replace(pairing.settings, salt="2027"))
    assert codes(other, run(pairing)) == {"other_input"}


def test_a_pretended_refusal_is_rejected(pairing):
    impossible = replace(pairing, pins=(Pin("A", "a"), Pin("A", "b")))
    refused = replace(run(impossible), input_digest=run(pairing).input_digest)
    assert codes(pairing, refused)
    assert verify(impossible, run(impossible)) == ()


@pytest.fixture
def equal_pairs() -> PairingInput:
    """Two equal cities a side: both ways of pairing them are optimal; Ab and Ba were paired before."""
    return PairingInput(
        a=Side((city("A", "DE", 100_000), city("B", "DE", 100_000))),
        b=Side((city("a", "JP", 100_000), city("b", "JP", 100_000))),
        settings=Settings(weights={"size": 100_000}),
        previous=(Kept("A", "b"), Kept("B", "a")),
    )


def test_a_result_that_moves_cities_for_nothing_is_rejected(equal_pairs):
    honest = run(equal_pairs)
    assert [(pair.a, pair.b) for pair in honest.pairs] == [("A", "b"), ("B", "a")]
    assert (honest.objective.kept, codes(equal_pairs, honest)) == (2, set())
    moved = run(replace(equal_pairs, previous=(Kept("A", "a"), Kept("B", "b"))))
    passed_off = replace(moved, input_digest=honest.input_digest)
    assert codes(equal_pairs, passed_off) == {"objective_differs"}
    admitted = replace(passed_off, objective=replace(moved.objective, kept=0))
    assert codes(equal_pairs, admitted) == {"closer_result_possible"}
    borrowed = replace(admitted, proof=replace(admitted.proof, closeness=honest.proof.closeness))
    assert codes(equal_pairs, borrowed) == {"closer_result_possible"}


@pytest.mark.parametrize("prices", [(), (0,) * 5, (10**30,) * 6, (2**61, -(2**61)) * 3])
def test_useless_prices_prove_no_closeness(equal_pairs, prices):
    result = run(equal_pairs)
    proof = replace(result.proof, closeness=prices)
    assert codes(equal_pairs, replace(result, proof=proof)) == {"closer_result_possible"}


def test_more_partners_from_a_country_than_allowed_are_rejected(pairing):
    twice = replace(
        pairing, a=replace(pairing.a, profiles=(replace(pairing.a.profiles[0], capacity=2),)), pins=()
    )
    capped = replace(twice, a=replace(twice.a, most_per_country=1))
    assert len(run(twice).pairs) == 2
    assert len(run(capped).pairs) == 1
    passed_off = replace(run(twice), input_digest=run(capped).input_digest)
    assert "country_cap_broken" in codes(capped, passed_off)
