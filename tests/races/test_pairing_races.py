"""Pairing runs that several people and workers want at the same moment."""

import json
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from calls.models import Directive, PairingRun, Proposal
from calls.operations.directing import direct
from calls.operations.pairing import ask_what_if, cancel_run, request_run
from calls.operations.pairing_job import Pulse, rescue_runs
from calls.operations.pairing_keeping import RunTaken, keep
from calls.operations.status import NotPossible
from partnerships.matching.child import solved as solved_text
from tests.calls.desk_world import staff_person
from tests.calls.pairing_world import application_of, requested, solved, worked
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = [pytest.param(4, id="quick"), pytest.param(200, id="thorough", marks=pytest.mark.thorough)]


def claimed(call, by) -> tuple[PairingRun, dict]:
    """A run that a worker has solved and not yet kept, and its result."""
    run = requested(call, by)
    at = timezone.now()
    PairingRun.objects.filter(pk=run.pk).update(state="running", started_at=at, heartbeat_at=at, attempts=1)
    run.refresh_from_db()
    return run, json.loads(solved_text(run.shape, run.input, lambda _stage, _done: None))["result"]


@pytest.mark.parametrize("rounds", ROUNDS)
def test_of_requests_at_once_one_is_a_run(pairing_call, rounds: int) -> None:
    marta = staff_person("marta@example.org")
    parent = solved(pairing_call, marta)
    for number in range(rounds):
        at = timezone.now()
        ask = partial(request_run, call=pairing_call, by=marta, at=at)
        results = together(ask, ask, partial(ask_what_if, run=parent, changes={}, by=marta, at=at))
        kinds = sorted(type(result).__name__ for result in results)
        assert kinds == ["NotPossible", "NotPossible", "PairingRun"], results
        run = pairing_call.pairing_runs.exclude(pk=parent.pk).get()
        assert run.number == 2
        run.delete()
        assert number < rounds


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_cancel_and_the_end_of_a_run_agree_on_one_outcome(pairing_call, rounds: int) -> None:
    marta = staff_person("marta@example.org")
    for _ in range(rounds):
        run, result = claimed(pairing_call, marta)
        kept, cancelled = together(
            partial(keep, run, result), partial(cancel_run, run=run, by=marta, at=timezone.now())
        )
        run.refresh_from_db()
        if isinstance(kept, RunTaken):
            assert isinstance(cancelled, PairingRun), cancelled
            assert (run.state, run.proposals.count()) == ("running", 0)
            pulse = Pulse(run)
            pulse.last -= 10
            with pytest.raises(RunTaken):
                pulse("total", 900)
        else:
            assert kept is None, kept
            assert isinstance(cancelled, NotPossible), cancelled
            assert (run.state, run.cancel_asked_at, run.proposals.count()) == ("done", None, 2)
        PairingRun.objects.all().delete()


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_rescue_and_the_end_of_a_run_agree_on_one_outcome(pairing_call, rounds: int) -> None:
    marta = staff_person("marta@example.org")
    for _ in range(rounds):
        run, result = claimed(pairing_call, marta)
        late = timezone.now() + timedelta(minutes=5)
        kept, rescued = together(partial(keep, run, result), partial(rescue_runs, at=late))
        run.refresh_from_db()
        assert (kept is None, rescued, run.state, run.proposals.count()) in {
            (True, 0, "done", 2),
            (False, 1, "waiting", 0),
        }, (kept, rescued)
        PairingRun.objects.all().delete()


def test_three_workers_with_the_same_message_solve_a_run_once(pairing_call) -> None:
    marta = staff_person("marta@example.org")
    run = requested(pairing_call, marta)
    copies = [PairingRun.objects.get(pk=run.pk) for _ in range(3)]
    assert sorted(together(*[partial(worked, copy) for copy in copies])) == [False, False, True]
    run.refresh_from_db()
    assert (run.state, run.attempts, Proposal.objects.count()) == ("done", 1, 2)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_of_a_pin_and_a_veto_at_once_one_is_in_force(pairing_call, rounds: int) -> None:
    marta = staff_person("marta@example.org")
    essen, toyota = (application_of(pairing_call, name) for name in ("Essen", "Toyota"))
    for _ in range(rounds):
        act = partial(direct, call=pairing_call, reason="Agreed.", by=marta, at=timezone.now())
        results = together(
            partial(act, kind="pin", one=essen, other=toyota),
            partial(act, kind="veto", one=toyota, other=essen),
        )
        assert sorted(type(result).__name__ for result in results) == ["Directive", "NotPossible"], results
        assert Directive.objects.filter(ended_at__isnull=True).count() == 1
        Directive.objects.all().delete()
