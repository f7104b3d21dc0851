"""The list of applications: what staff see, find and filter, and what it costs."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application
from calls.queries.staff import staff_list
from tests.calls.desk_world import Desk, staff_person
from tests.factories import ApplicationFactory, CallFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = reverse("admin:calls_application_changelist")
QUERIES = 9  # session, person, two of rights, two of the filter by call, one count, the rows, their texts


def rows_of(client, query: str = "") -> str:
    return client.get(f"{LIST}{query}").content.decode()


def test_the_list_shows_what_was_submitted_and_no_draft(client):
    desk = Desk()
    received = desk.scored("Ale", (4, 3))
    draft = ApplicationFactory(call=desk.call)
    client.force_login(desk.marta)
    page = rows_of(client)
    assert received.reference in page
    assert "Ale municipality (SE)" in page
    assert "Eligible, under review" in page
    assert "dot--half" in page
    assert "72.0" in page  # (4 x 60 + 3 x 40) of 500
    assert draft.reference not in page


def test_the_mean_weighs_criteria_and_counts_finished_sheets_only():
    desk = Desk()
    application = desk.scored("Ale", (5, 0))
    desk.score(application, (3, 3), desk.helena)
    other = desk.eligible("Umeå")
    means = dict(staff_list(desk.marta).values_list("pk", "mean"))
    assert means == {application.pk: pytest.approx(60.0), other.pk: None}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=Umeå", ["Umeå"]),
        ("?q=Youth+of+Ale", ["Ale"]),
        ("?status=submitted", ["Umeå"]),
        ("?status=eligible", ["Ale"]),
        ("?status=nonsense", ["Ale", "Umeå"]),
        ("?todo=screen", ["Umeå"]),
        ("?todo=score", ["Ale"]),
        ("?todo=nonsense", ["Ale", "Umeå"]),
        ("?call=999999", []),
        ("?call=x", ["Ale", "Umeå"]),
    ],
)
def test_searching_and_filtering(client, query, found):
    desk = Desk()
    desk.eligible("Ale")
    desk.submitted("Umeå")
    client.force_login(desk.marta)
    page = rows_of(client, query)
    assert [name for name in ("Ale", "Umeå") if f"{name} municipality" in page] == found


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_list_costs_the_same_at_any_length(client, count, django_assert_num_queries):
    for number in range(count):
        call = CallFactory(text__title=f"Call {number}")
        ApplicationFactory(call=call, status="submitted", submitted_at=timezone.now())
    client.force_login(staff_person())
    client.get(LIST)
    with django_assert_num_queries(QUERIES):
        response = client.get(LIST)
    assert response.content.decode().count('class="field-reference"') == count


def test_nothing_is_added_deleted_or_edited_by_hand(client):
    application = Desk().submitted()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get(f"{LIST}add/").status_code == 404
    assert client.get(f"{LIST}{application.pk}/delete/").status_code == 404
    page = client.get(reverse("admin:calls_application_change", args=[application.pk])).content.decode()
    assert 'name="status"' not in page
    client.post(LIST, {"action": "delete_selected", "_selected_action": application.pk, "post": "yes"})
    assert Application.objects.filter(pk=application.pk).exists()


def test_a_nul_or_a_strange_page_is_answered_in_words(client):
    client.force_login(staff_person())
    assert client.get(f"{LIST}?q=%00").status_code == 400
    assert client.get(f"{LIST}?p=abc").status_code in (200, 302)
    assert client.get(f"{LIST}?nonsense__exact=1").status_code == 302


# --- who may ------------------------------------------------------------------------------------------------


def test_a_visitor_is_sent_to_the_login(client):
    response = client.get(LIST)
    assert response.status_code == 302
    assert "/login/" in response.url


def test_an_officer_is_refused_and_not_sent_round_in_circles(client):
    client.force_login(UserFactory())
    response = client.get(LIST, follow=True)
    assert response.status_code == 403
    assert "programme staff" in response.content.decode()


@pytest.mark.parametrize("name", ["change", "review"])
def test_a_draft_and_a_missing_application_are_the_same_404(client, name):
    draft = ApplicationFactory()
    client.force_login(staff_person())
    for pk in (draft.pk, 987654321, 2**70):
        assert client.get(reverse(f"admin:calls_application_{name}", args=[pk])).status_code == 404


def test_a_reopened_draft_is_the_citys_own_again(client):
    desk = Desk()
    application = desk.submitted("Ale")
    Application.objects.update(status="draft", title="Not sent yet")
    client.force_login(desk.marta)
    assert not staff_list(desk.marta).exists()
    page = reverse("admin:calls_application_change", args=[application.pk])
    assert client.get(page).status_code == 404
