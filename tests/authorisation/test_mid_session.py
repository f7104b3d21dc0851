"""A session outlives the rights it began with: the next request is answered as to who the person is now."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone

from calls.models import Application, Assignment
from cooperation.accounts.models import User
from tests.authorisation.matrix import ROWS, Row, admin_rows
from tests.authorisation.test_matrix import answer
from tests.authorisation.world import STAFF_APPS, World
from tests.factories import UserFactory
from tests.worlds import standing

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("long transactions")]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One for all: each test takes back what it changes."""
    with standing(django_db_blocker):
        yield World()


def session_of(person: User, path: str = "/admin/") -> Client:
    """Somebody at work: logged in, a page open."""
    client = Client()
    client.force_login(person)
    assert client.get(path).status_code == 200
    return client


def differences(world: World, now: Client, alike: Client, rows: tuple[Row, ...]) -> Iterator[str]:
    for row in rows:
        for path in row.paths(world):
            for method in ("get", "post"):
                seen, expected = (answer(client, method, path, read=False) for client in (now, alike))
                if seen != expected:
                    yield f"{method} {path}: {seen}, and {expected} to whoever never had the right"


# Who asks is looked up in one place: in the quick setting one row of four shows it, in the thorough one each.
in_both_settings = pytest.mark.parametrize(
    "every", [4, pytest.param(1, marks=pytest.mark.thorough)], ids=["quick", "thorough"]
)


@in_both_settings
@pytest.mark.parametrize(
    ("change", "alike"), [({"is_staff": False}, "nobody"), ({"is_active": False}, "suspended")]
)
def test_who_is_staff_no_more(world, change, alike, every):
    session = session_of(world.people["staff"])
    User.objects.filter(pk=world.people["staff"].pk).update(**change)
    other = Client()
    if alike == "nobody":
        other.force_login(UserFactory())
    assert list(differences(world, session, other, admin_rows()[::every])) == []


@in_both_settings
def test_who_lost_the_group(world, every):
    group = Group.objects.create(name="Programme")
    group.permissions.set(Permission.objects.filter(content_type__app_label__in=STAFF_APPS))
    person, bare = (UserFactory(is_staff=True) for _count in range(2))
    person.groups.add(group)
    session, other = session_of(person), session_of(bare)
    rows = admin_rows()[::every]
    assert any(differences(world, session, other, rows))
    group.permissions.clear()
    assert list(differences(world, session, other, rows)) == []


@in_both_settings
def test_who_left_the_city(world, every):
    session = session_of(world.people["officer"], f"/applications/{world.draft.reference}/")
    world.people["officer"].memberships.all().delete()
    other = Client()
    other.force_login(UserFactory())
    rows = tuple(row for row in ROWS if row.name.startswith("calls:"))[::every]
    assert list(differences(world, session, other, rows)) == []


def test_whose_assignment_was_taken_back(world):
    """With the desk open: nothing is saved, and the application is gone with its files."""
    at, reviewer, row = timezone.now(), UserFactory(), world.submitted
    Application.objects.filter(pk=row.pk).update(status="eligible")
    assigned = Assignment.objects.create(
        application=row, user=reviewer, source="hand", assigned_at=at, assigned_by=reviewer,
        unconflicted_at=at,
    )  # fmt: skip
    desk = f"/admin/calls/assignment/{row.pk}/"
    session = session_of(reviewer, desk)
    Assignment.objects.filter(pk=assigned.pk).update(ended_at=at, ended_by=reviewer, end="unassigned")
    assert session.get(desk).status_code == 404
    for page in ("autosave/", "declare/", "conflict/", "abstain/", "reopen/", ""):
        assert session.post(desk + page, {"version": 0, "reason": "Kin."}).status_code == 404
    assert session.get(f"{desk}pdf/").status_code == 404
    assert not row.reviews.exists()
