"""What a solved run leaves behind: its result with the proof, and a proposal for each pair or group."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from calls.models import Application, PairingRun, Proposal, ProposedCity
from calls.models.pairing import PairingSide, RunCause, RunState
from calls.operations.pairing_locks import lock_pairing
from calls.queries.clock import database_now
from calls.queries.pairing import PAIRABLE
from calls.queries.pairing_kept import kept_form, versions

NAMES_SHOWN = 5
IN_ONE_STATEMENT = 1_000  # rows


class RunTaken(Exception):
    """The run was cancelled, or given to another worker: what this one found is of no use any more."""


class CitiesLeft(Exception):
    """Cities that the result pairs do not take part any more; `str()` names them.

    The result answers a question of before: with those cities away others might be better served, so that
    nothing of it is kept and a new run is due.
    """


def ours(run: PairingRun) -> QuerySet[PairingRun]:
    """The run as long as it is this worker's."""
    return PairingRun.objects.filter(pk=run.pk, state=RunState.RUNNING, attempts=run.attempts)


def finish(run: PairingRun, **changes: Any) -> bool:
    """Write how a run ended; False when it is not this worker's any more."""
    return bool(ours(run).update(finished_at=database_now(), **changes))


@transaction.atomic
def keep(run: PairingRun, result: dict[str, Any]) -> None:
    """Keep a proven result and its proposals. Raises RunTaken, CitiesLeft.

    A what-if is about the cities of the run that it varies, whoever left since; nothing of it is published.
    """
    lock_pairing(run.call_id)
    if not ours(run).select_for_update().filter(cancel_asked_at__isnull=True):
        raise RunTaken
    proposed = list(_proposed(result))
    applications = _applications(run, {city for cities, _, _ in proposed for city in cities})
    if run.cause != RunCause.WHAT_IF and (gone := _gone(run, applications)):
        raise CitiesLeft(gone)
    _propose(run, proposed, applications)
    finish(
        run,
        state=RunState.DONE,
        done_per_mille=1000,
        result=kept_form(result),
        engine_version=versions(result),
    )


def _proposed(result: dict[str, Any]) -> Iterator[tuple[list[str], list[str], dict[str, Any]]]:
    """References, their sides, and the explanation of each pair or group."""
    for pair in result.get("pairs", ()):
        yield [pair["a"], pair["b"]], [PairingSide.HOME, PairingSide.ABROAD], pair
    for group in result.get("groups", ()):
        yield group["cities"], [PairingSide.POOL] * len(group["cities"]), group


def _applications(run: PairingRun, references: set[str]) -> dict[str, Application]:
    rows = run.call.applications.filter(reference__in=references).select_related("lead")
    return {row.reference: row for row in rows.only("reference", "status", "lead__name")}


def _gone(run: PairingRun, applications: dict[str, Application]) -> str:
    """Names of those that withdrew, were decided against or found a partner since the run was asked for."""
    founded = ProposedCity.objects.filter(
        proposal__run__call=run.call_id, proposal__partnership__founded_at__gt=run.requested_at
    )
    partnered = set(founded.values_list("application_id", flat=True))
    rows = [row for row in applications.values() if row.status not in PAIRABLE or row.pk in partnered]
    names = sorted(str(row.lead) for row in rows)
    return ", ".join([*names[:NAMES_SHOWN], *(["…"] if names[NAMES_SHOWN:] else [])])


def _propose(run: PairingRun, proposed: list, applications: dict[str, Application]) -> None:
    rows = [Proposal(run=run, score=told["score"], explanation=told) for _, _, told in proposed]
    Proposal.objects.bulk_create(rows, batch_size=IN_ONE_STATEMENT)
    places = [
        ProposedCity(proposal=row, application_id=applications[city].pk, side=side, position=position)
        for row, (cities, sides, _told) in zip(rows, proposed, strict=True)
        for position, (city, side) in enumerate(zip(cities, sides, strict=True))
    ]
    ProposedCity.objects.bulk_create(places, batch_size=IN_ONE_STATEMENT)
