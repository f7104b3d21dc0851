"""Benchmark of a whole pairing run: applications in the database to proposals in the database.

The job reads its input, freezes it, starts the solving process, checks the certificate there, and keeps
result and proposals. Its time is held against the engine's own on the same input, in the same run.
"""

import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bench._portal import database

SIZE = 2_000  # cities a side
SLUGS = [f"theme-{number}" for number in range(12)]
PLACES = {
    "a": [("DE", "de"), ("PL", "pl"), ("ES", "es"), ("PT", "pt"), ("FI", "fi")],
    "b": [("JP", "ja"), ("BR", "pt"), ("MX", "es"), ("IN", "hi"), ("US", "en")],
}
ZONES = {"DE": "Europe/Berlin", "PL": "Europe/Warsaw", "ES": "Europe/Madrid", "PT": "Europe/Lisbon"}
ZONES |= {"FI": "Europe/Helsinki", "JP": "Asia/Tokyo", "BR": "America/Sao_Paulo", "IN": "Asia/Kolkata"}
ZONES |= {"MX": "America/Mexico_City", "US": "America/Chicago"}


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds on the clock, and the result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def cohort(size: int) -> Any:
    """A call that pairs, with `size` screened applications a side. Always the same."""
    from django.utils import timezone

    from bench._rows import programme
    from calls.models import Call, Quota

    now = timezone.now()
    call = Call.objects.create(
        programme=programme(),
        slug="bench",
        kind="pairing",
        process="pairing",
        zone="Europe/Brussels",
        opens_at=now - timedelta(days=60),
        closes_at=now - timedelta(days=1),
    )
    for side, key in (("home", "a"), ("abroad", "b")):
        countries = [country for country, _language in PLACES[key]]
        Quota.objects.create(call=call, labels={"en": side}, side=side, countries=countries, places=size)
    chance = random.Random(size)
    for key in PLACES:
        _side(call, key, size, chance)
    return call


def _side(call: Any, key: str, size: int, chance: random.Random) -> None:
    from calls.models import Application
    from partnerships.models import City, CityTheme, Organisation, Theme

    Theme.objects.bulk_create([Theme(slug=slug, names={"en": slug}) for slug in SLUGS], ignore_conflicts=True)
    cities = City.objects.bulk_create(_city(key, number, chance) for number in range(size))
    CityTheme.objects.bulk_create(
        CityTheme(city=city, theme_id=slug, direction=direction)
        for city in cities
        for direction in ("learn", "teach")
        for slug in chance.sample(SLUGS, 3)
    )
    leads = Organisation.objects.bulk_create(
        Organisation(name=city.name, slug=city.slug, kind="municipality", city=city, country=city.country)
        for city in cities
    )
    person = _person()
    Application.objects.bulk_create(
        Application(
            call=call,
            lead=lead,
            reference=f"BENCH-{lead.slug}",
            status="eligible",
            submitted_at=call.closes_at,
            created_by=person,
            changed_by=person,
            created_at=call.opens_at,
            changed_at=call.closes_at,
            answers={"themes": chance.sample(SLUGS, 4), "summary": "Words of an application. " * 80},
        )
        for lead in leads
    )


def _city(key: str, number: int, chance: random.Random) -> Any:
    from partnerships.models import City

    country, language = chance.choice(PLACES[key])
    city = City(
        name=f"City {key}{number}",
        slug=f"city-{key}{number}",
        country=country,
        population=int(15_000 * chance.paretovariate(0.9)) % 20_000_000 + 15_000,
        languages=[language, *(["en"] if chance.random() < 0.7 and language != "en" else [])],
        latitude=round(chance.uniform(-40, 60), 4),
        longitude=round(chance.uniform(-180, 180), 4),
        time_zone=ZONES[country],
    )
    city.search_text = city.searchable()
    return city


def _person() -> Any:
    from cooperation.accounts.models import User

    return User.objects.get_or_create(email="bench@example.org", defaults={"is_staff": True})[0]


def main(size: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from calls.models import PairingRun
    from calls.operations.pairing import request_run
    from calls.operations.pairing_child import solve_apart
    from calls.operations.pairing_job import execute_run
    from partnerships.matching import engine, verification
    from partnerships.matching.document import from_json
    from partnerships.matching.profiles import PairingInput

    call = cohort(size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    asked, run = timed(lambda: request_run(call=call, by=_person(), at=timezone.now()))
    frozen = from_json(PairingInput, run.input)
    own, result = timed(lambda: engine.run(frozen))
    worked, kept = timed(lambda: execute_run(run_id=run.pk, at=timezone.now()))
    run = PairingRun.objects.get(pk=run.pk)
    assert kept, run.error
    assert run.proposals.count() == len(result.pairs)
    checked, faults = timed(lambda: verification.verify(frozen, result))
    assert faults == ()
    idle, _ = timed(
        lambda: solve_apart("sides", '{"a":{"profiles":[]},"b":{"profiles":[]}}', beat=lambda *_: None)
    )
    figures = {
        "cities_a_side": size,
        "pairs": len(result.pairs),
        "engine_seconds": own,
        "certificate_seconds": checked,
        "process_start_seconds": idle,
        "request_seconds": asked,
        "job_seconds": worked,
        "input_kilobytes": len(run.input) / 1000,
        "ratio_to_engine": (asked + worked) / own,
    }
    print("BENCH pairing_job " + " ".join(f"{name}={value:.4g}" for name, value in figures.items()))


if __name__ == "__main__":
    with database():
        main(int(sys.argv[1]) if sys.argv[1:] else SIZE)
