"""Proofs of a run by integer programming: made from the solver's prices, checked without any solver."""

import numpy as np

from partnerships.matching.choice import DECIDED, Choice
from partnerships.matching.exhaustion import TooManyError, better_exists
from partnerships.matching.outcome import Message
from partnerships.matching.program import Integers, Mask, Prices, Program, bound, cut_row, honest
from partnerships.matching.search import Solved
from partnerships.matching.stage_proof import ProofKind, StageProof, StageProofs


def proof_of(program: Program, weights: Integers, solved: Solved, value: int) -> StageProof:
    """How far it is shown that nothing is worth more than `value`."""
    found = solved.relaxed
    kind = ProofKind.PRICES
    if found.bound > value:
        try:
            better = better_exists(program, weights, found.prices, value)
            kind = ProofKind.OPEN if better else ProofKind.ENUMERATED
        except TooManyError:
            kind = ProofKind.SEARCH if solved.finished else ProofKind.OPEN
    prices = found.prices
    return StageProof(
        kind=kind,
        bound=found.bound,
        gap=max(found.bound - value, 0),
        scale=prices.scale,
        prices=(*prices.rows.tolist(), *prices.cut_prices),
        cuts=prices.cuts,
    )


def proof_faults(
    choice: Choice, taken: Mask, proofs: StageProofs, *, raise_floor: bool
) -> tuple[Message, ...]:
    """The stages whose proof does not show of this choice what it claims.

    more_possible, higher_floor_possible, better_total_possible.
    """
    if not len(choice.program):
        return ()
    goal = int(choice.placing[taken].sum())
    shown = {"more_possible": _shows(choice.program, choice.placing, proofs.placed, goal)}
    if raise_floor:
        floor = int(choice.weakest[taken].min(initial=DECIDED))
        higher = choice.above(floor + 1)
        shown["higher_floor_possible"] = (
            _shows(higher.program, higher.placing, proofs.floor, goal - 1)
            if len(higher.program)
            else proofs.floor is None
        )
        kept = choice.weakest >= floor
        choice, taken = choice.among(np.flatnonzero(kept)), taken[kept]
    choice = choice.asking(choice.placing, goal)
    worth = int(choice.worth[taken].sum())
    shown["better_total_possible"] = _shows(choice.program, choice.worth, proofs.total, worth)
    return tuple(Message(code, {}) for code, holds in shown.items() if not holds)


def cut_off(proofs: StageProofs) -> bool:
    """Whether the search of some stage was not finished."""
    stages = (proofs.placed, proofs.floor, proofs.total)
    return any(stage is not None and stage.kind is ProofKind.OPEN for stage in stages)


def limits_of(proofs: StageProofs) -> list[Message]:
    """What the proof leaves open, stage by stage: it rests on the solver, or the search was cut off."""
    stages = {"placed": proofs.placed, "floor": proofs.floor, "total": proofs.total}
    return [
        Message(f"{name}_{proof.kind.value}", {"bound": proof.bound, "gap": proof.gap})
        for name, proof in stages.items()
        if proof is not None and proof.kind in (ProofKind.SEARCH, ProofKind.OPEN)
    ]


def _shows(program: Program, weights: Integers, proof: StageProof | None, value: int) -> bool:
    """Whether the proof shows that nothing is worth more than `value`, as far as it claims to."""
    if proof is None or not honest(program, proof.prices, proof.cuts, proof.scale):
        return False
    own = len(program.limits)
    prices = Prices(
        proof.scale,
        np.array(proof.prices[:own], dtype=np.int64),
        proof.cuts,
        proof.prices[own:],
        tuple(cut_row(program, cut) for cut in proof.cuts),
    )
    reached = bound(program, weights, prices)
    if (proof.bound, proof.gap) != (reached, max(reached - value, 0)):
        return False
    if proof.kind is ProofKind.PRICES:
        return proof.gap == 0
    try:
        better = better_exists(program, weights, prices, value)
    except TooManyError:
        return proof.kind in (ProofKind.SEARCH, ProofKind.OPEN)
    return proof.kind is ProofKind.OPEN if better else proof.kind is ProofKind.ENUMERATED
