"""Benchmark of the matching engine on synthetic cities that gave data for every criterion.

Prints ratios, which carry over from machine to machine, and the processor seconds they come from: vectorised
scoring against a plain loop over all pairs; for each size the whole run with proof and explanations against
the bare solver (one least-cost flow on the same network, in the same process), and the engine's total against
a greedy choice. Above 300 cities a side the engine starts from the best candidates of each city and proves
that nothing was missed. Takes about a minute, most of it at 10,000 cities a side.
"""

import random
import resource
import time
from collections.abc import Callable
from typing import Any

from bench._engines import a_panel
from bench._plain_scores import looped_scores
from partnerships.matching.document import from_json, to_json
from partnerships.matching.engine import run
from partnerships.matching.ground import Ground, lay_ground
from partnerships.matching.outcome import PairingResult, Status
from partnerships.matching.profiles import DEFAULT_WEIGHTS, PairingInput, Profile, Settings, Side
from partnerships.matching.reviewers_engine import assign_reviewers, verify_assignment
from partnerships.matching.scoring import score_pairs
from partnerships.matching.solver import least_cost_flow
from partnerships.matching.table import Table
from partnerships.matching.verification import verify

SIZES = (100, 500, 2_000, 10_000)
LOOPED = 300
THEMES = [f"theme {number}" for number in range(12)]
CLIMATES = ("Csa", "Cfa", "Cfb", "Dfb", "BSk", "Cwa")
# country, language, hours east of UTC, latitude and longitude of its middle
PLACES = {
    "a": [
        ("DE", "de", 1, 51, 10),
        ("PL", "pl", 1, 52, 19),
        ("ES", "es", 1, 40, -4),
        ("PT", "pt", 0, 40, -8),
        ("FI", "fi", 2, 62, 26),
    ],
    "b": [
        ("JP", "ja", 9, 36, 138),
        ("BR", "pt", -3, -15, -48),
        ("MX", "es", -6, 23, -102),
        ("IN", "en", 5.5, 22, 79),
        ("US", "en", -8, 37, -120),
    ],
}


def city(side: str, index: int, size: int, chance: random.Random) -> Profile:
    """A synthetic city: sizes as cities are (a few large ones), three or four themes, English for most,
    and wishes of every third."""
    country, language, offset, latitude, longitude = chance.choice(PLACES[side])
    spoken = {language} | ({"en"} if chance.random() < 0.7 else set())
    other = "b" if side == "a" else "a"
    return Profile(
        id=f"{side}{index}",
        name=f"City {index}",
        country=country,
        population=int(15_000 * chance.paretovariate(0.9)) % 20_000_000 + 15_000,
        languages=frozenset(spoken),
        wants=frozenset(chance.sample(THEMES, 3)),
        offers=frozenset(chance.sample(THEMES, 3)),
        challenges=frozenset(chance.sample(THEMES, 4)),
        themes=frozenset(chance.sample(THEMES, 2)),
        sdgs=frozenset(chance.sample(range(1, 18), 3)),
        climate=chance.choice(CLIMATES),
        coastal=chance.random() < 0.4,
        exposure=min(int(chance.paretovariate(1)) - 1, 40),
        latitude=latitude + chance.uniform(-4, 4),
        longitude=longitude + chance.uniform(-5, 5),
        utc_offset_hours=offset,
        wishes=tuple(f"{other}{number}" for number in chance.sample(range(size), 4))
        if index % 3 == 0
        else (),
    )


def cohort(size: int) -> PairingInput:
    """An input of `size` cities a side, always the same."""
    chance = random.Random(size)
    a, b = (Side(tuple(city(side, index, size, chance) for index in range(size))) for side in "ab")
    return PairingInput(a, b, settings=Settings(salt="bench"))


def timed(work: Callable[[], Any], times: int = 1) -> tuple[float, Any]:
    """Least processor seconds of some calls, and the result; other work on the machine does not count."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        result = work()
        spent.append(time.process_time() - start)
    return min(spent), result


def greedy_total(ground: Ground) -> int:
    """The best pair first, then the best of the rest, and so on."""
    taken_a, taken_b, total = set(), set(), 0
    candidates = ground.candidates
    for place in (-candidates.scores).argsort(kind="stable").tolist():
        a, b = int(candidates.rows[place]), int(candidates.columns[place])
        if a not in taken_a and b not in taken_b:
            taken_a.add(a)
            taken_b.add(b)
            total += int(candidates.scores[place])
    return total


def show(**figures: float) -> None:
    """One line per figure, for reading by machine."""
    for name, value in figures.items():
        print(f"BENCH matching {name}={value:.4g}", flush=True)


def scoring() -> None:
    """Vectorised scoring against the loop, at the same size and to the same integers."""
    pairing = cohort(LOOPED)
    fast, scores = timed(lambda: score_pairs(pairing.a.profiles, pairing.b.profiles, DEFAULT_WEIGHTS), 3)
    slow, plain = timed(lambda: looped_scores(pairing))
    assert scores.ravel().tolist() == plain
    show(
        **{
            f"scoring_{LOOPED}_seconds": fast,
            f"loop_{LOOPED}_seconds": slow,
            "loop_over_scoring": slow / fast,
        }
    )


def score_all(pairing: PairingInput) -> None:
    """All scores, piece by piece where they would fill the memory."""
    for _piece in Table(pairing.ordered()).pieces():
        pass


def pipeline(size: int) -> None:
    """Scoring, the whole run with proof and explanations, the bare solver, and verification, at one size."""
    pairing, times = cohort(size), 3 if size <= 2_000 else 1
    scored, _ = timed(lambda: score_all(pairing), times)
    whole, result = timed(lambda: run(pairing), times)
    checking, faults = timed(lambda: verify(pairing, result), times)
    assert (result.status, faults) == (Status.OPTIMAL, ())
    ground = lay_ground(pairing)
    costs = ground.network.score_costs()
    bare, _ = timed(lambda: least_cost_flow(ground.network, costs, size), times)
    figures = {
        "scoring_seconds": scored,
        "solver_seconds": bare,
        "run_seconds": whole,
        "verify_seconds": checking,
        "run_over_solver": whole / bare,
        "run_over_scoring_and_solver": whole / (scored + bare),
        "arcs": len(ground.network.pair_a),
    }
    if size <= 500:
        assert from_json(PairingResult, to_json(result)) == result
    if size <= 2_000:
        figures |= against_greedy(pairing, result)
    show(**{f"{figure}_at_{size}": value for figure, value in figures.items()})


def against_greedy(pairing: PairingInput, result: PairingResult) -> dict[str, float]:
    """The engine's total, with the floor raised and without, over that of a greedy choice."""
    flat = PairingInput(pairing.a, pairing.b, settings=Settings(salt="bench", raise_floor=False))
    greedy = greedy_total(lay_ground(pairing, everything=True))
    return {
        "total_over_greedy": run(flat).objective.total / greedy,
        "total_with_floor_over_greedy": result.objective.total / greedy,
    }


def reviewers() -> None:
    """2,000 applications, 200 reviewers, three reviews each: the same engine, proven the same way."""
    panel = a_panel(applications=2_000, experts=200, wanted=3)
    took, assigned = timed(lambda: assign_reviewers(panel))
    checking, faults = timed(lambda: verify_assignment(panel, assigned))
    assert faults == ()
    show(
        reviewers_2000x200x3_seconds=took,
        reviewers_verify_seconds=checking,
        reviewers_assigned=len(assigned.assigned),
    )


def main() -> None:
    scoring()
    for size in SIZES:
        pipeline(size)
    reviewers()
    show(peak_memory_gigabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)


if __name__ == "__main__":
    main()
