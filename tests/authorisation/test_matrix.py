"""Every address of the portal, every kind of person, GET and POST: what they get.

A URL pattern without a row fails the test. Cells are in the order of PRINCIPALS: anonymous, suspended,
stranger (officer of another city), viewer, officer, approver, staff, decider, admin; a number alone
stands for all. Stock pages of the admin are asked by four of them. In the quick setting one person of
each kind asks, another for each row, and one of those who see a page reads it; in the thorough one
everybody. Somebody else's application is the same 404 as one that does not exist.
"""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.authorisation.matrix import ADMIN_MODELS, ROWS, Row, admin_rows
from tests.authorisation.wordless import wordless
from tests.authorisation.world import World
from tests.pages import steady
from tests.worlds import standing

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("long transactions")]


def url_names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Every pattern as namespace:name; one without a name by its route."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield namespace + (entry.name or f"?{entry.pattern}")
        else:
            yield from url_names(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)


def declared() -> set[str]:
    return {row.name for row in (*ROWS, *admin_rows())}


def test_every_address_is_declared_and_every_row_is_an_address():
    existing = set(url_names(get_resolver()))
    assert existing - declared() == set(), "addresses without a row in the matrix"
    assert declared() - existing == set(), "rows of addresses that do not exist"


def clients(world: World) -> dict[str, Client]:
    found = {"anonymous": Client()}
    for name, person in world.people.items():
        found[name] = Client()
        found[name].force_login(person)
    return found


def answer(client: Client, method: str, path: str, *, read: bool = True) -> int:
    """The status of one request; whatever it changed is undone, a log-out included.

    Not `read`: a page that is only asked for is not written either.
    """
    cookies = deepcopy(client.cookies)
    with transaction.atomic(), wordless(pages=not read and method == "get"):
        status = getattr(client, method)(path).status_code
        transaction.set_rollback(True)
    client.cookies = cookies
    return status


# People whom the portal knows no difference between, except where a row says so.
KINDS = (
    ("anonymous", "suspended"),
    ("stranger",),
    ("viewer", "officer", "approver"),
    ("staff", "decider", "admin"),
)
# A page of the staff side knows of all others only that they are not staff.
KINDS_AT_THE_DESK = (sum(KINDS[:3], ()), KINDS[3])


def who_asks(row: Row, expected: list[int], whole: bool, turn: int) -> list[tuple[str, int]]:
    """Each person with the status they get; where all of a kind get the same, one of them in turn."""
    statuses = dict(zip(row.people, expected, strict=bool(expected)))  # a row may only declare
    asked = set(statuses)
    for kind in KINDS_AT_THE_DESK if row.name.startswith("admin:") else KINDS:
        alike = [name for name in kind if name in statuses]
        if not whole and len({statuses[name] for name in alike}) == 1:
            asked -= set(alike) - {alike[turn % len(alike)]}
    return [(name, status) for name, status in statuses.items() if name in asked]


def who_reads(asked: list[tuple[str, int]], turn: int) -> str | None:
    """One of those who get to see the page, another for each row."""
    readers = [name for name, status in asked if status == 200]
    return readers[turn % len(readers)] if readers else None


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One for all: whatever a request changes is undone."""
    with standing(django_db_blocker):
        yield World()


def examine(world: World, rows: tuple[Row, ...], whole: bool) -> list[str]:
    people = clients(world)
    wrong = []
    for turn, row in enumerate(rows):
        for method, expected in (("get", row.get), ("post", row.post)):
            asked = who_asks(row, expected, whole, turn)
            for path in row.paths(world):
                reader = whole or who_reads(asked, turn)
                seen = [
                    (name, answer(people[name], method, path, read=reader in (True, name)))
                    for name, _status in asked
                ]
                if seen != asked:
                    wrong.append(
                        f"{method.upper()} {path} ({row.name})\n  declared {asked}\n  answered {seen}"
                    )
    return wrong


in_both_settings = pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.thorough)], ids=["quick", "thorough"]
)


@in_both_settings
@pytest.mark.parametrize("third", [0, 1, 2])
def test_portal_cells(world, third, whole):
    assert "\n".join(examine(world, ROWS[third::3], whole)) == ""


@in_both_settings
@pytest.mark.parametrize("third", [0, 1, 2])
def test_admin_cells(world, third, whole):
    assert "\n".join(examine(world, admin_rows()[third::3], whole)) == ""


def test_staff_without_second_factor_open_no_page(world, settings):
    """Where it is required, each address but those of the account leads to setting one up."""
    settings.STAFF_SECOND_FACTOR = "required"
    client = clients(world)["admin"]
    opened = {
        (row.name, path)
        for row in (*ROWS, *admin_rows())
        for path in row.paths(world)
        if not client.get(path).headers.get("Location", "").startswith("/account/second-factor/?next=")
    }
    allowed = ("account_", "mfa_", "web:demo_mail", "healthz")
    assert {name for name, _path in opened if not name.startswith(allowed)} == set()


def neutral(page: bytes, reference: str) -> str:
    """A page without the words that the reader brought: the address asked for and the form's token."""
    return steady(page.decode()).replace(reference, "")


@pytest.mark.parametrize("page", ["", "team/", "documents/", "history/", "feedback/", "pdf/"])
def test_unknown_and_foreign_applications_look_the_same(world, page):
    stranger = clients(world)["stranger"]
    foreign = stranger.get(f"/applications/{world.draft.reference}/{page}")
    unknown = stranger.get(f"/applications/NONE-2026-0000/{page}")
    assert foreign.status_code == unknown.status_code == 404
    assert neutral(foreign.content, world.draft.reference) == neutral(unknown.content, "NONE-2026-0000")


def test_every_model_of_ours_is_in_the_admin_or_left_out_on_purpose():
    from django.contrib import admin

    registered = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    assert registered == set(ADMIN_MODELS)
