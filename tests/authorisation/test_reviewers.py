"""Reviewers who are not staff: their own pages open to them as far as they are assigned, and no other.

Cells are in the order of REVIEWERS. The application is under review and assigned to the first two of them;
the third was assigned and declared a conflict of interest; the fourth is an expert without any assignment.
"""

import json

import pytest
from django.test import Client
from django.utils import timezone

from calls.models import Application, Assignment, Conflict, Reviewer, Snapshot
from cooperation.accounts.models import User
from tests.authorisation.matrix import NOBODY, admin_rows, cells
from tests.authorisation.test_matrix import answer, clients
from tests.authorisation.world import World
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

REVIEWERS = ("declared", "undeclared", "conflicted", "expert")
# the address below /admin/calls/assignment/, what GET and what POST answer to each of them
PAGES = (
    ("", "200", "405"),
    ("{pk}/", "200*2 404*2", "302 409 404*2"),
    ("{pk}/autosave/", "405", "200 409 404*2"),
    ("{pk}/declare/", "405", "302*2 404*2"),
    ("{pk}/conflict/", "405", "422*2 404*2"),
    ("{pk}/abstain/", "405", "422*2 404*2"),
    ("{pk}/reopen/", "405", "422*2 404*2"),
    ("{pk}/pdf/", "200*2 404*2", "405"),
    ("{pk}/documents/{file}/", "200*2 404*2", "405"),
    ("{pk}/documents/{nobody}/", "404", "405"),
    ("{other}/", "404", "404"),
    ("{other}/pdf/", "404", "405"),
    ("{other}/autosave/", "405", "404"),
)


def assigned(application: Application, user: User, by: User, **more) -> Assignment:
    return Assignment.objects.create(
        application=application, user=user, source="hand", assigned_at=timezone.now(), assigned_by=by, **more
    )


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def reviewers(world) -> dict[str, Client]:
    """The four, logged in."""
    at, staff, found = timezone.now(), world.people["staff"], {}
    Application.objects.filter(pk=world.submitted.pk).update(status="eligible")
    for name in REVIEWERS:
        person = UserFactory(email=f"{name}@example.org")
        if name == "expert":
            Reviewer.objects.create(user=person, invited_at=at, invited_by=staff, accepted_at=at)
        elif name == "conflicted":
            Conflict.objects.create(application=world.submitted, user=person, reason="Kin.", at=at, by=person)
            assigned(world.submitted, person, staff, ended_at=at, ended_by=person, end="conflict")
        else:
            declared = at if name == "declared" else None
            assigned(world.submitted, person, staff, unconflicted_at=declared)
        found[name] = Client()
        found[name].force_login(person)
    return found


def test_the_pages_of_reviewers(world, reviewers):
    file, wrong = sealed_file_of(world), []
    for page, get, post in PAGES:
        path = "/admin/calls/assignment/" + page.format(
            pk=world.submitted.pk, other=world.reviewed.pk, file=file, nobody=NOBODY
        )
        for method, expected in (("get", cells(get, 4)), ("post", cells(post, 4))):
            seen = [answer(reviewers[name], method, path) for name in REVIEWERS]
            if seen != expected:
                wrong.append(f"{method.upper()} {page}\n  declared {expected}\n  answered {seen}")
    assert "\n".join(wrong) == ""


def sealed_file_of(world: World) -> object:
    """The document of the application, as if its submission had named it."""
    newest = world.submitted.snapshots.order_by("-number").first()
    content = json.loads(newest.content)
    content["documents"] = [
        {
            "id": str(world.submitted_file.pk),
            "name": "letter.png",
            "sort": "letter",
            "from": "",
            "signatory": "",
            "function": "",
            "sha256": world.submitted_file.sha256,
        }
    ]
    Snapshot.objects.create(
        application=world.submitted,
        number=newest.number + 1,
        content=json.dumps(content),
        sha256="0" * 64,
        said_sha256="0" * 64,
        version=newest.version + 1,
        received_at=timezone.now(),
        submitted_by=newest.submitted_by,
    )
    return world.submitted_file.pk


@pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.thorough)], ids=["quick", "thorough"]
)
def test_a_reviewer_is_a_stranger_on_every_other_staff_page(world, reviewers, whole):
    """In the quick setting one of the four asks for each page, another for the next."""
    stranger, wrong = clients(world)["stranger"], []
    for turn, row in enumerate(admin_rows()):
        if row.name.startswith("admin:calls_assignment_") or row.name == "admin:login":
            continue
        names = REVIEWERS if whole else (REVIEWERS[turn % 4],)
        for path in row.paths(world):
            for method in ("get", "post"):
                seen = {name: answer(reviewers[name], method, path) for name in names}
                expected = answer(stranger, method, path)
                wrong += [f"{method} {path}: {name} {status}" for name, status in seen.items()
                          if status != expected]  # fmt: skip
    assert "\n".join(wrong) == ""


def test_the_door_of_the_staff_side_leads_a_reviewer_to_their_list(reviewers):
    for client in reviewers.values():
        assert client.get("/admin/login/").url == "/admin/calls/assignment/"
        assert client.get("/admin/").status_code == 302
