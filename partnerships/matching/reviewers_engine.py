"""From an input to a proven, explained assignment; and its check without any solver."""

from collections import Counter
from collections.abc import Iterable

from partnerships.matching.certificate import breadth, breadth_bound, lower_bound
from partnerships.matching.document import digest
from partnerships.matching.engine import solver_version
from partnerships.matching.network import Network
from partnerships.matching.outcome import Message
from partnerships.matching.reviewers import (
    ENGINE_VERSION,
    Aims,
    Assigned,
    AssigningInput,
    AssigningResult,
    Unfilled,
    input_faults,
)
from partnerships.matching.reviewers_network import Bar, ReviewGround, lay_review_ground
from partnerships.matching.stages import TieBreak, optimise_network
from partnerships.matching.verification import proves


def assign_reviewers(assigning: AssigningInput) -> AssigningResult:
    """Gives experts to applications optimally.

    Faults of the input give a result without assignments that names them. Raises SolverError or
    NotOptimalError when the solver fails, which no input should cause.
    """
    faults = input_faults(assigning)
    if faults:
        return AssigningResult(ENGINE_VERSION, solver_version(), digest(assigning), faults)
    ground = lay_review_ground(assigning)
    settings = ground.assigning.settings
    ties = TieBreak(settings.salt, ground.application_ids, ground.expert_ids)
    optimum = optimise_network(ground.network, ties, raise_floor=settings.raise_floor)
    return AssigningResult(
        engine=ENGINE_VERSION,
        solver=solver_version(),
        input_digest=digest(ground.assigning),
        aims=aims_of(ground, optimum.pairs),
        assigned=tuple(
            Assigned(
                ground.application_ids[row], ground.expert_ids[column], int(ground.expertise[row, column])
            )
            for row, column in sorted(optimum.pairs)
        ),
        unfilled=_unfilled(ground, optimum.pairs),
        proof=optimum.proof,
    )


def aims_of(ground: ReviewGround, pairs: Iterable[tuple[int, int]]) -> Aims:
    """What a set of new assignments is worth, from the rows alone; the network is not asked."""
    pairs = list(pairs)
    scores = [int(ground.expertise[pair]) for pair in pairs]
    short, steps = _loads(ground, pairs)
    settings = ground.assigning.settings
    value = sum(scores) - settings.step * steps - settings.repeat * _repeats(ground, pairs)
    return Aims(len(pairs), short, min(scores, default=None), value)


def _loads(ground: ReviewGround, pairs: list[tuple[int, int]]) -> tuple[int, int]:
    """Places of minimum loads that stay empty, and the sum of n over each expert's n-th new review."""
    standing = Counter(tie.expert for tie in ground.assigning.kept)
    new = Counter(column for _, column in pairs)
    short = steps = 0
    for index, expert in enumerate(ground.assigning.experts):
        before, after = standing[expert.id], standing[expert.id] + new[index]
        # a minimum beyond what is open to the expert was never in reach
        reachable = min(expert.minimum, before + int((ground.bars[:, index] == Bar.OPEN).sum()))
        short += max(reachable - max(after, before), 0)
        steps += sum(range(before + 1, after + 1))
    return short, steps


def _repeats(ground: ReviewGround, pairs: list[tuple[int, int]]) -> int:
    """How many new reviews come from a region that their application has already."""
    regions = {row.id: row.region for row in ground.assigning.experts}
    before = {(tie.application, regions.get(tie.expert, "")) for tie in ground.assigning.kept}
    ids = ground.application_ids
    new = Counter((ids[row], ground.assigning.experts[column].region) for row, column in pairs)
    return sum(count - (key not in before) for key, count in new.items() if key[1])


def _unfilled(ground: ReviewGround, pairs: Iterable[tuple[int, int]]) -> tuple[Unfilled, ...]:
    given = Counter(row for row, _ in pairs)
    standing = Counter(tie.application for tie in ground.assigning.kept)
    found = []
    for index, row in enumerate(ground.assigning.applications):
        lacking = row.wanted - standing[row.id] - given[index]
        if lacking > 0:
            bars = ground.bars[index]
            counts = {bar: int((bars == bar).sum()) for bar in Bar}
            # whoever is open and was not given has no place left: else the flow would be larger
            full = counts[Bar.OPEN] - given[index]
            assigned = counts[Bar.KEPT] + given[index]
            barred = (counts[Bar.UNREAD], counts[Bar.CONFLICT])
            found.append(Unfilled(row.id, lacking, len(bars), assigned, *barred, full))
    return tuple(found)


def verify_assignment(assigning: AssigningInput, result: AssigningResult) -> tuple[Message, ...]:
    """Checks a result against its input, from scratch; an empty tuple means that it is proven optimal."""
    if result.input_digest != digest(assigning):
        return (Message("other_input", {}),)
    faults = input_faults(assigning)
    if faults:
        honest = result.faults == faults and not result.assigned
        return () if honest else (Message("faults_differ", {}),)
    ground = lay_review_ground(assigning)
    rows = {key: index for index, key in enumerate(ground.application_ids)}
    columns = {key: index for index, key in enumerate(ground.expert_ids)}
    if any(row.application not in rows or row.expert not in columns for row in result.assigned):
        return (Message("unknown_pair", {}),)
    pairs = [(rows[row.application], columns[row.expert]) for row in result.assigned]
    limits = _limit_faults(ground, result, pairs)
    return limits or _optimum_faults(ground, result, pairs)


def _limit_faults(
    ground: ReviewGround, result: AssigningResult, pairs: list[tuple[int, int]]
) -> tuple[Message, ...]:
    """Every pair open and given once, nobody over their load, no application over what it wants."""
    faults = []
    if len(set(pairs)) < len(pairs) or any(ground.bars[pair] != Bar.OPEN for pair in pairs):
        faults.append(Message("pair_not_allowed", {}))
    if any(row.expertise != ground.expertise[pair] for row, pair in zip(result.assigned, pairs, strict=True)):
        faults.append(Message("score_differs", {}))
    standing = Counter(tie.expert for tie in ground.assigning.kept)
    load = Counter(column for _, column in pairs)
    experts = ground.assigning.experts
    if any(count + standing[experts[column].id] > experts[column].maximum for column, count in load.items()):
        faults.append(Message("load_broken", {}))
    held = Counter(tie.application for tie in ground.assigning.kept)
    given = Counter(row for row, _ in pairs)
    wanting = ground.assigning.applications
    if any(count + held[wanting[row].id] > wanting[row].wanted for row, count in given.items()):
        faults.append(Message("wanted_broken", {}))
    return tuple(faults)


def _optimum_faults(
    ground: ReviewGround, result: AssigningResult, pairs: list[tuple[int, int]]
) -> tuple[Message, ...]:
    """The claimed aims are what the pairs give, and each stage reaches the bound of its prices."""
    aims, network = aims_of(ground, pairs), ground.network
    if result.aims != aims or result.unfilled != _unfilled(ground, pairs):
        return (Message("aims_differ", {}),)
    faults = []
    covered = int(network.capacities[network.covered].sum()) - aims.shortfall
    reached = breadth(network, aims.assignments, covered)
    proof, floor = result.proof, aims.floor
    if not proves(lambda prices: breadth_bound(network, prices) <= reached, network, proof.breadth):
        faults.append(Message("more_reviews_possible", {}))
    kept: Network = network
    if ground.assigning.settings.raise_floor and floor is not None:
        higher, kept = network.above(floor + 1), network.above(floor)
        if not proves(lambda prices: breadth_bound(higher, prices) < reached, higher, proof.floor):
            faults.append(Message("higher_floor_possible", {}))
    costs = kept.score_costs()
    cost = -covered * kept.coverage_bonus() - aims.value
    if not proves(
        lambda prices: lower_bound(kept, costs, prices, aims.assignments) >= cost, kept, proof.total
    ):
        faults.append(Message("better_value_possible", {}))
    return tuple(faults)
