"""Pairing runs on the real broker: a worker that is killed in the middle, and the one that takes over."""

import os
import signal
from datetime import timedelta

import pytest
from django.utils import timezone

from calls.models import PairingRun
from calls.operations.pairing import ask_what_if, cancel_run
from calls.operations.pairing_job import ABANDONED_AFTER, rescue_runs
from tests.calls.desk_world import staff_person
from tests.calls.pairing_world import pairs_of, requested
from tests.celery_worker import running_worker, wait_until

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
SLOW = {"PAIRING_SOLVER": "tests.calls.pairing_solvers", "PAIRING_FAULT": "slow_while"}


def state(run: PairingRun) -> str:
    return PairingRun.objects.get(pk=run.pk).state


def is_told(run: PairingRun) -> bool:
    """Whether the worker has told how far the run is."""
    return PairingRun.objects.get(pk=run.pk).done_per_mille > 0


def test_a_run_survives_the_kill_of_its_worker(pairing_call, tmp_path):
    marta = staff_person("marta@example.org")
    slow = tmp_path / "slow"
    slow.touch()
    with running_worker(**SLOW, PAIRING_SLOW_WHILE=str(slow)) as worker:
        run = requested(pairing_call, marta)
        wait_until(lambda: is_told(run))
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=10)
    wait_until(lambda: not solvers())
    assert state(run) == "running"
    slow.unlink()
    assert rescue_runs(at=timezone.now()) == 0
    PairingRun.objects.update(heartbeat_at=timezone.now() - ABANDONED_AFTER - timedelta(seconds=1))
    with running_worker():
        PairingRun.objects.update(requested_at=timezone.now() - timedelta(minutes=1))
        assert rescue_runs(at=timezone.now()) == 1
        wait_until(lambda: state(run) == "done")
        run.refresh_from_db()
        assert (run.attempts, pairs_of(run)) == (2, {("Essen", "Koriyama"), ("Grenoble", "Toyota")})
        veto = [row.application.reference for row in run.proposals.first().places.all()]
        child = ask_what_if(run=run, changes={"vetoes": [veto]}, by=marta, at=timezone.now())
        wait_until(lambda: state(child) == "done")
    assert not pairs_of(run) & pairs_of(child)


def test_a_run_in_a_worker_is_cancelled_and_frees_it(pairing_call, tmp_path):
    marta = staff_person("marta@example.org")
    slow = tmp_path / "slow"
    slow.touch()
    with running_worker(**SLOW, PAIRING_SLOW_WHILE=str(slow)):
        run = requested(pairing_call, marta)
        wait_until(lambda: is_told(run))
        cancel_run(run=run, by=marta, at=timezone.now())
        wait_until(lambda: state(run) == "cancelled", seconds=5)
        assert not solvers()
        slow.unlink()
        second = requested(pairing_call, marta)
        wait_until(lambda: state(second) == "done")


def solvers() -> list[str]:
    """Solving processes of this test's worker, by what they were started with."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as words, open(f"/proc/{pid}/environ", "rb") as said:
                if b"pairing_solvers" in words.read() and database() in said.read():
                    found.append(pid)
        except OSError:
            continue
    return found


def database() -> bytes:
    from tests.celery_worker import test_database_url

    return test_database_url().encode()
