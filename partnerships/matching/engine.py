"""The engine: from an input to a proven, explained result."""

from collections.abc import Callable
from functools import cache
from importlib.metadata import version

from partnerships.matching.crossing import crosses
from partnerships.matching.document import digest
from partnerships.matching.explanation import explain_pairs, explain_unmatched
from partnerships.matching.ground import Ground, lay_ground
from partnerships.matching.network import shortfalls
from partnerships.matching.objective import Chosen, objective_of
from partnerships.matching.outcome import Message, PairingResult, ProposedPair, Status
from partnerships.matching.profiles import PairingInput
from partnerships.matching.programming import capped, crossing_messages, crossing_status, run_crossing
from partnerships.matching.stages import Optimum, optimise
from partnerships.matching.table import Block, Tell, say_nothing
from partnerships.matching.validation import input_faults, pin_faults

ENGINE_VERSION = "2"
"""Rises whenever the same input could give another result."""

EXPLAINED_AT_A_TIME = 500

Progress = Callable[[str, int], None]
"""Told the stage (scoring, breadth, floor, total, closeness, explaining) and how much of the run is done,
per mille. What it raises ends the run."""


def run(pairing: PairingInput, *, progress: Progress | None = None) -> PairingResult:
    """Pairs the cities of both sides optimally.

    Faults of the input and pins that cannot all hold give a result without pairs whose messages name
    the causes. Raises SolverError or NotOptimalError when the solver fails, which no input should cause.
    """
    tell = progress or say_nothing
    tell("scoring", 0)
    faults = input_faults(pairing)
    if faults:
        return _refusal(pairing, Status.INVALID_INPUT, faults)
    faults = pin_faults(pairing)
    if faults:
        return _refusal(pairing, Status.INFEASIBLE_PINS, faults)
    crossing = crosses(pairing)
    ground = lay_ground(pairing, everything=crossing, tell=tell)
    solve = run_crossing if crossing else optimise
    return _report(ground, solve(ground, tell=tell), tell)


@cache  # the packages are looked up on the disk
def solver_version() -> str:
    """Name and version of what solved the network."""
    return f"ortools {version('ortools')}, numpy {version('numpy')}"


def _refusal(pairing: PairingInput, status: Status, faults: tuple[Message, ...]) -> PairingResult:
    return PairingResult(ENGINE_VERSION, solver_version(), digest(pairing), status, faults)


def _report(ground: Ground, optimum: Optimum, tell: Tell) -> PairingResult:
    pinned = [(*place, True) for place in ground.table.pinned.tolist()]
    places = sorted([*pinned, *((*place, False) for place in optimum.pairs)])
    taken = [(row, column) for row, column, _ in places]
    pairs = _explained(ground, places, tell)
    short = shortfalls(ground.pairing, [(pair.a, pair.b) for pair in pairs])
    status = Status.OPTIMAL_WITH_SHORTFALLS if short else Status.OPTIMAL
    chosen = [Chosen(pair.a, pair.b, pair.score, pair.pinned) for pair in pairs]
    return PairingResult(
        engine=ENGINE_VERSION,
        solver=solver_version(),
        input_digest=digest(ground.pairing),
        status=crossing_status(ground, optimum.proof, status),
        messages=(*_warnings(ground, pairs), *crossing_messages(ground, optimum.proof)),
        objective=objective_of(ground.pairing, chosen),
        pairs=pairs,
        unmatched=capped(ground, taken, explain_unmatched(ground, taken)),
        shortfalls=short,
        statistics=_statistics(ground, optimum),
        proof=optimum.proof,
    )


def _explained(ground: Ground, places: list[tuple[int, int, bool]], tell: Tell) -> tuple[ProposedPair, ...]:
    pairs: list[ProposedPair] = []
    for start in range(0, len(places), EXPLAINED_AT_A_TIME):
        tell("explaining", 850 + 100 * start // len(places))
        pairs += explain_pairs(ground, places[start : start + EXPLAINED_AT_A_TIME])
    return tuple(pairs)


def _warnings(ground: Ground, pairs: tuple[ProposedPair, ...]) -> tuple[Message, ...]:
    """What staff should know although the run is fine."""
    known = {*ground.ids_a, *ground.ids_b}
    idle = [veto for veto in ground.pairing.vetoes if not {veto.a, veto.b} <= known]
    warnings = [Message("veto_without_effect", {"a": veto.a, "b": veto.b}) for veto in idle]
    tally = ground.candidates.tally
    if not tally[Block.OPEN] and not tally[Block.PINNED]:
        ruled_out = {"below_minimum": tally[Block.BELOW_MINIMUM], "vetoed": tally[Block.VETOED]}
        warnings.append(Message("no_pair_possible", ruled_out))
    minimum = ground.pairing.settings.minimum_score
    for pair in pairs:
        if pair.pinned and pair.score < minimum:
            params = {"a": pair.a, "b": pair.b, "score": pair.score, "minimum": minimum}
            warnings.append(Message("pin_below_minimum_score", params))
    return tuple(warnings)


def _statistics(ground: Ground, optimum: Optimum) -> dict[str, int]:
    tally = ground.candidates.tally
    return {
        "cities_a": ground.table.shape[0],
        "cities_b": ground.table.shape[1],
        "pairs_possible": tally[Block.OPEN],
        "pairs_vetoed": tally[Block.VETOED],
        "pairs_below_minimum": tally[Block.BELOW_MINIMUM],
        "pinned": tally[Block.PINNED],
        "exchangeable": optimum.tied,
    }
