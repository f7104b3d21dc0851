"""The pairing board: runs in words, proposals, progress, pins and vetoes, notes, recommending, publishing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Directive, PairingNote, PairingRun
from calls.operations import directing
from calls.operations.proposing import recommend_run
from tests.calls.desk_world import staff_person
from tests.calls.pairing_board_world import board, call_of, page, wait_for_worker, words
from tests.calls.pairing_world import application_of, published, requested, solved
from tests.factories import CallFactory, UserFactory

pytestmark = pytest.mark.django_db

BOARD_QUERIES = 20


@pytest.fixture
def marta(client):
    person = staff_person("marta@example.org")
    client.force_login(person)
    return person


@pytest.fixture
def helena():
    return staff_person("helena@example.org", "decide_application")


def proposal_of(run: PairingRun, city: str):
    return run.proposals.get(places__application__lead__city__name=city)


# --- runs -------------------------------------------------------------------------------------------------


def test_the_board_starts_a_run_and_shows_how_far_it_is(client, pairing_call, marta):
    assert "No run yet" in words(client.get(board(pairing_call)))
    assert client.post(page("run", pairing_call)).status_code == 302
    waiting = words(client.get(board(pairing_call)))
    assert "Waiting for a worker" in waiting
    assert "Reload" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert client.post(page("run", pairing_call)).status_code == 409
    wait_for_worker(pairing_call.pairing_runs.get())
    polled = client.get(board(pairing_call), headers={"HX-Request": "true"})
    assert "Making the weakest as strong as possible" in words(polled)
    assert "42 percent done" in words(polled)
    assert "HX-Refresh" not in polled


def test_the_open_page_is_read_anew_when_the_run_ends(client, pairing_call, marta):
    solved(pairing_call, marta)
    assert client.get(board(pairing_call), headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_run_is_stopped_and_the_board_says_who_did(client, pairing_call, marta):
    run = requested(pairing_call, marta)
    assert client.post(page("cancel", pairing_call, run.number)).status_code == 302
    assert "Marta stopped it" in words(client.get(board(pairing_call)))
    again = client.post(page("cancel", pairing_call, run.number))
    assert again.status_code == 409
    assert "ended already" in words(again)


def test_a_failed_run_says_why_in_words(client, pairing_call, marta):
    run = requested(pairing_call, marta)
    PairingRun.objects.filter(pk=run.pk).update(state="failed", error="time|60")
    found = words(client.get(board(pairing_call)))
    assert "Nothing of it is kept." in found
    assert "It took longer than 60 seconds and was stopped." in found


@pytest.mark.parametrize("query", ["?run=9", "?run=x", "?run=99999999999", "?pair=999999", "?pair=x"])
def test_a_run_or_proposal_that_does_not_exist_is_404(client, pairing_call, marta, query):
    solved(pairing_call, marta)
    assert client.get(board(pairing_call, query)).status_code == 404


def test_a_call_that_does_not_pair_has_no_board(client, marta):
    assert client.get(board(CallFactory())).status_code == 404


def test_an_officer_is_turned_away(client, pairing_call):
    client.force_login(UserFactory())
    assert client.get(board(pairing_call)).status_code == 302
    assert client.post(page("run", pairing_call)).status_code == 302
    assert not PairingRun.objects.exists()


# --- proposals --------------------------------------------------------------------------------------------


def test_a_proposal_is_said_in_words_with_its_points_and_a_counter_reason(client, pairing_call, marta):
    solved(pairing_call, marta)
    found = words(client.get(board(pairing_call)))
    assert "proven optimal, certificate checked" in found
    assert "2 pairs" in found
    assert "Both chose energy transition" in found
    assert "no data" in found
    assert "bar--missing" in found
    assert "Against" in found
    assert "Lowest of all" in found
    assert "hx-trigger" not in found


def test_the_chosen_proposal_is_marked_in_the_list_and_drawn_large(client, pairing_call, marta):
    proposal = proposal_of(solved(pairing_call, marta), "Grenoble")
    found = words(client.get(board(pairing_call, f"?run=1&pair={proposal.pk}")))
    assert '<p class="pair-name">Grenoble</p>' in found
    assert found.count('class="chosen"') == 1


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_board_takes_the_same_queries_for_any_number_of_proposals(
    client, marta, count, django_assert_num_queries
):
    call = call_of(count)
    run = solved(call, marta)
    assert run.proposals.count() == count
    with django_assert_num_queries(BOARD_QUERIES):
        assert client.get(board(call)).status_code == 200


def test_without_a_solution_the_causes_lead_to_what_settles_them(client, pairing_call, marta):
    essen, koriyama, toyota = (application_of(pairing_call, name) for name in ("Essen", "Koriyama", "Toyota"))
    pins = [
        directing.direct(
            call=pairing_call,
            kind="pin",
            one=essen,
            other=other,
            reason="Agreed.",
            by=marta,
            at=timezone.now(),
        )
        for other in (koriyama, toyota)
    ]
    solved(pairing_call, marta)
    found = words(client.get(board(pairing_call)))
    assert "Essen has 2 pins, more than the 1 that it takes. End a pin." in found
    for pin in pins:
        assert f"#directive-{pin.pk}" in found
    assert "Recommend this run" not in found


# --- pins, vetoes, notes ----------------------------------------------------------------------------------


def fix(client, call, run, kind: str, city: str, reason: str):
    proposal = proposal_of(run, city)
    one, other = (place.application.reference for place in proposal.places.all())
    typed = {f"{kind}-one": one, f"{kind}-other": other, f"{kind}-reason": reason}
    return client.post(page("direct", call, run.number, proposal.pk, kind), typed)


def test_a_veto_without_a_reason_is_asked_for_one_in_place(client, pairing_call, marta):
    run = solved(pairing_call, marta)
    answer = fix(client, pairing_call, run, "veto", "Essen", "  ")
    assert answer.status_code == 422
    assert "Give the reason." in words(answer)
    assert '<details class="direct-form" open>' in words(answer)
    assert not Directive.objects.exists()


def test_a_reason_that_is_too_long_is_kept_and_said(client, pairing_call, marta):
    run = solved(pairing_call, marta)
    answer = fix(client, pairing_call, run, "pin", "Essen", "x" * 301)
    assert answer.status_code == 422
    assert "x" * 301 in answer.content.decode()


def test_a_veto_holds_in_the_next_run_and_the_board_says_that_it_is_older(client, pairing_call, marta):
    run = solved(pairing_call, marta)
    answer = fix(client, pairing_call, run, "veto", "Essen", "They are rivals.")
    assert answer.status_code == 302
    found = words(client.get(answer["Location"]))
    assert "1 pin or veto was made or ended after this run." in found
    assert "They are rivals." in found
    second = solved(pairing_call, marta)
    assert "Koriyama" not in str(proposal_of(second, "Essen"))
    found = words(client.get(board(pairing_call)))
    assert "Since run 1" in found
    assert "Side by side" in found
    assert "made or ended after this run" not in found


def test_a_pinned_pair_is_marked_as_such(client, pairing_call, marta):
    run = solved(pairing_call, marta)
    fix(client, pairing_call, run, "pin", "Essen", "Twins since 1990.")
    solved(pairing_call, marta)
    assert "Pinned" in words(client.get(board(pairing_call)))


def test_a_second_word_on_the_same_two_cities_is_refused(client, pairing_call, marta):
    run = solved(pairing_call, marta)
    fix(client, pairing_call, run, "pin", "Essen", "Yes.")
    answer = fix(client, pairing_call, run, "veto", "Essen", "No.")
    assert answer.status_code == 409
    assert "End that first." in words(answer)
    assert Directive.objects.get().kind == "pin"


def test_who_does_not_recommend_does_not_direct(client, pairing_call, marta):
    run = solved(pairing_call, marta)
    reader = UserFactory(is_staff=True)
    client.force_login(reader)
    assert fix(client, pairing_call, run, "pin", "Essen", "Yes.").status_code == 403
    assert not Directive.objects.exists()


def test_any_two_cities_are_directed_on_the_page_of_pins_and_vetoes(client, pairing_call, marta):
    essen, toyota = (application_of(pairing_call, name) for name in ("Essen", "Toyota"))
    address = page("directives", pairing_call)
    typed = {"one": essen.reference, "other": toyota.reference, "kind": "pin", "reason": "Both mayors ask."}
    twice = client.post(address, typed | {"other": essen.reference})
    assert twice.status_code == 422
    assert "Choose two different cities." in words(twice)
    assert client.post(address, typed | {"other": "X"}).status_code == 422
    assert client.post(address, typed).status_code == 302
    assert "Both mayors ask." in words(client.get(address))
    made = Directive.objects.get()
    assert client.post(page("directive_end", pairing_call, made.pk)).status_code == 302
    assert "Ended by Marta" in words(client.get(address))
    assert client.post(page("directive_end", pairing_call, made.pk)).status_code == 409
    assert client.post(page("directive_end", pairing_call, made.pk + 1)).status_code == 404


def test_a_note_on_a_pair_is_kept_and_taken_out_by_its_writer(client, pairing_call, marta, helena):
    run = solved(pairing_call, marta)
    proposal = proposal_of(run, "Essen")
    references = [place.application.reference for place in proposal.places.all()]
    address = page("note", pairing_call, run.number, proposal.pk)
    assert client.post(address, {"note-about": " ".join(references), "note-text": " "}).status_code == 422
    typed = {"note-about": " ".join(references), "note-text": "Their mayors met."}
    assert client.post(address, typed).status_code == 302
    assert "Their mayors met." in words(client.get(board(pairing_call, f"?pair={proposal.pk}")))
    note = PairingNote.objects.get()
    client.force_login(helena)
    assert client.post(page("note_remove", pairing_call, note.pk)).status_code == 403
    client.force_login(marta)
    assert client.post(page("note_remove", pairing_call, note.pk)).status_code == 302
    assert not PairingNote.objects.exists()


# --- to the cities ----------------------------------------------------------------------------------------


def test_a_run_is_recommended_by_one_and_published_by_another(client, pairing_call, marta, helena):
    run = solved(pairing_call, marta)
    assert "Recommend this run" in words(client.get(board(pairing_call)))
    assert client.post(page("recommend", pairing_call, run.number)).status_code == 302
    found = words(client.get(board(pairing_call)))
    assert "You recommended this run. A second person publishes it." in found
    due = (timezone.now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    address = page("publish", pairing_call, run.number)
    assert client.post(address, {"answer_by": due}).status_code == 403
    client.force_login(helena)
    assert "Publish to the cities" in words(client.get(board(pairing_call)))
    assert client.post(address, {"answer_by": "2020-01-01T10:00"}).status_code == 409
    assert client.post(address, {"answer_by": "soon"}).status_code == 422
    assert client.post(address, {"answer_by": due}).status_code == 302
    run.refresh_from_db()
    assert run.published_by == helena


def test_answers_are_shown_as_they_come(client, pairing_call, marta, helena):
    run = published(solved(pairing_call, marta), marta, helena)
    proposal = proposal_of(run, "Essen")
    assert "No answer yet" in words(client.get(board(pairing_call)))
    home, abroad = proposal.places.all()
    home.answer, home.answered_at = "accepted", timezone.now()
    home.save()
    assert "Koriyama to answer" in words(client.get(board(pairing_call)))
    abroad.answer, abroad.answered_at, abroad.decline_reason = "declined", timezone.now(), "means"
    abroad.decline_text = "Our team is two people."
    abroad.introduction_asked_at = timezone.now()
    abroad.save()
    found = words(client.get(board(pairing_call, f"?pair={proposal.pk}")))
    assert "Koriyama declined" in found
    assert "We lack the people or the means now." in found
    assert "Our team is two people." in found
    assert "Asked for an introduction" in found


def test_a_run_recommended_already_is_refused_in_place(client, pairing_call, marta):
    run = solved(pairing_call, marta)
    recommend_run(run=run, by=marta, at=timezone.now())
    assert client.post(page("recommend", pairing_call, run.number)).status_code == 409


def test_what_cities_ask_for_and_owe_stands_in_the_queue(client, pairing_call, marta, helena):
    run = published(solved(pairing_call, marta), marta, helena)
    proposal = proposal_of(run, "Essen")
    proposal.places.update(introduction_asked_at=timezone.now())
    PairingRun.objects.filter(pk=run.pk).update(answer_by=timezone.now() - timedelta(hours=1))
    found = words(client.get(reverse("admin:index")))
    assert f"{board(pairing_call)}?run=1&amp;pair={proposal.pk}" in found
    assert "Cities that ask to be introduced" in found
    assert "Proposals whose answers are overdue" in found
