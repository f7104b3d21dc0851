"""The list of applications: what staff see, find and filter, and what it costs."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calls.forms.application_filters import ApplicationFilters
from calls.models import Application
from calls.operations.assigning import assign
from calls.queries.application_columns import BY_KEY
from tests.calls.desk_world import Desk, staff_list, staff_person
from tests.factories import ApplicationFactory, CallFactory, UserFactory
from tests.quick import one_in

pytestmark = pytest.mark.django_db

LIST = reverse("admin:calls_application_changelist")
QUERIES = 22
ALL = "?todo=all"


def rows_of(client, query: str = "") -> str:
    return client.get(f"{LIST}{query}").content.decode()


def test_the_list_shows_what_was_submitted_and_no_draft(client):
    desk = Desk()
    received = desk.scored("Ale", (4, 3), by=desk.helena)
    draft = ApplicationFactory(call=desk.call)
    client.force_login(desk.marta)
    page = rows_of(client, ALL + "&column=reference&column=lead&column=country&column=status&column=mean")
    assert received.reference in page
    assert "Ale municipality" in page
    assert "Eligible, under review" in page
    assert "dot--half" in page
    assert "72.0" in page  # (4 x 60 + 3 x 40) of 500
    assert draft.reference not in page


def test_the_mean_weighs_criteria_and_counts_finished_sheets_only():
    desk = Desk()
    application = desk.scored("Ale", (5, 0))
    desk.score(application, (3, 3), desk.helena)
    other = desk.eligible("Umeå")
    reader = staff_person("reader@example.org")
    means = dict(staff_list(reader).values_list("pk", "mean"))
    assert means == {application.pk: pytest.approx(60.0), other.pk: None}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=Umeå", ["Umeå"]),
        ("?q=Youth+of+Ale", ["Ale"]),
        ("?status=submitted", ["Umeå"]),
        ("?status=eligible", ["Ale"]),
        ("?todo=screen", ["Umeå"]),
        ("?country=SE", ["Ale", "Umeå"]),
        ("?status=eligible&status=submitted", ["Ale", "Umeå"]),
        ("?status=eligible&todo=screen", []),
        ("?verdict=eligible", ["Ale", "Umeå"]),
        ("?unassigned=on", ["Umeå"]),
        ("?received_from=2020-01-01", ["Ale", "Umeå"]),
        ("?received_to=2020-01-01", []),
        ("?score_from=80", []),
        ("?q=Gaborone", ["Ale"]),
        ("?unread=on", ["Ale", "Umeå"]),
    ],
)
def test_searching_and_filtering(client, query, found):
    desk = Desk()
    desk.scored("Ale", (3, 3), by=desk.helena, partner=True)
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
    client.get(LIST + ALL)
    with django_assert_num_queries(QUERIES):
        response = client.get(LIST + ALL)
    assert response.content.decode().count('name="chosen"') == count


def test_what_waits_for_the_reader_is_their_own_and_asked_once(client):
    """The bare list counts it, lists it and shows a page of it; its union of queues is what costs."""
    desk = Desk()
    readers = {
        name: UserFactory(email=f"{name}@example.org", is_staff=True)  # whose only work is to score
        for name in ("Ale", "Umeå")
    }
    for name, reader in readers.items():
        desk.assign(desk.eligible(name), reader)
    for name, reader in readers.items():
        client.force_login(reader)
        with CaptureQueriesContext(connection) as caught:
            page = rows_of(client)
        assert [city for city in readers if f"{city} municipality" in page] == [name]
        assert 'aria-current="page">Waiting for you <span class="number">1</span>' in page
        assert sum(" UNION " in query["sql"] for query in caught) == 1
    readers["Ale"].user_permissions.add(Permission.objects.get(codename="assign_application"))
    client.force_login(readers["Ale"])
    assert 'Waiting for you <span class="number">2</span>' in rows_of(client)  # both want another reviewer


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
    assert client.get(f"{LIST}?nonsense__exact=1").status_code == 200


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


@pytest.mark.parametrize("name", ["application_change", "assignment_desk"])
def test_a_draft_and_a_missing_application_are_the_same_404(client, name):
    draft = ApplicationFactory()
    client.force_login(staff_person())
    for pk in (draft.pk, 987654321, 2**70):
        assert client.get(reverse(f"admin:calls_{name}", args=[pk])).status_code == 404


def test_a_reopened_draft_is_the_citys_own_again(client):
    desk = Desk()
    application = desk.submitted("Ale")
    Application.objects.update(status="draft", title="Not sent yet")
    client.force_login(desk.marta)
    assert not staff_list(desk.marta).exists()
    page = reverse("admin:calls_application_change", args=[application.pk])
    assert client.get(page).status_code == 404


# --- the address --------------------------------------------------------------------------------------------


def listed(client, query: str) -> list[str]:
    """The leads of the list in its order."""
    found = client.get(f"{LIST}{query}").context_data["lines"]
    return [row["line"].application.lead.name.partition(" ")[0] for row in found]


def test_the_bare_address_shows_what_waits_for_the_reader(client):
    desk = Desk()
    desk.submitted("Ale")
    desk.scored("Umeå", by=desk.helena)
    client.force_login(staff_person("screener@example.org"))
    assert "Ale" in listed(client, "")
    nobody = UserFactory(is_staff=True)
    client.force_login(nobody)
    assert sorted(listed(client, "")) == ["Ale", "Umeå"]
    assert 'href="?todo=all" aria-current="page"' in rows_of(client)


def test_empty_fields_leave_the_address(client):
    client.force_login(staff_person())
    response = client.get(f"{LIST}?q=&status=&todo=all&score_from=")
    assert (response.status_code, response.url) == (302, f"{LIST}?todo=all")
    assert client.get(f"{LIST}?q=").url == f"{LIST}?todo=all"


def test_the_title_of_the_call_is_a_usual_column_unless_the_list_is_of_one(client):
    desk = Desk()
    desk.submitted("Ale")
    client.force_login(desk.marta)
    for query, shown in (("todo=all", True), (f"call={desk.call.pk}", False), ("call=1&column=call", True)):
        columns = client.get(f"{LIST}?{query}").context_data["asked"].columns
        assert ("call" in [column.key for column in columns]) is shown, query


def test_what_can_be_done_is_reached_from_above_the_rows(client):
    desk = Desk()
    desk.submitted("Ale")
    client.force_login(desk.marta)
    page = rows_of(client)
    assert page.index('href="#with-these"') < page.index("<table") < page.index('id="with-these"')


def test_columns_and_order_are_in_the_address(client):
    desk = Desk()
    desk.submitted("Ale")
    desk.submitted("Umeå")
    client.force_login(desk.marta)
    assert listed(client, "?todo=all&sort=lead") == ["Ale", "Umeå"]
    assert listed(client, "?todo=all&sort=-lead") == ["Umeå", "Ale"]
    page = client.get(f"{LIST}?call={desk.call.pk}&column=lead&column=q-what&column=nonsense").context_data
    assert [head["column"].key for head in page["heads"]] == ["lead", "q-what"]
    assert str(page["lines"][0]["cells"][1].words) == "Young people are heard."
    moved = client.get(f"{LIST}?column=lead&column=title&move=title:earlier").url
    assert moved == f"{LIST}?column=title&column=lead&arrange=1"


@pytest.mark.parametrize("sort", one_in(sorted(BY_KEY)))
def test_the_list_can_be_ordered_by_each_column(client, sort):
    desk = Desk()
    desk.scored("Ale", by=desk.helena)
    desk.submitted("Umeå")
    client.force_login(desk.marta)
    for sign in ("", "-"):
        assert sorted(listed(client, f"?todo=all&column={sort}&sort={sign}{sort}")) == ["Ale", "Umeå"]


def test_a_hidden_score_is_in_no_cell_order_or_filter(client):
    """Ale scores higher than Umeå, and Marta, who still has to score both, learns nothing of it."""
    desk = Desk()
    for name, values in (("Ale", (5, 5)), ("Umeå", (1, 1))):
        application = desk.scored(name, values, by=desk.helena)
        assign(application=application, reviewer=desk.marta, by=desk.marta, at=timezone.now())
    client.force_login(desk.marta)
    page = rows_of(client, "?todo=all&column=lead&column=mean&column=spread&column=recommendation")
    assert "100.0" not in page
    assert "20.0" not in page
    assert "Select</span>" not in page
    assert listed(client, "?todo=all&sort=mean") == listed(client, "?todo=all&sort=-mean")
    assert listed(client, "?todo=all&score_from=0") == []


WRONG = ("%00", "9" * 5000, "nonsense", "²", "-1", "%ED%A0%80", "1e999", "0001-01-01")


@pytest.mark.parametrize("name", one_in([*ApplicationFilters.base_filters, "column", "sort", "page", "move"]))
def test_no_parameter_is_answered_with_an_error_of_ours(client, name):
    client.force_login(Desk().marta)
    for value in WRONG:
        assert client.get(f"{LIST}?{name}={value}").status_code in (200, 302, 400), value


def test_a_filter_that_cannot_be_read_shows_no_rows_and_says_so(client):
    desk = Desk()
    desk.submitted("Ale")
    client.force_login(desk.marta)
    response = client.get(f"{LIST}?received_from=soon")
    assert response.status_code == 400
    assert "Write the day as 2027-03-15." in response.content.decode()
    assert "Ale municipality" not in response.content.decode()
