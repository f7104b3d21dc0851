"""Checks a list against its input without any solver."""

from dataclasses import replace

from calls.selection.bound import honest, merit_bound, shortfall_bound
from calls.selection.engine import result_of
from calls.selection.enumeration import TooManyError, better_exists
from calls.selection.ground import Ground, lay_ground
from calls.selection.line import walk
from calls.selection.outcome import InputFault, Outcome, ProofKind, SelectionResult
from calls.selection.profile import Method, SelectionInput
from partnerships.matching.document import digest


def verify(selection: SelectionInput, result: SelectionResult) -> tuple[str, ...]:
    """The faults of a list as codes; none means that it is what its proof says.

    Limits are checked, rows computed anew from who is selected, the bound from the prices. What rests on the
    solver alone (`ProofKind.SEARCH`) is checked to permit every row and to lie within the gap, no more.
    """
    if result.input_digest != digest(selection):
        return ("other_input",)
    try:
        ground = lay_ground(selection)
    except InputFault as fault:
        return (fault.code,)
    chosen, faults = _chosen(ground, result)
    if faults:
        return faults
    faults = tuple(f"broken_{limit.code}" for limit in ground.broken(chosen))
    expected = replace(result_of(ground, chosen, result.proof), engine=result.engine)
    if expected != result:
        faults = (*faults, "rows_differ")
    return faults or _proof_faults(ground, chosen, result)


def _chosen(ground: Ground, result: SelectionResult) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The free positions that the list selects."""
    place = {row.id: number for number, row in enumerate(ground.free)}
    published = {pin.id for pin in ground.selection.pins if pin.published}
    pinned = {row.id for row in ground.pinned} - published
    selected = [row.application for row in result.rows if row.outcome is Outcome.SELECTED]
    if not pinned <= set(selected):
        return (), ("pin_missing",)
    free = [reference for reference in selected if reference not in pinned]
    if len(set(free)) != len(free) or not set(free) <= set(place):
        return (), ("not_selectable",)
    return tuple(sorted(place[reference] for reference in free)), ()


def _proof_faults(ground: Ground, chosen: tuple[int, ...], result: SelectionResult) -> tuple[str, ...]:
    proof, short = result.proof, ground.shortfall(chosen)
    if not (honest(ground, proof.merit) and honest(ground, proof.shortfall)):
        return ("prices_wrong",)
    value = sum(ground.weights[place] for place in chosen)
    gap = merit_bound(ground, proof.merit, short).value - value
    if (proof.gap, proof.bound) != (gap, result.objective.total + gap):
        return ("bound_differs",)
    if proof.shortfall_proven != (shortfall_bound(ground, proof.shortfall) == short):
        return ("shortfall_differs",)
    if ground.selection.settings.method is Method.LINE and chosen != walk(ground):
        return ("not_the_line",)
    return () if _as_claimed(ground, result, short, value) else ("not_proven",)


def _as_claimed(ground: Ground, result: SelectionResult, short: int, value: int) -> bool:
    """A proof by prices has no gap; one by enumeration is enumerated again; a rule needs its method."""
    kind = result.proof.kind
    if kind is ProofKind.PRICES:
        return result.proof.gap == 0
    if kind is ProofKind.RULE:
        return ground.selection.settings.method is Method.LINE
    try:
        better = better_exists(ground, result.proof.merit, short, value)
    except TooManyError:
        return kind in (ProofKind.SEARCH, ProofKind.OPEN)
    return kind is ProofKind.OPEN if better else kind is ProofKind.ENUMERATED
