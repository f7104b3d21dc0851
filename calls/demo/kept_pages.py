"""Cities that keep their own pages: Rosario its website, Ale four facts that wait for staff."""

from datetime import date, datetime, timedelta
from typing import Any

from calls.demo.people import People
from partnerships.data.initiatives import INITIATIVES
from partnerships.models import Network
from partnerships.operations.portfolio import (
    describe,
    state_agreement,
    state_commitment,
    state_membership,
    state_population,
)
from partnerships.queries.editing import fingerprint, plain

ROSARIO, ALE, KERAVA = 3838583, "ale", 653185


def load_kept_pages(people: People, *, at: datetime) -> int:
    """Told through the operations that the pages use; return how many facts wait. Numbers are demo values."""
    rosario, lucia = people.register.city(ROSARIO), people.officer_of(ROSARIO)
    rosario.refresh_from_db()
    describe(
        city=rosario,
        fields={"website": "https://www.rosario.gob.ar/"},
        seen=fingerprint(plain(rosario)),
        by=lucia,
        at=at - timedelta(days=19),
    )
    about: dict[str, Any] = {
        "city": people.register.city(ALE),
        "by": people.officer_of(ALE),
        "at": at - timedelta(days=2),
    }
    state_population(population=32_446, year=2024, source="Count of the municipality", **about)
    state_membership(fields={"network_id": Network.objects.get(slug="iclei").pk, "since_year": 2019}, **about)
    promise = INITIATIVES["climate_neutral_2050"]
    known = {"name": promise.name, "key": promise.key, "joined_on": date(2021, 6, 14)}
    state_commitment(fields={**known, "responsible_units": {"en": "Planning office"}}, **about)
    twinning = {"kind": "twinning", "stage": "talks", "titles": {"en": "Twinning of Ale and Kerava"}}
    state_agreement(partner=people.register.city(KERAVA), fields=twinning, **about)
    return 4
