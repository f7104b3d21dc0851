"""Pairing: a run as an artefact, its proof, the board in words, and pairs approved by a second person."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from calls.models import Call, PairingRun, Proposal
from calls.operations import pairing
from calls.operations.status import NotPossible
from calls.queries.pairing import pairing_input
from partnerships.matching import engine
from partnerships.matching.document import digest
from partnerships.models import Partnership
from tests.calls.desk_world import staff_person
from tests.factories import CallFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta():
    return staff_person("marta@example.org")


@pytest.fixture
def helena():
    return staff_person("helena@example.org", "decide_application")


def requested(call: Call, by) -> PairingRun:
    return pairing.request_run(call=call, by=by, at=timezone.now())


def solved(call: Call, by) -> PairingRun:
    run = requested(call, by)
    assert pairing.execute_run(run_id=run.pk, at=timezone.now())
    run.refresh_from_db()
    return run


def board(call: Call, query: str = "") -> str:
    return reverse("admin:calls_call_pairing", args=[call.pk]) + query


def test_a_run_pairs_what_the_cities_share(pairing_call, marta):
    run = solved(pairing_call, marta)
    pairs = {(row.home.lead.city.name, row.abroad.lead.city.name) for row in run.proposals.all()}
    assert pairs == {("Essen", "Koriyama"), ("Grenoble", "Toyota")}
    assert (run.state, run.attempts, run.error) == ("done", 1, "")
    assert run.input_sha256 == digest(pairing_input(pairing_call, at=timezone.now()))
    assert run.finished_at >= run.started_at


def test_wishes_and_working_languages_reach_the_engine(pairing_call):
    essen = pairing_call.applications.get(lead__city__name="Essen")
    essen.answers = {"themes": [], "wishes": "Atlantis; KORIYAMA", "working_languages": ["de", "ja"]}
    essen.save()
    koriyama = pairing_call.applications.get(lead__city__name="Koriyama")
    profiles = {row.name: row for row in pairing_input(pairing_call, at=timezone.now()).a.profiles}
    assert profiles["Essen"].wishes == (koriyama.reference,)
    assert profiles["Essen"].languages == {"de", "ja"}
    assert profiles["Grenoble"].languages == {"en"}


def test_a_second_run_waits_for_the_first(pairing_call, marta):
    requested(pairing_call, marta)
    with pytest.raises(NotPossible, match="under way"):
        requested(pairing_call, marta)


def test_a_result_that_does_not_verify_is_not_kept(pairing_call, marta, monkeypatch):
    true_run = engine.run

    def better_than_true(frozen):
        result = true_run(frozen)
        worse = tuple(sorted(result.pairs, key=lambda pair: pair.a))[:1]
        return type(result)(**{**vars(result), "pairs": worse})

    monkeypatch.setattr(engine, "run", better_than_true)
    run = requested(pairing_call, marta)
    assert not pairing.execute_run(run_id=run.pk, at=timezone.now())
    run.refresh_from_db()
    assert run.state == "failed"
    assert run.error.startswith("NotProven")
    assert not Proposal.objects.exists()


def test_two_workers_solve_a_run_once(pairing_call, marta):
    run = solved(pairing_call, marta)
    assert not pairing.execute_run(run_id=run.pk, at=timezone.now())
    assert run.proposals.count() == 2


def test_a_worker_that_lost_its_run_keeps_nothing(pairing_call, marta, monkeypatch):
    run = requested(pairing_call, marta)
    true_run = engine.run

    def taken_over(frozen):
        PairingRun.objects.filter(pk=run.pk).update(attempts=2)
        return true_run(frozen)

    monkeypatch.setattr(engine, "run", taken_over)
    assert not pairing.execute_run(run_id=run.pk, at=timezone.now())
    run.refresh_from_db()
    assert (run.state, run.proposals.count()) == ("running", 0)


# --- runs that nobody finished ------------------------------------------------------------------------------


def test_a_waiting_run_that_the_broker_lost_is_solved_by_the_rescue(pairing_call, marta):
    run = requested(pairing_call, marta)
    assert pairing.rescue_runs(at=run.requested_at + timedelta(seconds=29)) == 0
    assert pairing.rescue_runs(at=run.requested_at + timedelta(seconds=31)) == 1
    run.refresh_from_db()
    assert (run.state, run.attempts, run.proposals.count()) == ("done", 1, 2)


def left_running(call: Call, by, attempts: int) -> PairingRun:
    """A run whose worker died after it had claimed it."""
    run = requested(call, by)
    PairingRun.objects.filter(pk=run.pk).update(
        state="running", started_at=run.requested_at, attempts=attempts
    )
    return run


def test_a_run_whose_worker_died_is_taken_over_once_it_is_overdue(pairing_call, marta):
    run = left_running(pairing_call, marta, attempts=1)
    assert pairing.rescue_runs(at=run.requested_at + pairing.ABANDONED_AFTER) == 0
    assert pairing.rescue_runs(at=run.requested_at + pairing.ABANDONED_AFTER + timedelta(seconds=1)) == 1
    run.refresh_from_db()
    assert (run.state, run.attempts, run.proposals.count()) == ("done", 2, 2)


def test_a_run_that_stopped_three_workers_fails_and_frees_the_call(pairing_call, marta):
    run = left_running(pairing_call, marta, attempts=pairing.MOST_ATTEMPTS)
    assert pairing.rescue_runs(at=run.requested_at + timedelta(minutes=4)) == 0
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "Three workers stopped while solving.")
    assert requested(pairing_call, marta).number == 2


def test_a_result_that_cannot_be_kept_fails_the_run_and_says_why(pairing_call, marta):
    run = requested(pairing_call, marta)
    pairing_call.applications.filter(lead__city__name="Toyota").update(reference="RENAMED-1")
    assert not pairing.execute_run(run_id=run.pk, at=timezone.now())
    run.refresh_from_db()
    assert run.state == "failed"
    assert run.error.startswith("KeyError")
    assert not Proposal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_rescues_at_once_solve_a_run_once(pairing_call, marta):
    run = left_running(pairing_call, marta, attempts=1)
    at = run.requested_at + timedelta(minutes=4)
    solved_by: list[int] = []

    def rescue() -> None:
        solved_by.append(pairing.rescue_runs(at=at))
        connection.close()

    rescues = [threading.Thread(target=rescue) for _number in range(3)]
    for thread in rescues:
        thread.start()
    for thread in rescues:
        thread.join()
    run.refresh_from_db()
    assert sorted(solved_by) == [0, 0, 1]
    assert (run.state, run.attempts, run.proposals.count()) == ("done", 2, 2)


# --- the board ----------------------------------------------------------------------------------------------


def test_the_board_starts_a_run_and_shows_that_it_waits(client, pairing_call, marta):
    client.force_login(marta)
    assert "No run yet" in client.get(board(pairing_call)).content.decode()
    start = reverse("admin:calls_call_pairing_run", args=[pairing_call.pk])
    assert client.post(start).status_code == 302
    page = client.get(board(pairing_call)).content.decode()
    assert "Waiting for a worker" in page
    assert "Reload" in page
    assert 'hx-trigger="every 2s"' in page
    assert client.post(start).status_code == 409
    polled = client.get(board(pairing_call), headers={"HX-Request": "true"})
    assert "HX-Refresh" not in polled
    pairing.execute_run(run_id=pairing_call.pairing_runs.get().pk, at=timezone.now())
    assert client.get(board(pairing_call), headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_the_board_says_the_result_in_words(client, pairing_call, marta):
    solved(pairing_call, marta)
    client.force_login(marta)
    page = " ".join(client.get(board(pairing_call)).content.decode().split())
    assert "proven optimal" in page
    assert "certificate checked" in page
    assert "2 pairs" in page
    assert "Both chose" in page
    assert "no data" in page
    assert "bar--missing" in page
    assert "hx-trigger" not in page


def test_a_failed_run_says_why(client, pairing_call, marta):
    run = requested(pairing_call, marta)
    PairingRun.objects.filter(pk=run.pk).update(state="failed", error="NotProven: score_differs")
    client.force_login(marta)
    page = client.get(board(pairing_call)).content.decode()
    assert "Nothing of it is kept." in page
    assert "NotProven: score_differs" in page


def test_the_unmatched_are_listed_with_the_cause(client, pairing_call, marta):
    pairing_call.applications.filter(lead__city__name="Toyota").update(status="withdrawn")
    solved(pairing_call, marta)
    client.force_login(marta)
    page = client.get(board(pairing_call)).content.decode()
    assert "Without a partner" in page
    assert "compete for 1 place" in page


@pytest.mark.parametrize("query", ["?run=9", "?run=x", "?pair=9", "?pair=x"])
def test_a_run_or_pair_that_does_not_exist_is_404(client, pairing_call, marta, query):
    solved(pairing_call, marta)
    client.force_login(marta)
    assert client.get(board(pairing_call, query)).status_code == 404


def test_a_call_that_does_not_pair_has_no_board(client, marta):
    client.force_login(marta)
    assert client.get(board(CallFactory())).status_code == 404


def test_an_officer_is_turned_away(client, pairing_call):
    client.force_login(UserFactory())
    assert client.get(board(pairing_call)).status_code == 302
    start = reverse("admin:calls_call_pairing_run", args=[pairing_call.pk])
    assert client.post(start).status_code == 302
    assert not PairingRun.objects.exists()


# --- approving a pair ---------------------------------------------------------------------------------------


def press(client, step: str, proposal: Proposal):
    args = [proposal.run.call_id, proposal.pk]
    return client.post(reverse(f"admin:calls_call_pair_{step}", args=args))


def test_a_pair_needs_two_persons_and_founds_a_partnership(client, pairing_call, marta, helena):
    proposal = solved(pairing_call, marta).proposals.first()
    client.force_login(helena)
    assert press(client, "approve", proposal).status_code == 409
    client.force_login(marta)
    assert press(client, "recommend", proposal).status_code == 302
    assert press(client, "approve", proposal).status_code == 403
    client.force_login(helena)
    assert press(client, "approve", proposal).status_code == 302
    partnership = Partnership.objects.get()
    assert partnership.kind == "pairing"
    page = client.get(board(pairing_call, f"?pair={proposal.pk}")).content.decode()
    assert partnership.get_absolute_url() in page
    assert press(client, "approve", proposal).status_code == 409
    assert Partnership.objects.count() == 1


def test_who_recommends_does_not_approve_even_with_the_right(client, pairing_call, helena):
    proposal = solved(pairing_call, helena).proposals.first()
    client.force_login(helena)
    press(client, "recommend", proposal)
    page = client.get(board(pairing_call, f"?pair={proposal.pk}")).content.decode()
    assert "You recommended this pair. A second person approves it." in page
    assert press(client, "approve", proposal).status_code == 403
    assert not Partnership.objects.exists()


def test_a_city_gets_one_partner_from_a_call(pairing_call, marta, helena):
    first, second = solved(pairing_call, marta), solved(pairing_call, marta)
    proposal = first.proposals.first()
    pairing.recommend_pair(proposal=proposal, by=marta, at=timezone.now())
    same = second.proposals.get(home=proposal.home)
    pairing.recommend_pair(proposal=same, by=marta, at=timezone.now())
    pairing.approve_pair(proposal=proposal, by=helena, at=timezone.now())
    with pytest.raises(NotPossible, match="already has a partner"):
        pairing.approve_pair(proposal=same, by=helena, at=timezone.now())
    third = solved(pairing_call, marta)
    assert not third.proposals.filter(home=proposal.home).exists()


def test_places_of_approved_pairs_are_taken_in_the_next_run(pairing_call, marta, helena):
    run = solved(pairing_call, marta)
    proposal = run.proposals.first()
    pairing.recommend_pair(proposal=proposal, by=marta, at=timezone.now())
    pairing.approve_pair(proposal=proposal, by=helena, at=timezone.now())
    frozen = pairing_input(pairing_call, at=timezone.now())
    assert [quota.maximum for quota in (*frozen.a.quotas, *frozen.b.quotas)] == [1, 1]
    assert len(frozen.a.profiles) == len(frozen.b.profiles) == 1


def test_a_city_that_withdrew_is_not_paired(pairing_call, marta, helena):
    proposal = solved(pairing_call, marta).proposals.first()
    pairing.recommend_pair(proposal=proposal, by=marta, at=timezone.now())
    pairing_call.applications.filter(pk=proposal.home_id).update(status="withdrawn")
    with pytest.raises(NotPossible, match="cannot be paired"):
        pairing.approve_pair(proposal=proposal, by=helena, at=timezone.now())


def test_a_pair_of_another_call_is_404(client, pairing_call, marta):
    proposal = solved(pairing_call, marta).proposals.first()
    other = CallFactory(kind="pairing", process="pairing")
    client.force_login(marta)
    address = reverse("admin:calls_call_pair_recommend", args=[other.pk, proposal.pk])
    assert client.post(address).status_code == 404
