"""Automatic assignment by a worker: whole or not at all, once, as it was confirmed, by who still may."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import AssigningRun, Assignment
from calls.operations import assigning_job
from calls.operations.assigning_job import (
    cancel_assigning,
    execute_assigning,
    request_assigning,
    rescue_assigning,
)
from calls.operations.auto_assigning import propose_assignments
from calls.operations.status import NotPossible
from cooperation.accounts.access import NotAllowed
from cooperation.jobs.models import JobState
from tests.calls.review_round_world import Round
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Round:
    """One application, two experts: two assignments are proposed."""
    desk = Round()
    desk.eligible("Ale")
    desk.seated("ines@example.org")
    desk.seated("omar@example.org")
    return desk


def asked(desk, **more) -> AssigningRun:
    proposal = propose_assignments(call=desk.call, anew=False)
    wanted = {"call": desk.call, "anew": False, "stamp": proposal.stamp, "by": desk.marta}
    return request_assigning(**{**wanted, "at": timezone.now(), **more})


def outcome(run: AssigningRun) -> tuple[str, int, int]:
    run.refresh_from_db()
    return run.state, run.made, Assignment.objects.count()


def test_a_worker_assigns_once_what_was_confirmed(desk):
    run = asked(desk)
    with pytest.raises(NotPossible, match="being assigned already"):
        asked(desk)
    assert execute_assigning(run_id=run.pk, at=timezone.now())
    assert outcome(run) == (JobState.DONE, 2, 2)
    assert {row.assigned_by for row in Assignment.objects.all()} == {desk.marta}
    assert not execute_assigning(run_id=run.pk, at=timezone.now())


def test_another_situation_a_lost_right_and_a_cancelled_run_assign_nothing(desk):
    moved = asked(desk)
    desk.eligible("Lund")
    assert not execute_assigning(run_id=moved.pk, at=timezone.now())
    assert outcome(moved) == (JobState.FAILED, 0, 0)
    assert "Something changed after this was confirmed." in moved.error
    revoked = asked(desk)
    desk.marta.user_permissions.clear()
    assert not execute_assigning(run_id=revoked.pk, at=timezone.now())
    assert outcome(revoked) == (JobState.FAILED, 0, 0)
    with pytest.raises(NotAllowed):
        asked(desk, by=UserFactory())


def test_a_fault_of_ours_is_told_in_a_sentence_with_the_number_of_the_run(desk, monkeypatch):
    run = asked(desk)

    def broken(**wanted):
        raise ValueError("cannot unpack")

    monkeypatch.setattr(assigning_job, "propose_assignments", broken)
    assert not execute_assigning(run_id=run.pk, at=timezone.now())
    assert outcome(run) == (JobState.FAILED, 0, 0)
    assert f"name run {run.pk} to" in run.error
    assert "ValueError" not in run.error


def test_a_run_that_is_cancelled_while_it_is_solved_assigns_nothing(desk, monkeypatch):
    run, solve = asked(desk), assigning_job.propose_assignments

    def cancelled_meanwhile(**wanted):
        proposal = solve(**wanted)
        cancel_assigning(run=run, by=desk.helena, at=timezone.now())
        return proposal

    monkeypatch.setattr(assigning_job, "propose_assignments", cancelled_meanwhile)
    assert not execute_assigning(run_id=run.pk, at=timezone.now())
    assert outcome(run) == (JobState.CANCELLED, 0, 0)
    with pytest.raises(NotPossible):
        cancel_assigning(run=run, by=desk.marta, at=timezone.now())


def test_a_run_whose_worker_died_is_taken_up(desk):
    run, long_ago = asked(desk), timezone.now() - timedelta(minutes=5)
    AssigningRun.objects.update(state=JobState.RUNNING, seen_at=long_ago, requested_at=long_ago, attempts=1)
    assert rescue_assigning(at=timezone.now()) == 1
    assert outcome(run) == (JobState.DONE, 2, 2)


def test_a_large_round_is_watched(desk, client, monkeypatch):
    monkeypatch.setattr(assigning_job, "AT_ONCE", 1)
    client.force_login(desk.marta)
    auto = reverse("admin:calls_call_assign_auto", args=[desk.call.pk])
    stamp = client.get(auto).context["proposal"].stamp
    answer = client.post(auto, {"stamp": stamp, "large": "yes"})
    run = AssigningRun.objects.get()
    watched = reverse("admin:calls_call_assigning_run", args=[desk.call.pk, run.pk])
    assert answer.url == watched
    assert "Reading the round and solving it." in client.get(watched).content.decode()
    assert "Assign as shown" not in client.get(auto).content.decode()
    execute_assigning(run_id=run.pk, at=timezone.now())
    assert "2 assignments are made." in client.get(watched).content.decode()
    assert client.post(f"{watched}cancel/").status_code == 409
