"""Other pages of a run: why not, what-ifs, comparisons, map, all scores, reserve list, proof, groups."""

import hashlib
import json

import pytest

from calls.models import PairingRun
from calls.queries.pairing_matrix import MOST, matrix_of
from calls.queries.pairing_runs import open_run
from tests.calls.desk_world import staff_person
from tests.calls.pairing_board_world import board, call_of, page, words
from tests.calls.pairing_world import application_of, pairs_of, solve_here, solved
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

VIEWS = ("map", "matrix", "without", "proof")
QUERIES = {"map": 16, "matrix": 11, "without": 10, "proof": 10}


@pytest.fixture
def marta(client):
    person = staff_person("marta@example.org")
    client.force_login(person)
    return person


def reference(call, city: str) -> str:
    return application_of(call, city).reference


# --- why not ----------------------------------------------------------------------------------------------


def test_why_not_ends_in_the_net_loss_and_says_what_else_changes(client, pairing_call, marta):
    solved(pairing_call, marta)
    asked = f"?run=1&a={reference(pairing_call, 'Essen')}&b={reference(pairing_call, 'Toyota')}"
    found = words(client.get(board(pairing_call, asked)))
    assert "Why not Essen with Toyota?" in found
    assert "Essen takes Toyota" in found
    assert "Koriyama leaves Essen" in found
    assert "All pairs together" in found
    assert "Still 2 pairs." in found
    assert '<td class="num net">−' in found


def test_the_board_asks_for_the_nearest_rival_by_itself(client, pairing_call, marta):
    solved(pairing_call, marta)
    proposal = pairing_call.pairing_runs.get().proposals.get(places__application__lead__city__name="Essen")
    assert "Why not Essen with Toyota?" in words(client.get(board(pairing_call, f"?pair={proposal.pk}")))


def test_two_cities_of_one_side_and_unknown_ones_are_answered_in_words(client, pairing_call, marta):
    solved(pairing_call, marta)
    essen, grenoble = reference(pairing_call, "Essen"), reference(pairing_call, "Grenoble")
    assert "same side" in words(client.get(board(pairing_call, f"?a={essen}&b={grenoble}")))
    assert "does not take part" in words(client.get(board(pairing_call, f"?a={essen}&b=X")))
    assert "together in this run" in words(
        client.get(board(pairing_call, f"?a={essen}&b={reference(pairing_call, 'Koriyama')}"))
    )


# --- what if, and two runs side by side -------------------------------------------------------------------


def form_of(client, call, run) -> dict[str, str]:
    """The fields of the what-if page as they stand."""
    form = client.get(page("what_if", call, run.number)).context["form"]
    found = {field.name: field.value() for field in form if field.name not in ("without", "raise_floor")}
    return {name: "" if value is None else str(value) for name, value in found.items()} | {
        "raise_floor": "on"
    }


def test_a_what_if_leads_to_the_two_runs_side_by_side(client, pairing_call, marta):
    run = solved(pairing_call, marta)
    typed = form_of(client, pairing_call, run)
    away = reference(pairing_call, "Toyota")
    answer = client.post(page("what_if", pairing_call, 1), typed | {"without": away, "minimum_score": "5"})
    assert answer.status_code == 302
    child = PairingRun.objects.get(cause="what_if")
    assert child.changes == {"minimum_score": 5000, "without": [away]}
    waiting = words(client.get(answer["Location"]))
    assert "Waiting for a worker" in waiting
    assert "Without Toyota." in waiting
    solve_here(child)
    polled = client.get(answer["Location"], headers={"HX-Request": "true"})
    assert polled["HX-Refresh"] == "true"
    found = words(polled)
    assert "2 cities lose their partner." in found
    assert "Grenoble" in found
    shown = words(client.get(board(pairing_call, "?run=2")))
    assert "nothing of it is published" in shown
    assert "Recommend this run" not in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"weight_wishes": "99"}, "The points sum to 100. Now they are"),
        ({"weight_wishes": "-1"}, "greater than or equal to 0"),
        ({"minimum_score": "many"}, "Enter a number."),
        ({"minimum_0": "3"}, "The least cannot be above the most."),
        ({"without": "X"}, "X is not one of the available choices"),
        ({}, "Change something first"),
    ],
)
def test_a_what_if_that_cannot_be_says_why_and_starts_nothing(client, pairing_call, marta, typed, said):
    run = solved(pairing_call, marta)
    answer = client.post(page("what_if", pairing_call, 1), form_of(client, pairing_call, run) | typed)
    assert answer.status_code == 422
    assert said in words(answer)
    assert pairing_call.pairing_runs.count() == 1


def test_two_runs_that_agree_move_nobody(client, pairing_call, marta):
    solved(pairing_call, marta)
    solved(pairing_call, marta)
    address = page("compare", pairing_call)
    assert "All runs of this call" in words(client.get(address))
    assert "Nobody moves" in words(client.get(f"{address}?before=1&after=2"))
    for query in ("?before=1&after=9", "?before=x&after=1", "?before=&after="):
        assert client.get(address + query).status_code == 404


# --- map, all scores, reserve list, proof -----------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("count", [1, 3, 20])
def test_a_view_takes_the_same_queries_for_any_number_of_proposals(
    client, marta, view, count, django_assert_num_queries
):
    call = call_of(count)
    solved(call, marta)
    with django_assert_num_queries(QUERIES[view]):
        assert client.get(page(view, call, 1)).status_code == 200


def test_the_map_has_an_arc_for_each_pair_and_the_same_as_a_table(client, marta):
    call = call_of(3)
    solved(call, marta)
    found = client.get(page("map", call, 1)).content.decode()
    assert found.count('class="arc"') == 2 * 3  # for a wide page and for a phone
    assert found.count('<th scope="row">') == 3


def test_all_scores_mark_what_is_proposed_pinned_and_vetoed(client, pairing_call, marta):
    solved(pairing_call, marta)
    found = words(client.get(page("matrix", pairing_call, 1)))
    assert found.count("cell-chosen") == 2
    assert 'role="region" tabindex="0"' in found


def test_a_large_run_shows_the_best_candidates_page_by_page(client, marta):
    call = call_of(MOST + 1)
    opened = open_run(solved(call, marta))
    whole = matrix_of(opened)
    assert (len(whole.rows), whole.columns, whole.count) == (MOST, [], MOST + 1)
    assert all(any(cell.chosen for cell in row.cells) for row in whole.rows)
    assert "The next cities" in words(client.get(page("matrix", call, 1)))
    assert "The cities before" in words(client.get(page("matrix", call, 1) + f"?from={MOST}"))
    assert client.get(page("matrix", call, 1) + "?from=abc").status_code == 200


def test_the_reserve_list_says_whom_a_city_would_join_and_at_what_cost(client, pairing_call, marta):
    pairing_call.applications.filter(lead__city__name="Toyota").update(status="withdrawn")
    solved(pairing_call, marta)
    found = words(client.get(page("without", pairing_call, 1)))
    assert "1 city has no partner." in found
    assert "Grenoble" in found
    assert "with Koriyama" in found
    assert "Koriyama leaves Essen" in found


def test_the_proof_names_weights_objective_and_hashes(client, pairing_call, marta):
    run = solved(pairing_call, marta)
    found = words(client.get(page("proof", pairing_call, 1)))
    assert "No better total is possible" in found
    assert run.input_sha256[:8] in found
    assert "ortools" in found


def test_the_frozen_input_can_be_hashed_again(client, pairing_call, marta):
    run = solved(pairing_call, marta)
    kept = client.get(page("download", pairing_call, 1, "input"))
    assert hashlib.sha256(kept.content).hexdigest() == run.input_sha256
    assert "attachment" in kept["Content-Disposition"]
    result = json.loads(client.get(page("download", pairing_call, 1, "result")).content)
    assert all(pair["criteria"] for pair in result["pairs"])
    assert client.get(page("download", pairing_call, 1, "secret")).status_code == 404
    client.force_login(UserFactory(is_staff=True))
    assert client.get(page("download", pairing_call, 1, "input")).status_code == 403


def test_a_run_without_a_result_has_no_views(client, pairing_call, marta):
    run = solved(pairing_call, marta)
    PairingRun.objects.filter(pk=run.pk).update(state="failed", result=None)
    for view in (*VIEWS, "what_if", "publish"):
        assert client.get(page(view, pairing_call, 1)).status_code == 404


# --- groups -----------------------------------------------------------------------------------------------


def test_a_trio_shows_its_cities_and_the_links_among_them(client, marta):
    call = call_of(3)
    call.pairing = {"shape": "pool", "smallest": 3, "largest": 3}
    call.save()
    run = solved(call, marta)
    assert {len(group) for group in pairs_of(run)} == {3}
    found = words(client.get(board(call)))
    assert "2 groups" in found
    assert found.count('class="link-names"') == 3
    assert "mean of all links" in found
    for view in VIEWS:
        assert client.get(page(view, call, 1)).status_code == 200


def test_two_cities_of_different_groups_are_told_what_it_would_cost(client, marta):
    call = call_of(2)
    call.pairing = {"shape": "pool", "smallest": 2, "largest": 2}
    call.save()
    run = solved(call, marta)
    (a, _b), (c, _d) = [
        [place.application.reference for place in row.places.all()] for row in run.proposals.all()
    ]
    found = words(client.get(board(call, f"?a={a}&b={c}")))
    assert "Their link would score" in found
    assert "form a group" in found
