"""Small worlds that several tests need, spelt out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from calls.models import Call, Quota
from tests.factories import ApplicationFactory, CallFactory, OrganisationFactory


@contextmanager
def standing(django_db_blocker) -> Iterator[None]:
    """What is written inside stands for all tests of a file, each of which takes back its own changes alone.

    For a fixture of a module whose world is expensive. Its transaction stays open for as long, and a seal of
    the history waits for every transaction of the server: mark the file `xdist_group("long transactions")`,
    and the tests of seals run on the same process when it is over.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def pairing_world() -> Call:
    """Two EU cities and two Japanese ones, all screened, in a call that closed yesterday."""
    now = timezone.now()
    call = CallFactory(
        kind="pairing",
        process="pairing",
        opens_at=now - timedelta(days=60),
        closes_at=now - timedelta(days=1),
    )
    Quota.objects.create(call=call, labels={"en": "EU"}, side="home", countries=["DE", "FR"], places=2)
    Quota.objects.create(call=call, labels={"en": "Japan"}, side="abroad", countries=["JP"], places=2)
    for name, country, themes in (
        ("Essen", "DE", ["energy-transition"]),
        ("Grenoble", "FR", ["mobility"]),
        ("Koriyama", "JP", ["energy-transition"]),
        ("Toyota", "JP", ["mobility"]),
    ):
        lead = OrganisationFactory(city__name=name, city__country=country, city__languages=["en"])
        ApplicationFactory(
            call=call,
            lead=lead,
            status="eligible",
            submitted_at=now - timedelta(days=5),
            answers={"themes": themes},
        )
    return call
