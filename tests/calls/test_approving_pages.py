"""What the second person reads before approving and publishing: the order, the sums, the list behind it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models.decision import Outcome
from calls.operations.deciding import recommend
from calls.operations.deciding_lists import approve_list, recommend_list
from calls.operations.results import publish_results
from calls.operations.selecting import run_selection
from calls.queries.decisions import fingerprint_of, open_decisions
from calls.queries.selection_input import settings_of
from tests.calls.desk_world import Desk

pytestmark = pytest.mark.django_db
PAGE_QUERIES = 17


@pytest.fixture
def desk() -> Desk:
    """Ale, Boden and Cadiz are worth 40, 60 and 80; two places; a list of Marta's is recommended."""
    desk = Desk()
    desk.call.places, desk.call.reserve_places = 2, 0
    desk.call.save(update_fields=["places", "reserve_places"])
    for number, name in enumerate(("Ale", "Boden", "Cadiz")):
        desk.reviewed(name, values=(2 + number, 2 + number))
    run = run_selection(call=desk.call, settings=settings_of(desk.call), by=desk.marta, at=timezone.now())
    recommend_list(run=run, by=desk.marta, at=timezone.now())
    return desk


def read(client, desk, who, name: str, query: str = "") -> str:
    client.force_login(who)
    page = client.get(reverse(f"admin:calls_call_{name}", args=[desk.call.pk]) + query)
    assert page.status_code == 200
    return page.content.decode()


def approve_all(desk: Desk) -> None:
    seen = fingerprint_of(open_decisions(desk.call))
    approve_list(call=desk.call, seen=seen, by=desk.helena, at=timezone.now())


def test_the_approver_reads_the_list_in_its_order_with_sums_and_where_it_came_from(client, desk):
    page = read(client, desk, desk.helena, "decisions")
    ranked = desk.call.applications.order_by("-lead__city__name")
    places = [page.index(row.reference) for row in ranked]
    assert places == sorted(places)
    assert "Place 1, 80.0 of 100" in page
    assert reverse("admin:calls_call_selection", args=[desk.call.pk, 1]) in page
    text = " ".join(page.split())
    assert "Selected</span></span> 2</span>" in text
    assert "Not selected</span></span> 1</span>" in text


def test_the_recommender_finds_no_button_that_cannot_be_pressed(client, desk):
    page = read(client, desk, desk.marta, "decisions")
    assert "You recommended this outcome. A second person approves it." in page
    assert "approve/" not in page
    assert " disabled" not in page


def test_publishing_names_the_cities_and_the_letters_are_found_by_outcome(client, desk):
    approve_all(desk)
    page = read(client, desk, desk.helena, "publish_results")
    assert "2 cities" in page
    assert all(row.lead.name in page for row in desk.call.applications.filter(decision__outcome="selected"))
    refused = desk.call.applications.get(decision__outcome="rejected")
    letter = read(client, desk, desk.helena, "letters", "?outcome=rejected")
    assert "1 of 1" in letter
    assert refused.reference in letter
    assert "3 letters, as they would be sent now" in letter
    assert "1 of 3" in read(client, desk, desk.helena, "letters", "?outcome=nothing")


def test_whoever_waits_without_a_place_is_named_without_a_number(client):
    desk = Desk()
    declined, waiting = desk.decided("Ale"), desk.decided("Lund", Outcome.RESERVE)
    declined.status = "declined"
    declined.save(update_fields=["status"])
    page = read(client, desk, desk.marta, "decisions")
    assert f"Next: {waiting.lead.name}, on the reserve list" in page
    assert "place None" not in page


def test_the_approvers_page_costs_the_same_with_a_list_behind_it(client, desk, django_assert_num_queries):
    own = desk.reviewed("Espoo")
    recommend(application=own, outcome=Outcome.REJECTED, reason="No.", by=desk.marta, at=timezone.now())
    read(client, desk, desk.helena, "decisions")
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(reverse("admin:calls_call_decisions", args=[desk.call.pk]))


def test_the_word_of_a_lot_that_decided_is_published_with_the_results(client):
    """Two equal applications for one place; nothing parts them, so that the lot decides."""
    desk = Desk()
    desk.call.places, desk.call.slug = 1, "word-of-the-lot"
    desk.call.save(update_fields=["places", "slug"])
    for name in ("Ale", "Boden"):
        desk.reviewed(name, values=(4, 4))
    run = run_selection(call=desk.call, settings=settings_of(desk.call), by=desk.marta, at=timezone.now())
    recommend_list(run=run, by=desk.marta, at=timezone.now())
    approve_all(desk)
    publish_results(call=desk.call, by=desk.helena, at=timezone.now())
    page = client.get(reverse("calls:results", args=[desk.call.slug])).content.decode()
    assert "by lot with the word “word-of-the-lot”." in page
    assert "Anybody can draw the lot again" in page
