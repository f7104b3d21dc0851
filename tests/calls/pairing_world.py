"""Pairing runs for tests: solved in the test's own process, or by the job with its process of its own."""

import json
from datetime import timedelta
from typing import Any

from django.utils import timezone

from calls.models import Application, Call, PairingRun, Proposal
from calls.operations.pairing import ask_what_if, request_run
from calls.operations.pairing_founding import found_for_all
from calls.operations.pairing_job import execute_run
from calls.operations.pairing_keeping import keep
from calls.operations.proposing import publish_run, recommend_run
from cooperation.accounts.models import User
from partnerships.matching.child import solved as solved_text
from partnerships.models import Partnership
from tests.factories import UserFactory


def requested(call: Call, by: User) -> PairingRun:
    return request_run(call=call, by=by, at=timezone.now())


def solved(call: Call, by: User) -> PairingRun:
    """A finished run. The engine works in this process, which saves a second for each run."""
    return solve_here(requested(call, by))


def what_if(run: PairingRun, by: User, **changes: Any) -> PairingRun:
    """A finished what-if of a run."""
    return solve_here(ask_what_if(run=run, changes=changes, by=by, at=timezone.now()))


def solve_here(run: PairingRun) -> PairingRun:
    at = timezone.now()
    PairingRun.objects.filter(pk=run.pk).update(state="running", started_at=at, heartbeat_at=at, attempts=1)
    run.refresh_from_db()
    answer = json.loads(solved_text(run.shape, run.input, lambda _stage, _done: None))
    assert answer["faults"] == []
    keep(run, answer["result"])
    run.refresh_from_db()
    return run


def worked(run: PairingRun) -> bool:
    """The job itself, with its child process; whether it kept a result. The run is read anew."""
    kept = execute_run(run_id=run.pk, at=timezone.now())
    run.refresh_from_db()
    return kept


def application_of(call: Call, city: str) -> Application:
    return call.applications.get(lead__city__name=city)


def pairs_of(run: PairingRun) -> set[tuple[str, ...]]:
    """The names of the cities of each proposal, in order of places."""
    return {
        tuple(place.application.lead.city.name for place in row.places.all()) for row in run.proposals.all()
    }


def published(run: PairingRun, by: User, second: User) -> PairingRun:
    """The run recommended by one and published by the other, to be answered within a week."""
    at = timezone.now()
    recommend_run(run=run, by=by, at=at)
    return publish_run(run=run, answer_by=at + timedelta(days=7), by=second, at=at)


def founded(proposal: Proposal) -> Partnership:
    """A proposal that all cities accepted."""
    at = timezone.now()
    proposal.places.update(answer="accepted", answered_at=at)
    return found_for_all(proposal, by=UserFactory(), at=at)
