"""The review desk and the ranking: sheets saved as they are, conflicts that lose nothing, exact ties."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Review
from calls.operations.reviewing import finish_review, save_review
from calls.queries.ranking import ranking_of
from tests.calls.desk_world import Desk

pytestmark = pytest.mark.django_db

RANKING_QUERIES = 11  # session, person, two of rights, the call, texts, quotas, rows, three of their sheets


@pytest.fixture
def desk() -> Desk:
    return Desk()


def desk_of(application) -> str:
    return reverse("admin:calls_application_review", args=[application.pk])


def sheet(desk: Desk, first: str = "", second: str = "", **more) -> dict[str, object]:
    relevance, plan = desk.criteria
    found = {f"score_{relevance.pk}": first, f"score_{plan.pk}": second, "version": 0, "save": "1"}
    return {**found, **more}


def own(application, user) -> Review:
    return application.reviews.get(reviewer=user)


def test_the_desk_shows_the_application_beside_the_sheet(client, desk):
    application = desk.eligible()
    client.force_login(desk.marta)
    page = client.get(desk_of(application)).content.decode()
    assert "Young people are heard." in page
    assert "weight 60 %" in page
    assert page.count('name="score_') == 12


def test_a_sheet_is_saved_with_scores_missing(client, desk):
    application = desk.eligible()
    client.force_login(desk.marta)
    note = {f"note_{desk.criteria[0].pk}": "Concrete."}
    assert client.post(desk_of(application), sheet(desk, "4", **note)).status_code == 302
    review = own(application, desk.marta)
    assert (review.version, review.finished_at) == (1, None)
    assert [(row.value, row.note) for row in review.scores.all()] == [(4, "Concrete.")]
    page = client.get(desk_of(application)).content.decode()
    assert "Saved" in page
    assert "48 <small>of 60</small>" in " ".join(page.split())


def test_a_score_can_be_taken_back(client, desk):
    application = desk.eligible()
    client.force_login(desk.marta)
    client.post(desk_of(application), sheet(desk, "4", "5"))
    client.post(desk_of(application), sheet(desk, "", "5", version=1))
    assert [row.value for row in own(application, desk.marta).scores.all()] == [5]


def test_finishing_needs_every_score_and_a_recommendation(client, desk):
    application = desk.eligible()
    client.force_login(desk.marta)
    finish = {"finish": "1", "recommendation": "fund"}
    response = client.post(desk_of(application), sheet(desk, "4", **finish))
    assert response.status_code == 409
    assert "Missing: Plan." in response.content.decode()
    response = client.post(desk_of(application), sheet(desk, "4", "3", finish="1"))
    assert "Choose a recommendation" in response.content.decode()
    assert client.post(desk_of(application), sheet(desk, "4", "3", **finish)).status_code == 302
    assert own(application, desk.marta).finished_at is not None
    assert "read only" in client.get(desk_of(application)).content.decode()
    assert client.post(desk_of(application), sheet(desk, "1", "1", version=1)).status_code == 409


def test_a_stale_sheet_keeps_what_was_typed_and_shows_the_newer_one(client, desk):
    application = desk.eligible()
    client.force_login(desk.marta)
    client.post(desk_of(application), sheet(desk, "4", "3"))
    stale = sheet(desk, "1", "2", comment="Written in the second window.")
    response = client.post(desk_of(application), stale)
    page = " ".join(response.content.decode().split())
    assert response.status_code == 409
    assert "Saved in the other window" in page
    assert "Written in the second window." in page
    assert 'name="version" value="1"' in page
    assert [row.value for row in own(application, desk.marta).scores.all()] == [4, 3]
    assert client.post(desk_of(application), {**stale, "version": 1}).status_code == 302
    assert [row.value for row in own(application, desk.marta).scores.all()] == [1, 2]


@pytest.mark.parametrize(
    "more", [{"comment": "a\x00b"}, {"version": ""}, {"recommendation": "maybe"}, {"comment": "x" * 5_001}]
)
def test_a_broken_sheet_is_422_and_stores_nothing(client, desk, more):
    application = desk.eligible()
    client.force_login(desk.marta)
    assert client.post(desk_of(application), sheet(desk, "4", "3", **more)).status_code == 422
    assert client.post(desk_of(application), sheet(desk, "9", "3")).status_code == 422
    assert not application.reviews.exists()


def test_a_note_without_a_score_is_kept_and_asked_about(client, desk):
    application = desk.eligible()
    client.force_login(desk.marta)
    note = {f"note_{desk.criteria[1].pk}": "No fallback is given."}
    response = client.post(desk_of(application), sheet(desk, "4", **note))
    assert response.status_code == 422
    assert "No fallback is given." in response.content.decode()
    assert "Give a score beside the note" in response.content.decode()


def test_others_scores_stay_hidden_until_ones_own_are_finished(client, desk):
    application = desk.scored("Ale", (5, 1), by=desk.helena)
    client.force_login(desk.marta)
    address = reverse("admin:calls_application_change", args=[application.pk])
    page = client.get(address).content.decode()
    assert "Hidden until you finish your own review." in page
    assert "68.0" not in page
    desk.score(application, (3, 3), desk.marta)
    assert "68.0" in client.get(address).content.decode()


def test_an_application_that_is_not_under_review_is_read_only(client, desk):
    application = desk.reviewed()
    client.force_login(desk.helena)
    assert "not under review" in client.get(desk_of(application)).content.decode()
    assert client.post(desk_of(application), sheet(desk, "4", "3")).status_code == 409


def test_closing_the_review_needs_a_finished_sheet(client, desk):
    application = desk.eligible()
    address = reverse("admin:calls_application_finish_review", args=[application.pk])
    client.force_login(desk.marta)
    assert client.post(address, {"version": application.version}).status_code == 409
    desk.score(application, (4, 3), desk.marta)
    assert client.post(address, {"version": application.version}).status_code == 302
    application.refresh_from_db()
    assert application.status == "reviewed"


# --- ranking ------------------------------------------------------------------------------------------------


def test_the_ranking_weighs_and_says_ties(client, desk):
    names = {"Ale": (5, 5), "Umeå": (4, 1), "Lund": (2, 4), "Växjö": (1, 1)}
    for name, values in names.items():
        desk.scored(name, values)
    desk.eligible("Kalmar")
    ranked = ranking_of(desk.call)
    assert [(row.application.lead.city.name, row.rank, row.mean) for row in ranked] == [
        ("Ale", "1", 100.0),
        ("Umeå", "2=", 56.0),
        ("Lund", "2=", 56.0),
        ("Växjö", "4", 20.0),
        ("Kalmar", "", None),
    ]
    client.force_login(desk.marta)
    page = client.get(reverse("admin:calls_call_ranking", args=[desk.call.pk])).content.decode()
    assert "4 of 5 applications have a finished review. 2 share their place with another." in page


def test_the_spread_is_the_lowest_and_the_highest_reviewer(desk):
    application = desk.scored("Ale", (5, 5))
    desk.score(application, (3, 3), desk.helena)
    (row,) = ranking_of(desk.call)
    assert (row.mean, row.low, row.high, row.sheets) == (80.0, 60.0, 100.0, 2)


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_ranking_costs_the_same_at_any_length(client, desk, count, django_assert_num_queries):
    for number in range(count):
        desk.scored(f"City-{number}", (4, 3))
    client.force_login(desk.marta)
    with django_assert_num_queries(RANKING_QUERIES):
        client.get(reverse("admin:calls_call_ranking", args=[desk.call.pk]))


def test_a_sheet_cannot_be_saved_after_the_review_was_closed(desk):
    application = desk.scored()
    finish_review(application=application, by=desk.marta, at=timezone.now())
    with pytest.raises(Exception, match="not under review"):
        save_review(
            application=application,
            scores={},
            recommendation="",
            comment="",
            version=0,
            finish=False,
            by=desk.helena,
            at=timezone.now(),
        )
