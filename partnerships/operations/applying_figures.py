"""The work of an import: chunk by chunk, each with its progress in one transaction.

A worker that is killed loses the chunk it was in and nothing else: the next one goes on from there.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from cooperation.accounts.access import NotAllowed
from cooperation.history.actor import acting
from cooperation.jobs import claiming
from cooperation.jobs.claiming import Stopped
from cooperation.jobs.models import JobState
from cooperation.web.clock import database_now
from partnerships.access import require_verifier
from partnerships.models import City, PopulationImport
from partnerships.operations.importing_figures import enqueue
from partnerships.operations.reading_figures import Refusal, outcome_for

CHUNK = 500  # lines
DRAFTS_KEPT = timedelta(days=7)


def apply_import(*, import_id: int, at: datetime) -> bool:
    """Claim and write one import; False when another worker has it, it was cancelled or it failed.

    What keeps the database from answering is raised: `rescue_imports` takes the import up.
    """
    job = claiming.claim(PopulationImport.objects.select_related("by"), pk=import_id, at=at)
    if job is None:
        return False
    try:
        require_verifier(job.by)
        with acting(job.by):
            while job.rows_done < job.rows_total:
                _write_chunk(job)
        return _finish(job)
    except Stopped:
        return False
    except (InterfaceError, OperationalError):
        raise
    except NotAllowed as refusal:
        return claiming.fail(job, error=str(refusal), at=database_now())
    except Exception as error:
        return claiming.fail(job, error=f"{type(error).__name__}: {error}", at=database_now())


@transaction.atomic
def _write_chunk(job: PopulationImport) -> None:
    """The next lines, under the locks of their cities. Raises Stopped, and then writes nothing."""
    lines = job.lines[job.rows_done : job.rows_done + CHUNK]
    ids = [line[1] for line in lines]
    cities = {row.pk: row for row in City.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    changed, refused = _sorted(lines, cities)
    City.objects.bulk_update(changed, ["population", "population_year", "population_source"])
    done = job.rows_done + len(lines)
    counts = {
        "changed": job.changed + len(changed),
        "unchanged": job.unchanged + len(lines) - len(changed) - len(refused),
        "refused": [*job.refused, *refused],
    }
    claiming.beat(job, done=done, at=database_now())
    claiming.ours(job).update(**counts)
    job.rows_done = done
    for name, value in counts.items():
        setattr(job, name, value)


def _sorted(lines: Sequence[Any], cities: dict[int, City]) -> tuple[list[City], list[list[Any]]]:
    """Cities with their new figures, and lines that the register took something newer than meanwhile."""
    changed, refused = [], []
    for number, pk, population, year, source in lines:
        city = cities.get(pk)
        try:
            if city is None:
                raise Refusal("gone")
            if outcome_for(city, population, year, source) == "unchanged":
                continue
        except Refusal as refusal:
            written = ["", city.name if city else "", str(city.country) if city else ""]
            figures = [str(population), str(year), source]
            refused.append([number, refusal.reason, [*written, *figures], refusal.facts])
            continue
        city.population, city.population_year, city.population_source = population, year, source
        changed.append(city)
    return changed, refused


def _finish(job: PopulationImport) -> bool:
    return bool(claiming.ours(job).update(state=JobState.DONE, finished_at=database_now()))


def rescue_imports(*, at: datetime) -> int:
    """Announce again what no worker has though one should, and forget previews that nobody confirmed."""
    waiting = claiming.waiting_again(PopulationImport.objects.all(), at=at)
    for pk in waiting:
        enqueue(pk)
    drafts = PopulationImport.objects.filter(state=JobState.DRAFT, requested_at__lt=at - DRAFTS_KEPT)
    drafts.update(state=JobState.CANCELLED, finished_at=at, lines=[], refused=[])
    return len(waiting)
