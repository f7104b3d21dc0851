"""No canary sings where it must not: every reader follows every link, and fetches every file and every mail.

Quick: the readers whom most is kept from, and the pages of the planted rounds; thorough: every reader, and
every address of the matrix.
"""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import zip_longest

import pytest
from django.db import transaction
from django.test import Client

from calls.models import Application, WebhookDelivery, WebhookEndpoint
from cooperation.notifications.models import Message
from tests.authorisation.wordless import wordless
from tests.canary.crawl import Page, ask, crawl
from tests.canary.planted import MARK, Planted
from tests.canary.routes import lists_of, of_staff, starts_of
from tests.canary.table import CANARIES, Canary
from tests.pages import steady
from tests.worlds import standing

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("long transactions")]


@pytest.fixture(scope="module")
def planted(django_db_setup, django_db_blocker) -> Iterator[Planted]:
    """One for all: whatever a request changes is undone."""
    with standing(django_db_blocker):
        yield Planted()


QUICK = ("scorer", "entangled", "finished", "officer", "stranger", "anonymous")
REST = (
    *("staff", "decider", "one_side", "other_side", "viewer", "approver"),
    *("third", "partner", "expert", "assigned", "conflicted"),
)
EXPORT = "/admin/calls/application/export/"
EVERYTHING = {"query": "todo=all", "columns": "all"}


def readings(planted: Planted, role: str, *, whole: bool) -> list[Page]:
    """Everything that somebody of a role gets to read: pages, files, refusals, mails."""
    client, starts = planted.client(role), starts_of(planted, role, whole=whole)
    within = "/admin/calls/" if planted.is_staff(role) and not whole else "/"
    # A refusal says the same of everything, as is shown beside the matrix: quickly read, it has no words.
    with nullcontext() if whole else wordless(pages=False):
        pages = crawl(client, starts, alike=3 if whole else 1, within=within)
        refused = [ask(client, "POST", path)[0] for path in (starts if whole else starts[::12])]
    files = [ask(client, "POST", EXPORT, {**EVERYTHING, "format": kind})[0] for kind in ("csv", "xlsx")]
    return [*pages, *refused, *files, *mails_to(planted, role)]


def mails_to(planted: Planted, role: str) -> list[Page]:
    address = planted.people[role].email if role in planted.people else f"{role}@example.org"
    rows = Message.objects.filter(recipient=address)
    return [Page("MAIL", row.kind, 200, f"{row.subject}\n{row.body}".casefold()) for row in rows]


def sing(role: str, pages: list[Page], found: Canary) -> list[str]:
    """What is wrong about one canary for one reader, in words."""
    heard = [page for page in pages if found.is_in(page.text) and found.sign not in page.path]
    if role not in found.must | found.may and heard:
        return [f"{role} must not meet {found.sign}: {', '.join(map(str, heard[:4]))} ({len(heard)})"]
    if role in found.must and not heard:
        return [f"{role} never met {found.sign}"]
    return []


def secrets_of(planted: Planted) -> tuple[Canary, ...]:
    """What opens the links of others: in no page, only in the mail of whom it is for."""
    return (
        Canary(planted.secret, frozenset()),
        Canary(planted.world.consent_token, frozenset({"partner"})),
        Canary(planted.world.team_token, frozenset({"stranger"})),
        *(Canary(row.secret, frozenset()) for row in WebhookEndpoint.objects.all()),
    )


@pytest.mark.parametrize(
    ("roles", "whole"),
    [
        pytest.param(QUICK[:2], False, id="staff"),
        pytest.param(QUICK[2:], False, id="others"),
        *[pytest.param((role,), True, id=role, marks=pytest.mark.thorough) for role in (*QUICK, *REST)],
    ],
)
def test_no_canary_where_it_must_not_be(planted, roles, whole):
    wrong = []
    for role in roles:
        pages = readings(planted, role, whole=whole)
        wrong += [f"{role}: {page}" for page in pages if page.status == 500]
        for found in (*CANARIES, *secrets_of(planted)):
            wrong += sing(role, pages, found)
        wrong += named_beside(planted, role, pages)
    assert "\n".join(wrong) == ""


def named_beside(planted: Planted, role: str, pages: list[Page]) -> list[str]:
    """Where reviewers are named beside the application that somebody must judge alone."""
    if role not in ("scorer", "entangled"):
        return []
    about = re.compile(rf"/(application|assignment)/{planted.reviewing.pk}/")
    return [
        f"{role} reads who reviewed it: {page}"
        for page in pages
        if about.search(page.path) and "zqxreviewername" in page.text
    ]


def exported(client: Client, kind: str) -> str:
    return ask(client, "POST", EXPORT, {**EVERYTHING, "format": kind})[0].text


def plain(text: str) -> str:
    """A page without what differs each time that it is drawn."""
    text = re.sub(r'(name="seen" value=)"[\w-]+"', r"\1", steady(text))
    return re.sub(r"\b\d\d:\d\d(:\d\d)?\b|(expires|date|x-request-id): .*", "", text)


def hidden_from(planted: Planted, role: str) -> list[Application]:
    if role == "scorer":
        return [planted.reviewing]
    return [planted.reviewing, planted.waiting, planted.told, planted.returned]


def read_with(
    planted: Planted, role: str, values: tuple[int, int], recommendation: str, paths: list[str]
) -> dict[str, str]:
    """The pages at `paths`, and an export, as they read with other scores in the hidden sheets."""
    client = planted.client(role)
    with transaction.atomic():
        for row in hidden_from(planted, role):
            planted.rescore(row, values, recommendation)
            values = values[::-1]  # one goes up, the next goes down
        found = {path: plain(ask(client, "GET", path)[0].text) for path in paths if "/pdf/" not in path}
        found["export"] = plain(exported(client, "csv"))
        transaction.set_rollback(True)
    return found


def first_difference(one: str, other: str) -> str:
    pairs = zip_longest(one.splitlines(), other.splitlines())
    return next((f"{before} / {after}" for before, after in pairs if before != after), "")


@pytest.mark.parametrize(
    ("role", "whole"),
    [
        ("entangled", False),
        pytest.param("entangled", True, marks=pytest.mark.thorough),
        pytest.param("scorer", True, marks=pytest.mark.thorough),
    ],
)
def test_hidden_scores_change_nothing_that_their_reader_sees(planted, role, whole):
    """Not a figure, not an order, not a count: with other scores every page reads the same.

    In the quick setting every list, in the thorough one every page of the rounds.
    """
    lists = lists_of(planted)
    paths = of_staff(planted) if whole else lists
    low = read_with(planted, role, (0, 1), "conditions", paths)
    high = read_with(planted, role, (2, 0), "decline", paths)
    told = [f"{path}: {first_difference(low[path], high[path])}" for path in low if low[path] != high[path]]
    assert "\n".join(told) == ""
    seen = [lists[0], *(path for path in lists if "score_to=13" in path)]
    one, other = (read_with(planted, "staff", values, "fund", seen) for values in ((0, 1), (2, 0)))
    assert [path for path in one if one[path] == other[path]] == []


def test_a_webhook_carries_no_canary(planted):
    """No person, no score, no text of anybody's: a figure may be a part of an instant, so words and names."""
    told = list(WebhookDelivery.objects.values_list("event", "body"))
    assert {"application.submitted", "results.published"} <= {event for event, _body in told}
    heard = [event for event, body in told if MARK in body.casefold() or "@" in body]
    assert heard == []
    unpublished = [planted.reviewing, planted.waiting, planted.returned, planted.joint]
    decided = "".join(body for event, body in told if event in ("decision.published", "results.published"))
    assert [row.reference for row in unpublished if row.reference in decided] == []


def test_an_export_is_read_cell_by_cell(planted):
    """So that a canary in a cell is not overlooked."""
    client = planted.client("staff")
    made = {kind: exported(client, kind) for kind in ("csv", "xlsx")}
    rows = list(csv.reader(io.StringIO(made["csv"].split("\n\n")[-1])))
    assert len(rows) > 5
    for kind in ("csv", "xlsx"):
        assert "zqxrunningcomment" in made[kind]
        assert "zqxdraftanswer" not in made[kind]
