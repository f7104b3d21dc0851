"""Random small inputs, and the optimum found by trying every set of pairs."""

import itertools
from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from partnerships.matching.ground import lay_ground
from partnerships.matching.network import shortfalls
from partnerships.matching.outcome import Objective
from partnerships.matching.profiles import Kept, PairingInput, Pin, Profile, Quota, Settings, Side, Veto
from partnerships.matching.table import Block
from tests.quick import THOROUGH

quick = settings(max_examples=1000 if THOROUGH else 20, deadline=None, derandomize=not THOROUGH)

THEMES = ("culture", "water", "waste", "mobility")
COUNTRIES = {"a": ("DE", "PL", "ES"), "b": ("JP", "BR", "CA")}

# Made once: Hypothesis looks through each strategy that it has not met.
themes = st.frozensets(st.sampled_from(THEMES), max_size=3)
countries = {side: st.sampled_from(codes) for side, codes in COUNTRIES.items()}
populations = st.sampled_from([None, 50_000, 200_000, 1_000_000])
languages = st.frozensets(st.sampled_from(["en", "es", "pt"]), max_size=2)
offsets = st.sampled_from([None, -3.0, 1.0, 5.5, 9.0])
capacities = st.integers(0, 2)
wishes = {
    side: st.lists(st.sampled_from([f"{side}{place}" for place in range(4)]), unique=True, max_size=2)
    for side in COUNTRIES
}
groups = st.lists(st.sampled_from(["inner", "outer", "single"]), unique=True, max_size=3)
yes_or_no = st.booleans()
most_of_one_country = st.sampled_from([None, None, 1])
least_scores = st.sampled_from([0, 0, 30_000, 60_000])
salts = st.sampled_from(["", "salt"])
bonuses = st.sampled_from([0, 0, 2_000])


@cache
@st.composite
def profiles(draw, side: str, other: str, index: int) -> Profile:
    """One city; few different values, so that ties and missing data are frequent."""
    return Profile(
        id=f"{side}{index}",
        name=f"City {side}{index}",
        country=draw(countries[side]),
        population=draw(populations),
        languages=draw(languages),
        wants=draw(themes),
        offers=draw(themes),
        challenges=draw(themes),
        utc_offset_hours=draw(offsets),
        capacity=draw(capacities),
        wishes=tuple(draw(wishes[other])),
    )


@cache
@st.composite
def sides(draw, side: str, other: str, most: int) -> Side:
    count = draw(st.integers(0, most))
    quotas = []
    if draw(yes_or_no):
        first, second, third = COUNTRIES[side]
        members = {"outer": {first, second, third}, "inner": {first, second}, "single": {third}}
        for label in draw(groups):
            minimum = draw(capacities)
            maximum = draw(st.one_of(st.none(), st.integers(minimum, 4)))
            quotas.append(Quota(label, frozenset(members[label]), maximum, minimum))
    rows = tuple(draw(profiles(side, other, index)) for index in range(count))
    return Side(rows, tuple(quotas), draw(most_of_one_country))


@st.composite
def inputs(draw, most: int = 3, pins: bool = True) -> PairingInput:
    """An input of at most `most` cities a side; its pins may contradict each other."""
    a, b = draw(sides("a", "b", most)), draw(sides("b", "a", most))
    every = [(row.id, column.id) for row in a.profiles for column in b.profiles]
    some = st.lists(st.sampled_from(every), unique=True, max_size=2) if every else st.just([])
    return PairingInput(
        a=a,
        b=b,
        pins=tuple(Pin(*pair) for pair in draw(some)) if pins else (),
        vetoes=tuple(Veto(*pair) for pair in draw(some)),
        previous=tuple(Kept(*pair) for pair in draw(some)),
        settings=Settings(
            minimum_score=draw(least_scores),
            salt=draw(salts),
            raise_floor=draw(yes_or_no),
            keep_bonus=draw(bonuses),
        ),
    )


def aims_of(objective: Objective, settings: Settings) -> tuple[int, int, int, int, int]:
    """Pairs, shortfall (negative), floor (0 when not raised), total with its bonuses, pairs kept."""
    floor = (objective.floor or 0) if settings.raise_floor else 0
    worth = objective.total + settings.keep_bonus * objective.kept
    return objective.pairs, -objective.shortfall, floor, worth, objective.kept


def best_by_trying(pairing: PairingInput) -> tuple[int, int, int, int, int]:
    """The aims of the best set of pairs."""
    ground = lay_ground(pairing)
    pins = [(pin.a, pin.b) for pin in ground.pairing.pins]
    score = {
        (a, b): int(ground.scores[i, j])
        for i, a in enumerate(ground.ids_a)
        for j, b in enumerate(ground.ids_b)
    }
    rows, columns = np.nonzero(ground.blocks == Block.OPEN)
    free = [(ground.ids_a[i], ground.ids_b[j]) for i, j in zip(rows, columns, strict=True)]
    best = (-1, 0, 0, 0, 0)
    before = {(kept.a, kept.b) for kept in pairing.previous}
    for count in range(len(free) + 1):
        for chosen in itertools.combinations(free, count):
            pairs = [*pins, *chosen]
            if not _fits(ground.pairing, pairs):
                continue
            short = sum(row.minimum - row.reached for row in shortfalls(ground.pairing, pairs))
            floor = min((score[pair] for pair in chosen), default=None)
            total, kept = sum(score[pair] for pair in pairs), len(before & set(pairs))
            best = max(best, aims_of(Objective(len(pairs), short, floor, total, kept), pairing.settings))
    return best


def _fits(pairing: PairingInput, pairs: list[tuple[str, str]]) -> bool:
    countries = {row.id: row.country for row in (*pairing.a.profiles, *pairing.b.profiles)}
    for side, couples in ((pairing.a, pairs), (pairing.b, [(b, a) for a, b in pairs])):
        groups = Counter((city, countries[partner]) for city, partner in couples)
        if side.most_per_country is not None and max(groups.values(), default=0) > side.most_per_country:
            return False
        cities = [city for city, _ in couples]
        if any(cities.count(row.id) > row.capacity for row in side.profiles):
            return False
        country = {row.id: row.country for row in side.profiles}
        for quota in side.quotas:
            used = sum(country[city] in quota.countries for city in cities)
            if quota.maximum is not None and used > quota.maximum:
                return False
    return all(
        sum(countries[a] in cap.a and countries[b] in cap.b for a, b in pairs) <= cap.maximum
        for cap in pairing.caps
    )


def shuffled(pairing: PairingInput, random) -> PairingInput:
    """The same input with all its rows in another order."""

    def mixed(rows: tuple) -> tuple:
        return tuple(random.sample(rows, len(rows)))

    return replace(
        pairing,
        a=replace(pairing.a, profiles=mixed(pairing.a.profiles), quotas=mixed(pairing.a.quotas)),
        b=replace(pairing.b, profiles=mixed(pairing.b.profiles), quotas=mixed(pairing.b.quotas)),
        pins=mixed(pairing.pins),
        vetoes=mixed(pairing.vetoes),
        previous=mixed(pairing.previous),
    )
