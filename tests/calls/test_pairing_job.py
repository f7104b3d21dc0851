"""The job of a pairing run: its own process, limits, progress, cancel, and workers that die."""

import json
import os
import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from calls.models import PairingRun, Proposal
from calls.operations import pairing_job
from calls.operations.pairing import cancel_run
from calls.operations.pairing_job import ABANDONED_AFTER, MOST_ATTEMPTS, Pulse, rescue_runs
from calls.operations.pairing_keeping import RunTaken, keep
from calls.operations.status import NotPossible
from calls.queries.pairing_failure import why_failed
from calls.queries.pairing_kept import kept_form
from partnerships.matching.child import solved as solved_text
from tests.calls.desk_world import staff_person
from tests.calls.pairing_world import pairs_of, requested, worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta():
    return staff_person("marta@example.org")


@pytest.fixture
def engine_that(settings, monkeypatch):
    """Puts an engine that misbehaves in the place of the true one."""

    def put(fault: str) -> None:
        settings.PAIRING_SOLVER = "tests.calls.pairing_solvers"
        monkeypatch.setenv("PAIRING_FAULT", fault)

    return put


def test_a_run_is_solved_in_a_process_of_its_own(pairing_call, marta):
    run = requested(pairing_call, marta)
    assert worked(run)
    assert pairs_of(run) == {("Essen", "Koriyama"), ("Grenoble", "Toyota")}
    assert (run.state, run.attempts, run.error, run.done_per_mille) == ("done", 1, "", 1000)
    assert run.finished_at >= run.started_at
    here = json.loads(solved_text(run.shape, run.input, lambda _stage, _done: None))
    assert kept_form(here["result"]) == run.result
    assert not worked(run)
    assert run.proposals.count() == 2


def test_a_result_that_does_not_verify_is_not_kept(pairing_call, marta, engine_that):
    engine_that("lying")
    run = requested(pairing_call, marta)
    assert not worked(run)
    assert (run.state, run.result) == ("failed", None)
    assert "did not pass the independent check" in why_failed(run)
    assert not Proposal.objects.exists()


def test_a_run_that_takes_too_long_is_stopped(pairing_call, marta, engine_that, settings):
    engine_that("mute")
    settings.PAIRING_SECONDS = 1
    run = requested(pairing_call, marta)
    begun = time.monotonic()
    assert not worked(run)
    assert time.monotonic() - begun < 4
    assert run.state == "failed"
    assert "longer than 1 seconds" in why_failed(run)


def test_a_run_that_needs_too_much_memory_is_stopped(pairing_call, marta, engine_that, settings):
    engine_that("greedy")
    settings.PAIRING_MEGABYTES = 200
    run = requested(pairing_call, marta)
    assert not worked(run)
    assert "more than 200 MB" in why_failed(run)


def test_a_solver_that_is_killed_fails_the_run(pairing_call, marta, engine_that):
    engine_that("dying")
    run = requested(pairing_call, marta)
    assert not worked(run)
    assert "SIGKILL" in why_failed(run)
    assert requested(pairing_call, marta).number == 2


def test_what_was_not_foreseen_fails_the_run_and_says_so(pairing_call, marta, settings):
    settings.PAIRING_SOLVER = "json.tool"
    run = requested(pairing_call, marta)
    assert not worked(run)
    assert run.state == "failed"
    assert why_failed(run)


# --- progress and cancel -----------------------------------------------------------------------------------


def test_progress_is_written_once_a_second_and_stops_with_the_claim(pairing_call, marta, monkeypatch):
    run = requested(pairing_call, marta)
    PairingRun.objects.filter(pk=run.pk).update(state="running", attempts=1)
    run.refresh_from_db()
    clock = iter([0.0, 0.5, 1.0, 1.0, 1.5, 2.0, 2.0])
    monkeypatch.setattr(pairing_job.time, "monotonic", lambda: next(clock))
    pulse = Pulse(run)
    pulse("floor", 300)
    assert not PairingRun.objects.get().stage
    pulse("floor", 400)
    run.refresh_from_db()
    assert (run.stage, run.done_per_mille) == ("floor", 400)
    pulse("total", 500)
    PairingRun.objects.update(attempts=2)
    with pytest.raises(RunTaken):
        pulse("total", 600)
    assert PairingRun.objects.get().stage == "floor"


def test_a_waiting_run_is_cancelled_at_once(pairing_call, marta):
    run = requested(pairing_call, marta)
    cancel_run(run=run, by=marta, at=timezone.now())
    assert not worked(run)
    assert (run.state, run.cancel_asked_by) == ("cancelled", marta)
    with pytest.raises(NotPossible, match="ended already"):
        cancel_run(run=run, by=marta, at=timezone.now())
    assert requested(pairing_call, marta).number == 2


@pytest.mark.django_db(transaction=True)
def test_a_running_run_is_cancelled_within_a_second(pairing_call, marta, engine_that):
    engine_that("slow")
    run = requested(pairing_call, marta)
    worker = threading.Thread(target=worked_and_closed, args=[PairingRun.objects.get(pk=run.pk)])
    worker.start()
    wait_for(lambda: PairingRun.objects.get(pk=run.pk).done_per_mille > 0)
    asked = time.monotonic()
    cancel_run(run=run, by=marta, at=timezone.now())
    wait_for(lambda: PairingRun.objects.get(pk=run.pk).state == "cancelled")
    assert time.monotonic() - asked < 3
    worker.join(timeout=10)
    assert not children()
    assert not Proposal.objects.exists()


def worked_and_closed(run: PairingRun) -> None:
    from django.db import connection

    worked(run)
    connection.close()


def wait_for(condition, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def children() -> list[str]:
    """Processes of this one that still solve."""
    found = []
    for pid in os.listdir("/proc"):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as words, open(f"/proc/{pid}/stat") as stat:
                ours = stat.read().rsplit(")", 1)[1].split()[1] == str(os.getpid())
                if ours and b"pairing_solvers" in words.read():
                    found.append(pid)
        except OSError:
            continue
    return found


# --- runs that nobody finished -----------------------------------------------------------------------------


def test_a_waiting_run_that_the_broker_lost_is_announced_again(pairing_call, marta):
    run = requested(pairing_call, marta)
    assert rescue_runs(at=run.requested_at + timedelta(seconds=29)) == 0
    assert rescue_runs(at=run.requested_at + timedelta(seconds=31)) == 1


def left_running(call, by, attempts: int, **fields) -> PairingRun:
    """A run whose worker died after it had claimed it."""
    run = requested(call, by)
    PairingRun.objects.filter(pk=run.pk).update(
        state="running",
        started_at=run.requested_at,
        heartbeat_at=run.requested_at,
        attempts=attempts,
        **fields,
    )
    run.refresh_from_db()
    return run


def test_a_run_whose_worker_is_silent_is_taken_up(pairing_call, marta):
    run = left_running(pairing_call, marta, attempts=1)
    assert rescue_runs(at=run.requested_at + ABANDONED_AFTER) == 0
    assert rescue_runs(at=run.requested_at + ABANDONED_AFTER + timedelta(seconds=1)) == 1
    assert worked(run)
    assert (run.state, run.attempts, run.proposals.count()) == ("done", 2, 2)


def test_a_worker_that_lost_its_run_keeps_nothing(pairing_call, marta):
    run = left_running(pairing_call, marta, attempts=1)
    rescue_runs(at=run.requested_at + timedelta(minutes=4))
    answer = json.loads(solved_text(run.shape, run.input, lambda _stage, _done: None))
    with pytest.raises(RunTaken):
        keep(run, answer["result"])
    run.refresh_from_db()
    assert (run.state, run.proposals.count()) == ("waiting", 0)


def test_a_run_that_stopped_three_workers_fails_and_frees_the_call(pairing_call, marta):
    run = left_running(pairing_call, marta, attempts=MOST_ATTEMPTS)
    assert rescue_runs(at=run.requested_at + timedelta(minutes=4)) == 0
    run.refresh_from_db()
    assert run.state == "failed"
    assert why_failed(run).startswith("3 workers stopped")
    assert requested(pairing_call, marta).number == 2


def test_a_cancelled_run_whose_worker_died_is_not_taken_up(pairing_call, marta):
    at = timezone.now()
    run = left_running(pairing_call, marta, attempts=1, cancel_asked_at=at, cancel_asked_by=marta)
    assert rescue_runs(at=run.requested_at + timedelta(minutes=4)) == 0
    run.refresh_from_db()
    assert run.state == "cancelled"
