"""The engine: from an input to a proven, explained result."""

from collections.abc import Callable
from importlib.metadata import version

from partnerships.matching.document import digest
from partnerships.matching.explanation import explain_pair, explain_unmatched
from partnerships.matching.network import Block, Ground, lay_ground, shortfalls
from partnerships.matching.outcome import Message, Objective, PairingResult, Status
from partnerships.matching.profiles import PairingInput
from partnerships.matching.stages import Optimum, optimise
from partnerships.matching.validation import input_faults, pin_faults

ENGINE_VERSION = "1"
"""Rises whenever the same input could give another result."""


Progress = Callable[[str, int], None]
"""Told the stage (scoring, breadth, floor, total, closeness, explaining) and how much of the run is done,
per mille. What it raises ends the run."""


def run(pairing: PairingInput, *, progress: Progress | None = None) -> PairingResult:
    """Pairs the cities of both sides optimally.

    Faults of the input and pins that cannot all hold give a result without pairs whose messages name
    the causes. Raises SolverError or NotOptimalError when the solver fails, which no input should cause.
    """
    faults = input_faults(pairing)
    if faults:
        return _refusal(pairing, Status.INVALID_INPUT, faults)
    faults = pin_faults(pairing)
    if faults:
        return _refusal(pairing, Status.INFEASIBLE_PINS, faults)
    ground = lay_ground(pairing)
    return _report(ground, optimise(ground))


def solver_version() -> str:
    """Name and version of what solved the network."""
    return f"ortools {version('ortools')}, numpy {version('numpy')}"


def _refusal(pairing: PairingInput, status: Status, faults: tuple[Message, ...]) -> PairingResult:
    return PairingResult(ENGINE_VERSION, solver_version(), digest(pairing), status, faults)


def _report(ground: Ground, optimum: Optimum) -> PairingResult:
    rows = {city: index for index, city in enumerate(ground.ids_a)}
    columns = {city: index for index, city in enumerate(ground.ids_b)}
    pinned = [(rows[pin.a], columns[pin.b]) for pin in ground.pairing.pins]
    places = [(*place, True) for place in pinned] + [(*place, False) for place in optimum.pairs]
    pairs = tuple(explain_pair(ground, *place) for place in sorted(places))
    free = [pair.score for pair in pairs if not pair.pinned]
    short = shortfalls(ground.pairing, [(pair.a, pair.b) for pair in pairs])
    return PairingResult(
        engine=ENGINE_VERSION,
        solver=solver_version(),
        input_digest=digest(ground.pairing),
        status=Status.OPTIMAL_WITH_SHORTFALLS if short else Status.OPTIMAL,
        messages=_warnings(ground),
        objective=Objective(
            pairs=len(pairs),
            shortfall=sum(row.minimum - row.reached for row in short),
            floor=min(free, default=None),
            total=sum(pair.score for pair in pairs),
        ),
        pairs=pairs,
        unmatched=explain_unmatched(ground, [(row, column) for row, column, _ in places]),
        shortfalls=short,
        statistics=_statistics(ground, optimum),
        proof=optimum.proof,
    )


def _warnings(ground: Ground) -> tuple[Message, ...]:
    """What staff should know although the run is fine."""
    known = {*ground.ids_a, *ground.ids_b}
    idle = [veto for veto in ground.pairing.vetoes if not {veto.a, veto.b} <= known]
    warnings = [Message("veto_without_effect", {"a": veto.a, "b": veto.b}) for veto in idle]
    rows = {city: index for index, city in enumerate(ground.ids_a)}
    columns = {city: index for index, city in enumerate(ground.ids_b)}
    minimum = ground.pairing.settings.minimum_score
    for pin in ground.pairing.pins:
        score = int(ground.scores[rows[pin.a], columns[pin.b]])
        if score < minimum:
            params = {"a": pin.a, "b": pin.b, "score": score, "minimum": minimum}
            warnings.append(Message("pin_below_minimum_score", params))
    return tuple(warnings)


def _statistics(ground: Ground, optimum: Optimum) -> dict[str, int]:
    blocked = {block: int((ground.blocks == block).sum()) for block in Block}
    return {
        "cities_a": len(ground.ids_a),
        "cities_b": len(ground.ids_b),
        "pairs_possible": blocked[Block.OPEN],
        "pairs_vetoed": blocked[Block.VETOED],
        "pairs_below_minimum": blocked[Block.BELOW_MINIMUM],
        "pinned": blocked[Block.PINNED],
        "exchangeable": optimum.tied,
    }
