"""How the default weights rank the partners that cities really had.

Every round of a programme in calls/demo/data/partnerships.csv is a cohort of two sides: the leading cities
and their partners, as published. Each city ranks all cities of the other side by score, and the place of
its real partner is noted, from both ends of a pair; other real partners of the same city stand aside, ties
share their mean place. A percentile of 1 is the best place, 0 the last; by chance it is 0.5. Rounds with a
single candidate say nothing and are named.

The cities' facts are what the register knows: population, languages of the country, place, clock, climate
and coast. Nothing is known of what they wanted, offered or wished. THEMES ARE NO FAIR TEST: what is published
is the theme of the pair, often chosen after the pairing, so both partners have it by construction. The figure
to read is the one without themes; the others show how much such themes would flatter the engine.
"""

import csv
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from statistics import mean, quantiles
from typing import NamedTuple
from zoneinfo import ZoneInfo

from calls.demo import __file__ as demo
from partnerships.data import surroundings
from partnerships.matching.profiles import DEFAULT_WEIGHTS, FULL_SCORE, Profile
from partnerships.matching.scoring import score_pairs

CITIES = Path(surroundings.__file__).parent
DEMO = Path(demo).parent / "data"
TRIALS, SEED = 2_000, 2026
JANUARY, JULY = 1, 7

Row = Mapping[str, str]
Grid = Sequence[Sequence[float]]
Scoring = Callable[["Cohort"], Grid]


class Cohort(NamedTuple):
    """One round: its two sides and which rows and columns were real pairs."""

    name: str
    leads: list[Profile]
    partners: list[Profile]
    pairs: list[tuple[int, int]]


class Place(NamedTuple):
    """Where a real partner stood: its rank, 1 the best, among so many candidates."""

    rank: float
    candidates: int

    @property
    def percentile(self) -> float:
        return 1 - (self.rank - 1) / (self.candidates - 1)


def cohorts() -> list[Cohort]:
    """The rounds in the file's order."""
    rounds: defaultdict[str, list[Row]] = defaultdict(list)
    for row in read(DEMO / "partnerships.csv"):
        rounds[" ".join(filter(None, (row["programme"], row["round"])))].append(row)
    register = cities()
    return [cohort(name, rows, register) for name, rows in rounds.items()]


def cohort(name: str, rows: Sequence[Row], register: Mapping[str, Row]) -> Cohort:
    sides = {side: united(side, rows, register) for side in ("lead", "partner")}
    leads, partners = list(sides["lead"]), list(sides["partner"])
    pairs = [(leads.index(key(row, "lead")), partners.index(key(row, "partner"))) for row in rows]
    return Cohort(name, list(sides["lead"].values()), list(sides["partner"].values()), pairs)


def united(side: str, rows: Sequence[Row], register: Mapping[str, Row]) -> dict[str, Profile]:
    """The cities of one side, each with the themes of all its pairs."""
    found: dict[str, Profile] = {}
    for row in rows:
        city = key(row, side)
        profile = found.get(city) or profile_of(register[city], city, row["round"])
        found[city] = replace(profile, themes=profile.themes | set(filter(None, row["themes"].split(";"))))
    return found


def key(row: Row, side: str) -> str:
    return row[f"{side}_geonameid"] or row[f"{side}_extra"]


def cities() -> dict[str, Row]:
    """The register's rows by GeoNames id, and by address those that GeoNames lacks or counts otherwise."""
    spoken = {row["country"]: row["languages"] for row in read(CITIES / "languages.csv")}
    found = {
        row["geonameid"]: row | {"languages": spoken.get(row["country"], "")}
        for row in surroundings.read_rows(CITIES / "cities.csv.gz")
    }
    for row in read(DEMO / "extra_cities.csv"):
        found[row["slug_hint"]] = row | {"languages": row["languages"] or spoken.get(row["country"], "")}
    return found


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def profile_of(city: Row, key: str, year: str) -> Profile:
    return Profile(
        id=key,
        name=city["name"],
        country=city["country"],
        population=int(city["population"] or 0) or None,
        languages=frozenset(filter(None, city["languages"].split("|"))),
        climate=city["climate"],
        coastal=bool(int(city["coastal"])),
        latitude=float(city["latitude"]),
        longitude=float(city["longitude"]),
        utc_offset_hours=standard_offset(city["time_zone"], int(year or 2020)),
    )


def standard_offset(zone: str, year: int) -> float:
    """Hours east of UTC in standard time."""
    moments = (datetime(year, month, 1, tzinfo=ZoneInfo(zone)) for month in (JANUARY, JULY))
    return min(moment.utcoffset().total_seconds() for moment in moments) / 3600


# --- ranking ------------------------------------------------------------------------------------------------


def places(cohort: Cohort, scoring: Scoring) -> list[Place]:
    """The places of all real partners, seen from both ends."""
    grid = scoring(cohort)
    turned = list(zip(*grid, strict=True))
    pairs_turned = [(partner, lead) for lead, partner in cohort.pairs]
    return [*_from_rows(grid, cohort.pairs), *_from_rows(turned, pairs_turned)]


def _from_rows(grid: Grid, pairs: Sequence[tuple[int, int]]) -> Iterable[Place]:
    for row, real in pairs:
        aside = {other for place, other in pairs if place == row and other != real}
        rivals = [score for column, score in enumerate(grid[row]) if column not in aside | {real}]
        if rivals:
            better = sum(score > grid[row][real] for score in rivals)
            equal = sum(score == grid[row][real] for score in rivals)
            yield Place(1 + better + equal / 2, len(rivals) + 1)


def by_weights(weights: Mapping[str, int], themes: bool = False, **prefer: str) -> Scoring:
    """Scores as the engine gives them; without themes it is as if nobody had published any."""

    def scored(cohort: Cohort) -> Grid:
        sides = (cohort.leads, cohort.partners)
        if not themes:
            sides = tuple([replace(city, themes=frozenset()) for city in side] for side in sides)
        return score_pairs(*sides, weights, prefer).tolist()

    return scored


def only(criterion: str, **prefer: str) -> Scoring:
    return by_weights({criterion: FULL_SCORE}, themes=True, **prefer)


def by_chance(chance: random.Random) -> Scoring:
    return lambda cohort: [[chance.random() for _ in cohort.partners] for _ in cohort.leads]


def percentile(rounds: Sequence[Cohort], scoring: Scoring) -> float:
    return mean(place.percentile for cohort in rounds for place in places(cohort, scoring))


# --- printing -----------------------------------------------------------------------------------------------

OTHERS: Mapping[str, Scoring] = {
    "languages": only("languages"),
    "time zone": only("time_zone"),
    "climate": only("climate"),
    "coast": only("coast"),
    "near": only("distance"),
    "far": only("distance", distance="far"),
}


def report(rounds: Sequence[Cohort], scorings: Mapping[str, Scoring]) -> None:
    """A line per round: pairs, candidates, and mean rank and percentile by each scoring."""
    print(f"{'round':22}{'pairs':>6}{'candidates':>11}", *(f"{name:>22}" for name in scorings))
    for cohort in rounds:
        cells = []
        for scoring in scorings.values():
            found = places(cohort, scoring)
            rank, share = mean(place.rank for place in found), mean(place.percentile for place in found)
            cells.append(f"{f'rank {rank:.2f}, {share:.3f}':>22}")
        candidates = mean(place.candidates for place in places(cohort, only("size")))
        print(f"{cohort.name:22}{len(cohort.pairs):6}{candidates:11.1f}", *cells)


def main() -> None:
    every = cohorts()
    rounds = [cohort for cohort in every if places(cohort, only("size"))]
    alone = [cohort.name for cohort in every if cohort not in rounds]
    scorings = {
        "default, no themes": by_weights(DEFAULT_WEIGHTS),
        "default with themes": by_weights(DEFAULT_WEIGHTS, themes=True),
        "size only": only("size"),
        "themes only": only("themes"),
    }
    report(rounds, scorings)
    print(f"One candidate only, left out: {', '.join(alone)}")
    shares = {name: percentile(rounds, scoring) for name, scoring in (scorings | OTHERS).items()}
    for name, share in shares.items():
        print(f"{name:22}mean percentile {share:.3f}")
    chance = random.Random(SEED)
    simulated = [percentile(rounds, by_chance(chance)) for _ in range(TRIALS)]
    lowest, *_, highest = quantiles(simulated, n=40)
    print(f"by chance             mean percentile 0.500 expected, 95 % of {TRIALS} trials within", end=" ")
    print(f"{lowest:.3f} to {highest:.3f}")
    print(
        f"BENCH real_pairs mean_percentile={shares['default, no themes']:.3f} random={mean(simulated):.3f}"
        f" random_95_percent_below={highest:.3f} size_only={shares['size only']:.3f}"
        f" theme_only={shares['themes only']:.3f}"
        f" mean_percentile_with_themes={shares['default with themes']:.3f}"
    )


if __name__ == "__main__":
    main()
