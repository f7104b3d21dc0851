"""Benchmark of "which cities can apply?": three real calls over the whole register of cities.

Prints ratios, which carry over from machine to machine. The count of a call's eligible cities is held against
a bare count of all cities through an index: in the database alone, and once more with Django writing both
statements. A harder yardstick is the bare count of just the cities in the countries of the eligible ones.
Then the count of each verdict, which visits every city, and the engine asked city by city.
"""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from bench._portal import database

CALLS = {"icld": "icld-projects", "iuc": "iuc-pairing", "mercociudades": "mercociudades-projects"}
REPEATS = 50
ON = date(2026, 11, 22)


def timed(*works: Callable[[], Any]) -> list[tuple[float, Any]]:
    """Least seconds of each work and its result; the works take turns, so that all meet the same machine."""
    spent: list[list[float]] = [[] for _ in works]
    results = [work() for work in works]
    for _ in range(REPEATS):
        for place, work in enumerate(works):
            start = time.perf_counter()
            work()
            spent[place].append(time.perf_counter() - start)
    return [(min(each), result) for each, result in zip(spent, results, strict=True)]


def bare(rows: Any) -> Callable[[], int]:
    """The count of a queryset as the database alone does it: the statement is written beforehand."""
    from django.db import connection

    statement, parameters = rows.order_by().values("pk").query.sql_with_params()

    def count() -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({statement}) AS found", parameters)  # noqa: S608
            return int(cursor.fetchone()[0])

    return count


def show(**figures: float) -> None:
    """One line per figure, for reading by machine."""
    for name, value in figures.items():
        print(f"BENCH eligibility {name}={value:.4g}")


def measure(name: str, slug: str) -> None:
    """One call: the query, the bare count, the verdicts, and the engine over every city."""
    from calls.eligibility import State
    from calls.models import Call
    from calls.queries.eligibility import assess_alone
    from calls.queries.eligible_cities import eligible_cities, verdict_counts
    from partnerships.models import City

    call = Call.objects.prefetch_related("rules").get(slug=slug)
    countries = {str(city.country) for city in eligible_cities(call, ON)}
    there = City.objects.filter(country__in=sorted(countries))
    (
        (query, found),
        (every, _all),
        (same, _same),
        (with_django, _found),
        (django, _every),
        (verdicts, counts),
    ) = timed(
        bare(eligible_cities(call, ON)),
        bare(City.objects.all()),
        bare(there),
        lambda: eligible_cities(call, ON).count(),
        City.objects.count,
        lambda: verdict_counts(call, ON),
    )
    start = time.perf_counter()
    assessments = assess_alone(call, list(City.objects.all()), on=ON)
    engine = time.perf_counter() - start
    assert found == sum(not assessment.of_state(State.FAIL) for assessment in assessments)
    assert sum(counts.values()) == len(assessments)
    figures = {
        "eligible": found,
        "query_ms": query * 1000,
        "query_over_bare_count": query / every,
        "query_over_count_of_same_countries": query / same,
        "with_django_over_bare_count": with_django / django,
        "verdicts_over_bare_count": verdicts / django,
        "engine_seconds": engine,
        "engine_over_query": engine / query,
    }
    show(**{f"{name}_{figure}": value for figure, value in figures.items()})


def main() -> None:
    from django.db import connection

    from calls.demo.world import load_world
    from calls.queries.clock import database_now
    from partnerships.models import City

    load_world(at=database_now(), say=lambda line: None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    show(cities=City.objects.count())
    for name, slug in CALLS.items():
        measure(name, slug)


if __name__ == "__main__":
    with database():
        main()
