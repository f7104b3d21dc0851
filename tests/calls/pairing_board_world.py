"""Pairing calls of any size, and the addresses of the board's pages, for the tests of the board."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from calls.models import Call, PairingRun, Quota
from tests.factories import ApplicationFactory, CallFactory, OrganisationFactory

THEMES = ("mobility", "waste", "energy-transition")


def call_of(pairs: int) -> Call:
    """A closed call with so many screened cities on each side."""
    now = timezone.now()
    call = CallFactory(
        kind="pairing",
        process="pairing",
        opens_at=now - timedelta(days=60),
        closes_at=now - timedelta(days=1),
    )
    Quota.objects.create(call=call, labels={"en": "EU"}, side="home", countries=["DE"], places=pairs)
    Quota.objects.create(call=call, labels={"en": "Japan"}, side="abroad", countries=["JP"], places=pairs)
    for country, name in (("DE", "Home"), ("JP", "Abroad")):
        for number in range(pairs):
            lead = OrganisationFactory(
                city__name=f"{name} {number}",
                city__country=country,
                city__languages=["en"],
                city__latitude=50 - number,
                city__longitude=8 + number if country == "DE" else 139 - number,
            )
            ApplicationFactory(
                call=call,
                lead=lead,
                status="eligible",
                submitted_at=now - timedelta(days=5),
                answers={"themes": [THEMES[number % len(THEMES)]]},
            )
    return call


def board(call: Call, query: str = "") -> str:
    return reverse("admin:calls_call_pairing", args=[call.pk]) + query


def page(name: str, call: Call, *args: object) -> str:
    """The address of a page of pairing: "map" of run 1."""
    return reverse(f"admin:calls_call_pairing_{name}", args=[call.pk, *args])


def words(response: object) -> str:
    """The text of a page with single spaces."""
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def wait_for_worker(run: PairingRun, stage: str = "floor", per_mille: int = 420) -> None:
    """A worker has the run and tells how far it is."""
    PairingRun.objects.filter(pk=run.pk).update(state="running", stage=stage, done_per_mille=per_mille)
