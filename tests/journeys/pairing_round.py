"""The next round of ICP as a call to pair in: published, applied for, screened, all in the past weeks."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from calls.models import Call, Quota
from calls.operations.publishing import publish_call
from calls.operations.screening import screen
from calls.queries.clock import database_now
from partnerships.models import City
from tests.journeys.round_walk import person
from tests.journeys.round_world import apply, largest

# Places of a quota: how many cities apply for them. Some are left without a partner on either side.
APPLY = {14: 17, 4: 5, 1: 1, 2: 3}


def next_round(**pairing: Any) -> Call:
    """Marta asked for its publication, Helena publishes it; `pairing` are its settings where they differ."""
    call = Call.objects.get(slug="icp-cities-next")
    publish_call(call=call, by=person("helena.brandt"), at=database_now())
    now = database_now()
    Call.objects.filter(pk=call.pk).update(
        opens_at=now - timedelta(days=60),
        closes_at=now - timedelta(days=1),
        questions_until=None,
        pairing=call.pairing | pairing,
    )
    call.refresh_from_db()
    return call


def take_part(call: Call, cities: Iterable[City]) -> None:
    """The cities apply one after the other; staff find each of them eligible."""
    staff, began = person("marta.oliveira"), database_now() - timedelta(days=30)
    for hours, city in enumerate(cities):
        application = apply(call, city, staff, began + timedelta(hours=hours))
        screen(application=application, eligible=True, note="", by=staff, at=database_now())


def for_quota(quota: Quota) -> list[City]:
    """More cities than the quota has places, where there is more than one place."""
    return largest(quota.countries, APPLY[quota.places])
