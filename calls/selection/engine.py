"""The engine: from a frozen input to an explained list with its proof.

What is best, in this order: fewest places missing to the floors of quotas; then, by the optimum, the largest
sum of scores (scores are not negative, so places fill as far as quotas and money allow), or by the funding
line the order of ranks; then, among lists of the same worth, the one with the best-ranked candidates.
"""

from functools import cache
from importlib.metadata import version

from calls.selection.bound import find_prices, merit_bound, shortfall_bound
from calls.selection.enumeration import TooManyError, better_exists
from calls.selection.ground import Ground, lay_ground
from calls.selection.line import walk
from calls.selection.optimum import EFFORT, optimise
from calls.selection.outcome import Prices, Proof, ProofKind, SelectionResult
from calls.selection.profile import Method, SelectionInput
from calls.selection.report import objective_of, quotas_of, rows_of
from partnerships.matching.document import digest

ENGINE_VERSION = "1"
"""Rises whenever the same input could give another result."""


@cache  # the package is looked up on the disk
def engine_version() -> str:
    """Name and version of what made a list."""
    return f"{ENGINE_VERSION}, ortools {version('ortools')}"


def select(selection: SelectionInput) -> SelectionResult:
    """The list, explained and proven. Raises InputFault for pins that cannot all hold."""
    ground = lay_ground(selection)
    chosen, finished, prices = choose(ground)
    merit, missing = prices or (
        find_prices(ground, ground.shortfall(chosen)),
        find_prices(ground, None),
    )
    return result_of(ground, chosen, prove(ground, chosen, finished, merit, missing))


def choose(
    ground: Ground, effort: float = EFFORT
) -> tuple[tuple[int, ...], bool, tuple[Prices, Prices] | None]:
    """(positions, whether the search was finished, prices where they were needed to find them)."""
    if ground.selection.settings.method is Method.LINE or ground.nested:
        return walk(ground), True, None
    found = optimise(ground, effort)
    return found.chosen, found.finished, (found.merit, found.shortfall)


def prove(ground: Ground, chosen: tuple[int, ...], finished: bool, merit: Prices, missing: Prices) -> Proof:
    """What the prices show of a list, and how far they show it."""
    value, short = sum(ground.weights[place] for place in chosen), ground.shortfall(chosen)
    gap = merit_bound(ground, merit, short).value - value
    kind = ProofKind.PRICES
    if gap:
        kind = _kind_beyond_prices(ground, merit, short, value, finished)
    total = objective_of(ground, chosen).total
    return Proof(kind, total + gap, gap, merit, missing, short == shortfall_bound(ground, missing))


def _kind_beyond_prices(ground: Ground, merit: Prices, short: int, value: int, finished: bool) -> ProofKind:
    if ground.selection.settings.method is Method.LINE:
        return ProofKind.RULE
    try:
        proven = not better_exists(ground, merit, short, value)
    except TooManyError:
        return ProofKind.SEARCH if finished else ProofKind.OPEN
    return ProofKind.ENUMERATED if proven else ProofKind.OPEN


def result_of(ground: Ground, chosen: tuple[int, ...], proof: Proof) -> SelectionResult:
    """The list of the chosen positions, as it is kept."""
    rows = rows_of(ground, chosen)
    tied = {row.score for row in rows for note in row.notes if note.code == "tie_won"}
    return SelectionResult(
        engine=engine_version(),
        input_digest=digest(ground.selection),
        rows=rows,
        quotas=quotas_of(ground, rows),
        objective=objective_of(ground, chosen),
        proof=proof,
        ties_at_line=len(tied),
    )
