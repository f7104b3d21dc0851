"""The desk and the list that leads to it: whom they open to, what they show, what they keep to themselves."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Call, Reading, Reviewer
from calls.operations.declaring import declare_no_conflict
from calls.operations.documents import Signature, Upload, inspect_letter, keep_letter
from calls.operations.screening import screen
from calls.operations.submission import submit
from tests.calls.desk_world import Desk, days_ago
from tests.cooperation.documents.samples import picture
from tests.factories import ApplicationFactory, MembershipFactory, UserFactory
from tests.pages import said
from tests.quick import AMOUNTS

pytestmark = pytest.mark.django_db

LIST_QUERIES = 10  # session, person, may they, clock, rows, texts, stood aside, two of rights, the header
DESK_QUERIES = 31  # eleven of them ask the records for conflicts of interest
LIST = "/admin/calls/assignment/"


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def ingrid():
    return UserFactory(email="ingrid@example.org", name="Ingrid Falk")


def address(application, step: str = "desk", *more) -> str:
    return reverse(f"admin:calls_assignment_{step}", args=[application.pk, *more])


def given_to(desk: Desk, person, **more):
    application = desk.eligible(**more)
    desk.assign(application, person)
    declare_no_conflict(application=application, by=person, at=timezone.now())
    return application


def call_with(desk: Desk, **fields) -> None:
    Call.objects.filter(pk=desk.call.pk).update(**fields)


# --- my reviews ---------------------------------------------------------------------------------------------


def test_the_list_says_how_each_review_stands_and_what_is_next(client, desk, ingrid):
    begun = given_to(desk, ingrid, name="Ale")
    finished = given_to(desk, ingrid, name="Lund")
    waiting = desk.submitted("Kalmar")
    to_begin = given_to(desk, ingrid, name="Umeå")
    closed = given_to(desk, ingrid, name="Växjö")
    desk.assign(waiting, ingrid)
    begun.reviews.create(reviewer=ingrid, changed_at=timezone.now())
    desk.score(finished, (4, 3), ingrid)
    closed.call.applications.filter(pk=closed.pk).update(status="reviewed")
    client.force_login(ingrid)
    page = said(client.get(LIST))
    for words in ("Begun", "Finished", "Waits for screening", "To begin", "Review closed", "1 of 5 finished"):
        assert words in page
    assert f"Next: {begun.reference}" in page
    assert page.index(begun.reference) < page.index(to_begin.reference)
    call_with(desk, review_due_at=days_ago(1))
    page = said(client.get(LIST))
    assert "Late, begun" in page
    assert "Late, to begin" in page


def test_whoever_only_reviews_is_led_to_their_list(client, desk, ingrid):
    given_to(desk, ingrid)
    client.force_login(ingrid)
    assert client.get("/admin/login/", {"next": "/admin/"}).url == LIST
    assert client.get(reverse("calls:my_applications")).url == LIST
    MembershipFactory(user=ingrid)
    assert client.get(reverse("calls:my_applications")).status_code == 200


def test_the_header_of_a_reviewer_has_my_reviews_and_nothing_else(client, desk, ingrid):
    application = given_to(desk, ingrid)
    client.force_login(ingrid)
    for page in (said(client.get(LIST)), said(client.get(address(application)))):
        places = page.split('<ul class="places">')[1].split("</ul>")[0]
        assert places.count("<li>") == 1
        assert LIST in places
        assert "Work queue" not in page
    client.force_login(desk.marta)
    assert 'href="/admin/calls/application/"' in said(client.get(LIST))


def test_an_expert_who_was_invited_may_look_at_an_empty_list(client, desk, ingrid):
    client.force_login(ingrid)
    assert client.get(LIST).status_code == 404
    expert = Reviewer.objects.create(user=ingrid, invited_at=timezone.now(), invited_by=desk.marta)
    assert "Nothing is assigned to you" in said(client.get(LIST))
    Reviewer.objects.filter(pk=expert.pk).update(declined_at=timezone.now())
    assert client.get(LIST).status_code == 404


@pytest.mark.parametrize("count", AMOUNTS)
def test_the_list_costs_the_same_at_any_length(client, desk, ingrid, count, django_assert_num_queries):
    for number in range(count):
        desk.assign(desk.eligible(f"City-{number}"), ingrid)
    client.force_login(ingrid)
    client.get(LIST)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(LIST)


@pytest.mark.parametrize("count", AMOUNTS)
def test_the_desk_costs_the_same_however_much_is_assigned(
    client, desk, ingrid, count, django_assert_num_queries
):
    applications = [given_to(desk, ingrid, name=f"City-{number}") for number in range(count)]
    client.force_login(ingrid)
    client.get(address(applications[0]))
    with django_assert_num_queries(DESK_QUERIES):
        client.get(address(applications[0]))


# --- the desk -----------------------------------------------------------------------------------------------


def test_the_application_is_shown_as_it_was_sealed(client, desk, ingrid):
    application = given_to(desk, ingrid, partner=True)
    application.answers = {"what": "Changed behind the seal."}
    application.save(update_fields=["answers"])
    client.force_login(ingrid)
    page = said(client.get(address(application)))
    assert "Young people are heard." in page
    assert "Changed behind the seal." not in page
    assert "Gaborone" in page
    assert "Not asked" in page
    assert 'href="#eligibility"' in page
    assert 'href="#section-summary"' in page
    assert "weight 60 %" in page
    assert page.count('name="answer-score_') == 12


def test_nothing_internal_is_on_the_desk(client, desk, ingrid):
    application = given_to(desk, ingrid)
    desk.score(application, (1, 1), desk.helena)
    application.status_changes.filter(target="eligible").update(note="Checked by telephone.")
    client.force_login(ingrid)
    page = said(client.get(address(application)))
    for name in ("Helena", "Marta", "helena@example.org", "Checked by telephone."):
        assert name not in page


def test_what_is_assigned_to_nobody_or_to_somebody_else_does_not_exist(client, desk, ingrid):
    mine, other = given_to(desk, ingrid, name="Ale"), desk.eligible("Lund")
    desk.assign(other, desk.helena)
    client.force_login(ingrid)
    assert client.get(address(mine)).status_code == 200
    for step in ("desk", "pdf"):
        assert client.get(address(other, step)).status_code == 404
    for step in ("autosave", "declare", "conflict", "abstain", "reopen", "desk"):
        assert client.post(address(other, step), {"reason": "x"}).status_code == 404
    assert client.get("/admin/calls/assignment/999999/").status_code == 404
    assert client.get(f"/admin/calls/application/{mine.pk}/").status_code == 302


def test_staff_are_led_to_the_desk_only_where_they_review(client, desk):
    application = given_to(desk, desk.helena)
    desk_link = f'href="{address(application)}"'
    who = reverse("admin:calls_call_assign_one", args=[desk.call.pk, application.pk])
    page = reverse("admin:calls_application_change", args=[application.pk])
    client.force_login(desk.helena)
    assert desk_link in client.get(page).content.decode()
    client.force_login(desk.marta)
    shown = client.get(page).content.decode()
    assert desk_link not in shown
    assert f'href="{who}"' in shown
    assert client.get(who).status_code == 200


def test_reading_at_the_desk_is_written_down(client, desk, ingrid):
    application = given_to(desk, ingrid)
    client.force_login(ingrid)
    client.get(address(application))
    row = Reading.objects.get()
    assert (row.application, row.by, row.what) == (application, ingrid, "desk")


def test_a_document_opens_to_its_reviewer_while_the_submission_names_it(
    client, desk, ingrid, settings, tmp_path
):

    settings.DOCUMENTS_ROOT = tmp_path
    officer = MembershipFactory()
    draft = ApplicationFactory(
        call=desk.call, lead=officer.organisation, title="Youth", answers={"what": "x"}
    )
    clean = inspect_letter(Upload("letter.png", picture("PNG")))
    sealed = keep_letter(
        application=draft, city=officer.organisation.city, clean=clean, signature=Signature(), at=days_ago(3)
    )
    submit(application=draft, version=draft.version, by=officer.user, at=days_ago(2))
    later = keep_letter(
        application=draft, city=officer.organisation.city, clean=clean, signature=Signature(), at=days_ago(1)
    )
    draft.refresh_from_db()
    screen(application=draft, eligible=True, note="", by=desk.marta, at=timezone.now())
    assert [row["id"] for row in json.loads(draft.snapshots.get().content)["documents"]] == [str(sealed.pk)]
    desk.assign(draft, ingrid)
    client.force_login(ingrid)
    assert address(draft, "document", sealed.pk) in said(client.get(address(draft)))
    response = client.get(address(draft, "document", sealed.pk))
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert client.get(address(draft, "document", later.pk)).status_code == 404
    public = reverse("calls:document", args=[draft.reference, sealed.pk])
    assert client.get(public).status_code == 404
    client.force_login(desk.marta)
    assert client.get(address(draft, "document", sealed.pk)).status_code == 404


def test_the_desk_is_a_whole_page_without_a_submission(client, desk, ingrid):
    bare = ApplicationFactory(call=desk.call, status="eligible", submitted_at=days_ago(2))
    desk.assign(bare, ingrid)
    client.force_login(ingrid)
    assert "No sealed copy" in said(client.get(address(bare)))
    assert client.get(address(bare, "pdf")).status_code == 404
