"""Score sheets: saved as they are, conflicts that lose nothing, what a declaration opens and closes."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Review
from calls.operations.declaring import declare_no_conflict
from calls.operations.reviewing import finish_review, save_review
from tests.calls.desk_world import Desk, days_ago
from tests.factories import UserFactory
from tests.pages import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def ingrid(client):
    """A reviewer who is not staff, logged in."""
    person = UserFactory(email="ingrid@example.org", name="Ingrid Falk")
    client.force_login(person)
    return person


def address(application, step: str = "desk") -> str:
    return reverse(f"admin:calls_assignment_{step}", args=[application.pk])


def given_to(desk: Desk, person, declared: bool = True, **more):
    """An eligible application, assigned to the person, who has declared no conflict."""
    application = desk.eligible(**more)
    desk.assign(application, person)
    if declared:
        declare_no_conflict(application=application, by=person, at=timezone.now())
    return application


def sheet(desk: Desk, first: str = "", second: str = "", **more) -> dict[str, object]:
    relevance, plan = desk.criteria
    found = {f"answer-score_{relevance.pk}": first, f"answer-score_{plan.pk}": second, "version": 0}
    return {**found, **more}


def note_on(desk: Desk, place: int, text: str) -> dict[str, str]:
    return {f"answer-note_{desk.criteria[place].pk}": text}


def own(application, person) -> Review:
    return application.reviews.get(reviewer=person)


def values(review: Review) -> list[int]:
    return [row.value for row in review.scores.order_by("criterion__position")]


def test_a_sheet_is_saved_with_scores_missing(client, desk, ingrid):
    application = given_to(desk, ingrid)
    form = sheet(desk, "4", **note_on(desk, 0, "Concrete."), **{"answer-feedback": "Write more of the plan."})
    assert client.post(address(application), {**form, "save": "1"}).status_code == 302
    review = own(application, ingrid)
    assert (review.version, review.finished_at, review.feedback) == (1, None, "Write more of the plan.")
    assert [(row.value, row.note) for row in review.scores.all()] == [(4, "Concrete.")]
    page = said(client.get(address(application)))
    assert re.search(r"Saved \d\d:\d\d:\d\d \S+, version 1", page)
    assert re.search(r"data-points>48</span> <small>of <span data-possible>60<", page)
    assert "1 criterion is missing: Plan. The recommendation is missing." in page


def test_a_score_can_be_taken_back(client, desk, ingrid):
    application = given_to(desk, ingrid)
    client.post(address(application), sheet(desk, "4", "5"))
    client.post(address(application), sheet(desk, "", "5", version=1))
    assert values(own(application, ingrid)) == [5]


def test_a_note_without_a_score_is_kept(client, desk, ingrid):
    application = given_to(desk, ingrid)
    client.post(address(application), sheet(desk, "", "0", **note_on(desk, 0, "No fallback is given.")))
    assert values(own(application, ingrid)) == [0]
    page = said(client.get(address(application)))
    assert "No fallback is given.</textarea>" in page
    client.post(
        address(application), sheet(desk, "2", "0", version=1, **note_on(desk, 0, "No fallback is given."))
    )
    review = own(application, ingrid)
    assert (values(review), review.early_notes) == ([2, 0], {})
    assert review.scores.filter(note="No fallback is given.").exists()


def test_finishing_needs_every_score_and_a_recommendation(client, desk, ingrid):
    application = given_to(desk, ingrid)
    finish = {"finish": "1", "answer-recommendation": "fund"}
    response = client.post(address(application), sheet(desk, "4", **finish))
    assert response.status_code == 409
    assert "Missing: Plan." in said(response)
    response = client.post(address(application), sheet(desk, "4", "3", finish="1"))
    assert "Choose a recommendation" in said(response)
    assert client.post(address(application), sheet(desk, "4", "3", **finish)).status_code == 302
    assert own(application, ingrid).finished_at is not None
    assert "The sheet is read only." in said(client.get(address(application)))
    assert client.post(address(application), sheet(desk, "1", "1", version=1)).status_code == 409
    assert values(own(application, ingrid)) == [4, 3]


def test_save_and_next_leads_to_the_next_unfinished_one_and_then_to_the_list(client, desk, ingrid):
    first, second, third = (given_to(desk, ingrid, name=name) for name in ("Ale", "Lund", "Kalmar"))
    desk.score(second, (3, 3), ingrid)
    response = client.post(address(first), sheet(desk, "4", next="1"))
    assert response.url == address(third)
    assert "Your review 3 of 3" in said(client.get(address(third)))
    response = client.post(address(third), sheet(desk, "4", next="1"))
    assert response.url == address(first)
    desk.call.applications.filter(pk=first.pk).update(status="reviewed")
    response = client.post(address(third), sheet(desk, "5", version=1, next="1"))
    assert response.url == reverse("admin:calls_assignment_changelist")


def test_a_stale_sheet_keeps_both_texts_until_one_is_chosen(client, desk, ingrid):
    application = given_to(desk, ingrid)
    client.post(address(application), sheet(desk, "4", "3"))
    stale = sheet(desk, "1", "2", **{"answer-comment": "Written in the second window."})
    response = client.post(address(application), stale)
    page = said(response)
    assert response.status_code == 409
    assert "This sheet has two versions" in page
    assert "Written in the second window.</textarea>" in page
    assert values(own(application, ingrid)) == [4, 3]
    relevance = desk.criteria[0]
    choice = {"settle": "1", f"take-score_{relevance.pk}": "theirs"}
    assert client.post(address(application), {**stale, **choice}).status_code == 302
    review = own(application, ingrid)
    assert (values(review), review.comment) == ([4, 2], "Written in the second window.")


# --- autosave -----------------------------------------------------------------------------------------------


def test_an_autosave_answers_with_the_time_and_the_version(client, desk, ingrid):
    application = given_to(desk, ingrid)
    response = client.post(address(application, "autosave"), sheet(desk, "4"))
    assert response.status_code == 200
    assert re.search(r"Saved \d\d:\d\d:\d\d \S+, version 1", said(response))
    assert 'name="version" value="1"' in said(response)
    assert "1 criterion is missing: Plan." in said(response)
    assert values(own(application, ingrid)) == [4]


def test_the_same_autosave_again_is_no_conflict_with_oneself(client, desk, ingrid):
    application = given_to(desk, ingrid)
    for _time in range(2):
        assert client.post(address(application, "autosave"), sheet(desk, "4")).status_code == 200
    assert own(application, ingrid).version == 1


def test_an_autosave_from_an_older_version_shows_both_and_saves_nothing(client, desk, ingrid):
    application = given_to(desk, ingrid)
    client.post(address(application), sheet(desk, "4", "3"))
    response = client.post(address(application, "autosave"), sheet(desk, "1", "3"))
    assert response.status_code == 409
    assert 'data-stands="conflict"' in said(response)
    assert "This sheet has two versions" in said(response)
    assert values(own(application, ingrid)) == [4, 3]


def test_an_autosave_keeps_what_can_be_read_and_says_what_cannot(client, desk, ingrid):
    application = given_to(desk, ingrid)
    broken = sheet(desk, "4", "3", **{"answer-comment": "x" * 5_001, "answer-feedback": "Kept."})
    response = client.post(address(application, "autosave"), broken)
    assert response.status_code == 422
    assert 'data-field="div_id_answer-comment"' in said(response)
    review = own(application, ingrid)
    assert (values(review), review.comment, review.feedback) == ([4, 3], "", "Kept.")


def test_an_autosave_after_the_session_ended_is_told_in_a_status(client, desk, ingrid):
    application = given_to(desk, ingrid)
    client.logout()
    assert client.post(address(application, "autosave"), sheet(desk, "4")).status_code == 401
    assert not application.reviews.exists()


def test_an_autosave_of_a_closed_sheet_says_why(client, desk, ingrid):
    application = given_to(desk, ingrid)
    desk.score(application, (4, 3), ingrid)
    response = client.post(address(application, "autosave"), sheet(desk, "1", "1", version=1))
    assert response.status_code == 409
    assert "You finished this review. It is read only." in said(response)


# --- bad input ----------------------------------------------------------------------------------------------

BAD = [
    {"answer-comment": "a\x00b"},
    {"answer-recommendation": "maybe"},
    {"answer-comment": "x" * 5_001},
    {"answer-feedback": "x" * 5_001},
]


@pytest.mark.parametrize("more", BAD)
def test_a_broken_sheet_is_422_and_stores_nothing(client, desk, ingrid, more):
    application = given_to(desk, ingrid)
    response = client.post(address(application), sheet(desk, "4", "3", **more))
    assert response.status_code == 422
    assert not application.reviews.exists()


@pytest.mark.parametrize("wrong", ["9", "-1", "²", "4.5", "nine", "\x00", "9" * 400])
def test_a_score_that_is_none_is_422(client, desk, ingrid, wrong):
    application = given_to(desk, ingrid)
    assert client.post(address(application), sheet(desk, wrong, "3")).status_code == 422
    assert client.post(address(application, "autosave"), sheet(desk, wrong, "3")).status_code == 422
    assert values(own(application, ingrid)) == [3]


@pytest.mark.parametrize("wrong", ["", "nine", "-1", "²", "9" * 400])
def test_a_version_that_is_none_overwrites_nothing(client, desk, ingrid, wrong):
    application = given_to(desk, ingrid)
    client.post(address(application), sheet(desk, "4", "3"))
    assert client.post(address(application), sheet(desk, "1", "1", version=wrong)).status_code == 409
    assert client.post(address(application), sheet(desk, "1", "1", settle=wrong)).status_code == 409
    assert values(own(application, ingrid)) == [4, 3]


def test_a_criterion_of_another_call_is_left_out(client, desk, ingrid):
    application, foreign = given_to(desk, ingrid), Desk(marta=desk.marta, helena=desk.helena).criteria[0]
    client.post(address(application), {**sheet(desk, "4"), f"answer-score_{foreign.pk}": "5"})
    assert values(own(application, ingrid)) == [4]


# --- declaring and standing aside ---------------------------------------------------------------------------


def test_scoring_is_closed_until_no_conflict_is_declared(client, desk, ingrid):
    application = given_to(desk, ingrid, declared=False)
    page = said(client.get(address(application)))
    assert "Young people are heard." in page
    assert "Declare first whether a conflict of interest stands" in page
    assert client.post(address(application), sheet(desk, "4")).status_code == 409
    assert client.post(address(application, "autosave"), sheet(desk, "4")).status_code == 409
    assert client.post(address(application, "declare")).status_code == 302
    assert "You declared no conflict of interest on" in said(client.get(address(application)))
    assert client.post(address(application), sheet(desk, "4")).status_code == 302


def test_a_conflict_ends_the_assignment_and_takes_a_finished_sheet_back(client, desk, ingrid):
    application = given_to(desk, ingrid)
    desk.score(application, (4, 3), ingrid)
    reason = {"reason": "My sister works for the city."}
    assert client.post(address(application, "conflict"), reason).status_code == 302
    assignment = application.assignments.get()
    assert (assignment.end, assignment.end_reason) == ("conflict", "My sister works for the city.")
    assert application.conflicts.get().user == ingrid
    assert own(application, ingrid).finished_at is None
    assert client.get(address(application)).status_code == 404
    assert client.post(address(application), sheet(desk, "1")).status_code == 404
    listed = said(client.get(reverse("admin:calls_assignment_changelist")))
    assert "You stood aside from 1 application." in listed
    assert application.reference not in listed.replace("You review " + application.reference, "")


def test_abstaining_ends_the_assignment_but_not_a_finished_sheet(client, desk, ingrid):
    application = given_to(desk, ingrid)
    response = client.post(address(application, "abstain"), {"reason": "  "})
    assert response.status_code == 422
    assert client.post(address(application, "abstain"), {"reason": "No time."}).status_code == 302
    assert application.assignments.get().end == "abstained"
    other = given_to(desk, ingrid, name="Lund")
    desk.score(other, (4, 3), ingrid)
    response = client.post(address(other, "abstain"), {"reason": "No time."})
    assert response.status_code == 409
    assert other.assignments.get().ended_at is None


def test_staff_see_that_another_reviewer_is_needed(client, desk, ingrid):
    application = given_to(desk, ingrid)
    client.post(address(application, "abstain"), {"reason": "No time."})
    client.force_login(desk.marta)
    page = said(client.get(reverse("admin:index")))
    assert '<span class="errand-count">1</span>' in page.split("A reviewer stood aside")[0][-400:]


@pytest.mark.parametrize("step", ["conflict", "abstain", "reopen"])
@pytest.mark.parametrize("reason", ["", "a\x00b", "x" * 5_001])
def test_a_reason_that_is_none_is_422_and_changes_nothing(client, desk, ingrid, step, reason):
    application = given_to(desk, ingrid)
    assert client.post(address(application, step), {"reason": reason}).status_code == 422
    assert application.assignments.get().ended_at is None


def test_a_conflict_that_staff_recorded_closes_the_sheet_with_a_sentence(client, desk, ingrid):
    application = given_to(desk, ingrid)
    application.conflicts.create(user=ingrid, reason="Seen in a newspaper.", at=timezone.now(), by=desk.marta)
    page = said(client.get(address(application)))
    assert "A conflict of interest keeps you from scoring this application." in page
    assert "Seen in a newspaper." not in page
    assert client.post(address(application), sheet(desk, "4")).status_code == 409
    assert client.post(address(application, "declare")).status_code == 409


# --- reopening ----------------------------------------------------------------------------------------------


def test_a_finished_sheet_is_reopened_with_a_reason_before_the_discussion(client, desk, ingrid):
    application = given_to(desk, ingrid)
    desk.score(application, (4, 3), ingrid)
    assert client.post(address(application, "reopen"), {"reason": "I misread it."}).status_code == 302
    review = own(application, ingrid)
    assert review.finished_at is None
    assert review.reopenings.get().reason == "I misread it."
    assert client.post(address(application), sheet(desk, "1", "1", version=2)).status_code == 302


def test_whoever_may_have_seen_the_others_scores_changes_none(client, desk, ingrid):
    application = given_to(desk, ingrid)
    desk.score(application, (4, 3), ingrid)
    type(desk.call).objects.filter(pk=desk.call.pk).update(discussion_at=days_ago(1))
    assert "Reopen this review" not in said(client.get(address(application)))
    assert client.post(address(application, "reopen"), {"reason": "I misread it."}).status_code == 409
    assert own(application, ingrid).finished_at is not None


# --- the end of a review ------------------------------------------------------------------------------------


def test_an_application_that_is_not_under_review_is_read_only(client, desk, ingrid):
    application = given_to(desk, ingrid)
    desk.score(application, (4, 3), desk.helena)
    finish_review(application=application, by=desk.marta, at=timezone.now())
    assert "not under review" in said(client.get(address(application)))
    assert client.post(address(application), sheet(desk, "4", "3")).status_code == 409


def test_closing_the_review_needs_a_finished_sheet(client, desk):
    application = desk.eligible()
    close = reverse("admin:calls_application_finish_review", args=[application.pk])
    client.force_login(desk.marta)
    assert client.post(close, {"version": application.version}).status_code == 409
    desk.score(application, (4, 3), desk.marta)
    assert client.post(close, {"version": application.version}).status_code == 302
    application.refresh_from_db()
    assert application.status == "reviewed"


def test_a_sheet_cannot_be_saved_after_the_review_was_closed(desk):
    application = desk.scored()
    finish_review(application=application, by=desk.marta, at=timezone.now())
    with pytest.raises(Exception, match="not under review"):
        save_review(
            application=application,
            scores={},
            recommendation="",
            comment="",
            version=1,
            finish=False,
            by=desk.marta,
            at=timezone.now(),
        )
