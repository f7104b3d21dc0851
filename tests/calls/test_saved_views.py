"""Saved views of the list: kept, opened, shared, renamed, deleted; each belongs to one person."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import SavedView
from calls.operations.saving_views import MOST_VIEWS
from tests.calls.desk_world import Desk, staff_person

pytestmark = pytest.mark.django_db

LIST = reverse("admin:calls_application_changelist")
SAVE = reverse("admin:calls_application_save_view")
VIEWS = reverse("admin:calls_application_views")


@pytest.fixture
def marta(client):
    found = staff_person()
    client.force_login(found)
    return found


def save(client, query="todo=all&sort=lead&column=lead&column=status", **more):
    return client.post(SAVE, {"name": "By lead", "query": query, **more})


def view_of(owner, name="Mine", **more) -> SavedView:
    return SavedView.objects.create(
        owner=owner, name=name, query="todo=all", created_at=timezone.now(), **more
    )


def test_a_view_keeps_filters_order_and_columns(client, marta):
    response = save(client)
    view = SavedView.objects.get()
    assert (view.query, view.columns, view.owner) == ("todo=all&sort=lead", ["lead", "status"], marta)
    page = client.get(response.url)
    assert [head["column"].key for head in page.context_data["heads"]] == ["lead", "status"]
    assert [row["current"] for row in page.context_data["views"]] == [True]


def test_the_same_name_replaces_what_it_stood_for(client, marta):
    save(client)
    save(client, query="todo=screen")
    assert SavedView.objects.get().query == "todo=screen"


def test_the_list_opens_with_the_first_view_and_there_is_one(client, marta):
    save(client, first="on")
    assert client.get(LIST).url.startswith(f"{LIST}?todo=all&sort=lead")
    client.post(SAVE, {"name": "Other", "query": "todo=all", "first": "on"})
    assert list(SavedView.objects.filter(first=True).values_list("name", flat=True)) == ["Other"]


def test_others_see_what_is_shared_and_cannot_change_it(client, marta):
    helena = staff_person("helena@example.org")
    shared, own = view_of(helena, "For all", shared=True), view_of(helena, "Private")
    page = client.get(LIST + "?todo=all").content.decode()
    assert "For all" in page
    assert "Private" not in page
    for view in (shared, own):
        for name in ("change_view", "delete_view"):
            address = reverse(f"admin:calls_application_{name}", args=[view.pk])
            assert client.post(address, {"name": "Taken"}).status_code == 404
    assert not SavedView.objects.filter(name="Taken").exists()


def test_renaming_sharing_and_deleting(client, marta):
    view = view_of(marta)
    view_of(marta, "Second")
    address = reverse("admin:calls_application_change_view", args=[view.pk])
    assert client.post(address, {"name": "New", "shared": "on"}).url == VIEWS
    view.refresh_from_db()
    assert (view.name, view.shared, view.first) == ("New", True, False)
    taken = client.post(address, {"name": "Second"})
    assert taken.status_code == 409
    assert "You have another view called “Second”." in taken.content.decode()
    client.post(reverse("admin:calls_application_delete_view", args=[view.pk]))
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Second"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x00b"])
def test_a_name_that_is_none_is_refused_in_words(client, marta, name):
    response = client.post(SAVE, {"name": name, "query": "todo=all"})
    assert response.status_code == 422
    assert not SavedView.objects.exists()


def test_the_views_of_one_person_are_bounded(client, marta):
    for number in range(MOST_VIEWS):
        view_of(marta, f"View {number}")
    assert save(client).status_code == 409


def test_a_view_of_a_call_keeps_its_questions(client, marta):
    desk = Desk(marta=marta)
    save(client, query=f"call={desk.call.pk}&column=q-what")
    view = SavedView.objects.get()
    assert (view.call, view.columns) == (desk.call, ["q-what"])
