"""Benchmark of the matching engine on synthetic cities.

Prints ratios, which carry over from machine to machine, and the times they come from:
the engine's total against a greedy choice, vectorised scoring against a plain loop over all pairs,
and the whole run against the solver alone.
"""

import random
import time
from collections.abc import Callable
from typing import Any

from partnerships.matching.document import from_json, to_json
from partnerships.matching.engine import run
from partnerships.matching.network import Ground, lay_ground
from partnerships.matching.outcome import PairingResult
from partnerships.matching.profiles import DEFAULT_WEIGHTS, PairingInput, Profile, Settings, Side
from partnerships.matching.scoring import score_pairs
from partnerships.matching.stages import least_cost_flow
from partnerships.matching.verification import verify

THEMES = [f"theme {number}" for number in range(12)]
PLACES = {
    "a": [("DE", "de", 1), ("PL", "pl", 1), ("ES", "es", 1), ("PT", "pt", 0), ("FI", "fi", 2)],
    "b": [("JP", "ja", 9), ("BR", "pt", -3), ("MX", "es", -6), ("IN", "en", 5.5), ("US", "en", -8)],
}


def city(side: str, index: int, chance: random.Random) -> Profile:
    """A synthetic city: sizes as cities are (a few large ones), three or four themes, English for most."""
    country, language, offset = chance.choice(PLACES[side])
    spoken = {language} | ({"en"} if chance.random() < 0.7 else set())
    return Profile(
        id=f"{side}{index}",
        name=f"City {index}",
        country=country,
        population=int(15_000 * chance.paretovariate(0.9)) % 20_000_000 + 15_000,
        languages=frozenset(spoken),
        wants=frozenset(chance.sample(THEMES, 3)),
        offers=frozenset(chance.sample(THEMES, 3)),
        challenges=frozenset(chance.sample(THEMES, 4)),
        utc_offset_hours=offset,
    )


def cohort(size: int) -> PairingInput:
    """An input of `size` cities a side, always the same."""
    chance = random.Random(size)
    a, b = (Side(tuple(city(side, index, chance) for index in range(size))) for side in "ab")
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
    order = (-ground.scores).ravel().argsort(kind="stable")
    for cell in order.tolist():
        a, b = divmod(cell, ground.scores.shape[1])
        if a not in taken_a and b not in taken_b:
            taken_a.add(a)
            taken_b.add(b)
            total += int(ground.scores[a, b])
    return total


def looped_scores(pairing: PairingInput) -> list[int]:
    """All pairs one by one through plain Python, the yardstick of vectorised scoring."""
    return [plain_score(a, b) for a in pairing.a.profiles for b in pairing.b.profiles]


def plain_score(a: Profile, b: Profile) -> int:
    """A pair's score by the same formulas, for cities that gave all data and no wishes."""
    shared = 2000 * len(a.challenges & b.challenges) // (len(a.challenges) + len(b.challenges))
    forth = 1000 * len(a.wants & b.offers) // len(a.wants)
    back = 1000 * len(b.wants & a.offers) // len(b.wants)
    smaller, larger = sorted((a.population, b.population))
    spoken = (0, 800, 1000)[min(2, len(a.languages & b.languages))]
    apart = abs(a.utc_offset_hours - b.utc_offset_hours) * 60 % 1440
    hours = int(max(480 - min(apart, 1440 - apart), 0)) * 1000 // 480
    values = {
        "challenges": shared,
        "learning": (forth + back) // 2,
        "size": int((smaller * 1_000_000 // larger) ** 0.5),
        "languages": spoken,
        "time_zone": hours,
    }
    whole = 1000 * sum(DEFAULT_WEIGHTS[name] for name in values)
    gained = sum(DEFAULT_WEIGHTS[name] * value for name, value in values.items())
    return (gained * 100_000 + whole // 2) // whole


def show(**figures: float) -> None:
    """One line per figure, for reading by machine."""
    for name, value in figures.items():
        print(f"BENCH matching {name}={value:.4g}")


def scoring() -> None:
    """Vectorised scoring against the loop, at the same size."""
    pairing = cohort(500)
    fast, scores = timed(lambda: score_pairs(pairing.a.profiles, pairing.b.profiles, DEFAULT_WEIGHTS), 3)
    slow, plain = timed(lambda: looped_scores(pairing))
    assert scores.ravel().tolist() == plain
    show(scoring_500_seconds=fast, loop_500_seconds=slow, loop_over_scoring=slow / fast)


def pipeline(size: int) -> None:
    """The whole run with proof and explanations, against the bare solver, and its total against greedy."""
    pairing = cohort(size)
    whole, result = timed(lambda: run(pairing))
    ground = lay_ground(pairing)
    costs = ground.network.score_costs()
    bare, _ = timed(lambda: least_cost_flow(ground.network, costs, size), 3)
    checking, faults = timed(lambda: verify(pairing, result))
    assert faults == ()
    assert from_json(PairingResult, to_json(result)) == result
    flat = PairingInput(pairing.a, pairing.b, settings=Settings(salt="bench", raise_floor=False))
    best = run(flat).objective.total
    greedy = greedy_total(ground)
    show(
        **{
            f"run_{size}_seconds": whole,
            f"verify_{size}_seconds": checking,
            f"run_{size}_over_solver": whole / bare,
            f"engine_{size}_over_greedy_total": best / greedy,
            f"engine_{size}_with_floor_over_greedy_total": result.objective.total / greedy,
        }
    )


if __name__ == "__main__":
    scoring()
    for cities in (100, 500, 1000):
        pipeline(cities)
