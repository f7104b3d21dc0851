"""One person with every right, alone at the desk, presses every button: nothing passes a second person.

Each form of each staff page is sent as the page fills it, again and again, and what it does stays done: so
steps can build on each other, as somebody would who looks for a way around.
"""

import re
from collections import deque
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client, RequestFactory
from django.utils import timezone

from calls.models import Application, Call, Decision, PairingRun, Programme, Proposal, Side, SideVote
from calls.models.decision import Outcome
from calls.operations.answering import decline_place
from calls.operations.cancelling import ask_cancellation
from calls.operations.complaining import complain
from calls.operations.deciding import approve, recommend
from calls.operations.joint_selection import vote_for_side
from calls.operations.proposing import recommend_run
from calls.operations.publishing import ask_publication
from calls.operations.results import publish_results
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from partnerships.models import Partnership
from tests.calls.desk_world import Desk
from tests.calls.pairing_world import solved
from tests.calls.setup_world import ready_call
from tests.factories import CallFactory, UserFactory
from tests.worlds import pairing_world

pytestmark = pytest.mark.django_db

# Another account is another person: whoever makes one, or takes one over, stands in the history with it.
OTHER_PEOPLE = re.compile(r"^/admin/(accounts|auth|account|logout|password)")


class Forms(HTMLParser):
    """The POST forms of a page: address, fields with their values, buttons. The addresses of its links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]], list[tuple[str, str]]]] = []
        self.links: list[str] = []
        self.select = ""
        self.open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if tag == "a":
            self.links.append(values.get("href", ""))
        elif tag == "form":
            self.open = values.get("method", "").lower() == "post"
            if self.open:
                self.forms.append((values.get("action", ""), {}, []))
        elif self.open and (name := values.get("name")):
            self._field(tag, name, values)
        elif self.open and tag == "option" and self.select:
            self.forms[-1][1].setdefault(self.select, []).append(values.get("value", ""))

    def _field(self, tag: str, name: str, values: dict[str, str]) -> None:
        _action, fields, buttons = self.forms[-1]
        kind = values.get("type", "text")
        self.select = name if tag == "select" else ""
        if tag == "button" or kind in ("submit", "image"):
            buttons.append((name, values.get("value", "")))
        elif tag == "textarea" or kind == "text":
            fields.setdefault(name, []).append(values.get("value", "") or "Because.")
        elif tag != "select":
            fields.setdefault(name, []).append(values.get("value", "on"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = False


class Alone:
    """A round in which everything that waits for a second person was begun by one and the same."""

    def __init__(self, *, superuser: bool) -> None:
        self.desk, at = Desk(), timezone.now()
        self.person = UserFactory(email="alone@example.org", is_staff=True, is_superuser=superuser)
        self.person.user_permissions.set(Permission.objects.all())
        Call.objects.filter(pk=self.desk.call.pk).update(complaint_days=5, acceptance_days=5)
        self.desk.call.refresh_from_db()
        self._published(at)
        self._recommend(self.desk.reviewed("Ale"))
        self.draft = ready_call()
        Programme.objects.filter(pk=self.draft.programme_id).update(two_person_publishing=True)
        ask_publication(call=Call.objects.get(pk=self.draft.pk), by=self.person, at=at)
        self.open = self._asked_to_cancel(at)
        recommend_run(run=solved(pairing_world(), self.person), by=self.person, at=at)
        self._two_sides(at)
        # wherever they could cancel alone, the round would end before anything else is tried
        Programme.objects.update(two_person_publishing=True)
        self.approved = set(Decision.objects.exclude(approved_at=None).values_list("pk", "approved_at"))
        self.statuses = self._statuses()
        self.partnerships = Partnership.objects.count()
        self.letters = self._letters()

    def _asked_to_cancel(self, at) -> Call:
        """A published call of the programme of two persons, which the person asked to cancel."""
        call = CallFactory(programme_id=self.draft.programme_id)
        return ask_cancellation(call=call, reasons={"en": "No funds."}, by=self.person, at=at)

    def _recommend(self, row: Application, outcome: Outcome = Outcome.SELECTED) -> Application:
        recommend(application=row, outcome=outcome, reason="Mine.", by=self.person, at=timezone.now())
        return row

    def _published(self, at) -> None:
        """Approved by somebody else: one is on the reserve list, one declined, one complains."""
        rows = {
            outcome: self._recommend(self.desk.reviewed(name), outcome)
            for name, outcome in (
                ("Lund", Outcome.RESERVE), ("Kiruna", Outcome.SELECTED), ("Umeå", Outcome.REJECTED)
            )
        }  # fmt: skip
        for row in rows.values():
            approve(application=row, by=self.desk.helena, at=timezone.now())
        publish_results(call=self.desk.call, by=self.desk.helena, at=timezone.now())
        gone, complains = rows[Outcome.SELECTED], rows[Outcome.REJECTED]
        at = timezone.now()
        decline_place(application=gone, note="No money.", by=gone.snapshots.get().submitted_by, at=at)
        complain(application=complains, text="No.", by=complains.snapshots.get().submitted_by, at=at)

    def _two_sides(self, at) -> None:
        """The person is on both sides, and has voted for one."""
        other = Desk(marta=self.desk.marta, helena=self.desk.helena)
        Call.objects.filter(pk=other.call.pk).update(process="two_sides")
        joint = other.reviewed("Borås")
        for key in ("north", "south"):
            side = Side.objects.create(call=other.call, key=key, labels={"en": key})
            side.members.add(self.person)
        vote_for_side(
            side=side, application=joint, outcome=Outcome.SELECTED, reason="Yes.", by=self.person, at=at
        )

    def _statuses(self) -> dict[int, str]:
        rows = Application.objects.filter(decision__isnull=False).exclude(complaints__isnull=False)
        return dict(rows.values_list("pk", "status"))

    def _letters(self) -> int:
        return Message.objects.filter(kind="decision").count()

    def passed(self) -> list[str]:
        """What got past the second person; empty as it should be."""
        found = []
        now = set(Decision.objects.exclude(approved_at=None).values_list("pk", "approved_at"))
        if now - self.approved:
            found.append("an own recommendation is approved")
        statuses = self._statuses()
        if any(statuses.get(pk) not in (status, "withdrawn") for pk, status in self.statuses.items()):
            found.append(f"an outcome changed: {statuses}")
        if Call.objects.get(pk=self.draft.pk).editorial != "draft":
            found.append("an own call is published")
        if Call.objects.filter(editorial="cancelled").exists():
            found.append("a call is cancelled by one person")
        if PairingRun.objects.filter(published_at__isnull=False).exists():
            found.append("an own pairing is published")
        if Proposal.objects.exclude(partnership=None).exists() or (
            Partnership.objects.exclude(kind="declared").count() > self.partnerships
        ):
            found.append("an own pair is a partnership")
        if SideVote.objects.filter(by=self.person).values("application").distinct().count() < (
            SideVote.objects.filter(by=self.person).count()
        ):
            found.append("one person voted for both sides")
        if self._letters() != self.letters:
            found.append("a letter went out")
        return found


def press_everything(client: Client, alone: Alone, *, presses: int, last: bool) -> tuple[int, set[str]]:
    """Send each form of each page once for each button; how many were accepted, and where."""
    waiting, seen, pressed, done = deque(["/admin/", *starts(alone)]), set(), set(), set()
    while waiting and len(pressed) < presses:
        path = waiting.popleft()
        response = client.get(path)
        if response.status_code != 200 or "html" not in response.get("Content-Type", ""):
            continue
        page = Forms(response.content.decode())
        for link in page.links:
            link = link.partition("#")[0]
            if link.startswith("?"):
                link = path.partition("?")[0] + link
            kind = re.sub(r"\?.*", "", link)
            if kind.startswith("/admin/") and kind not in seen and not OTHER_PEOPLE.match(kind):
                seen.add(kind)
                waiting.append(link)
        for action, fields, buttons in page.forms:
            target = action or path
            if not target.startswith("/admin/") or OTHER_PEOPLE.match(target):
                continue
            for button in buttons or [("", "")]:
                if (target, button) not in pressed:
                    pressed.add((target, button))
                    done |= press(client, target, filled(fields, last=last) | dict([button]), alone)
    return len(pressed), done


def press(client: Client, target: str, data: dict[str, Any], alone: Alone) -> set[str]:
    try:
        with transaction.atomic():
            response = client.post(target, {key: value for key, value in data.items() if key})
    except ValueError:  # a file that an empty field stands for
        return set()
    assert response.status_code < 500, (target, response.status_code)
    assert alone.passed() == [], (target, data)
    return {re.sub(r"\d+", "0", target)} if response.status_code == 302 else set()


def filled(fields: dict[str, list[str]], *, last: bool) -> dict[str, Any]:
    """One value for each field, the first that says something or the last; of several hidden ones all."""
    found: dict[str, Any] = {}
    for name, values in fields.items():
        said = [value for value in values if value] or [""]
        found[name] = said if name in ("ready", "_selected_action", "chosen") else said[-1 if last else 0]
    return found


def starts(alone: Alone) -> list[str]:
    pages = ("decisions", "letters", "publish-results", "sides", "ranking", "pairing", "setup", "assignments")
    found = [f"/admin/calls/call/{call.pk}/{page}/" for call in Call.objects.all() for page in pages]
    found += [f"/admin/calls/application/{row.pk}/" for row in Application.objects.received()]
    found += ["/admin/calls/complaint/1/", f"/admin/calls/programme/{alone.draft.programme_id}/change/"]
    found += [f"/admin/calls/call/{alone.open.pk}/cancel/"]
    return [*found, f"/admin/calls/call/{alone.draft.pk}/change/"]


@pytest.mark.parametrize(
    "presses", [60, pytest.param(1500, marks=pytest.mark.thorough)], ids=["quick", "thorough"]
)
@pytest.mark.parametrize(
    "superuser",
    [False, pytest.param(True, marks=pytest.mark.thorough)],
    ids=["every right", "administrator"],
)
def test_nobody_alone_brings_anything_past_a_second_person(superuser, presses):
    alone = Alone(superuser=superuser)
    client = Client()
    client.force_login(alone.person)
    for last in (False, True):
        pressed, done = press_everything(client, alone, presses=presses, last=last)
        assert pressed > 40
        assert len(done) > 4, done
    assert alone.passed() == []


def test_no_action_of_any_list_brings_anything_past_a_second_person():
    """Every action that any registered list offers, on every row there is."""
    alone = Alone(superuser=True)
    client = Client()
    client.force_login(alone.person)
    request = RequestFactory().get("/admin/")
    request.user = User.objects.get(pk=alone.person.pk)
    tried = set()
    for model, listed in admin.site._registry.items():
        label = f"{model._meta.app_label}/{model._meta.model_name}"
        rows = [str(pk) for pk in model._default_manager.values_list("pk", flat=True)[:50]]
        for action in {*listed.get_actions(request), "publish", "approve", "delete_selected"}:
            data = {"action": action, "_selected_action": rows, "post": "yes", "index": "0"}
            with transaction.atomic():
                client.post(f"/admin/{label}/", data)
                assert alone.passed() == [], (label, action)
                transaction.set_rollback(True)
            tried.add((label, action))
    assert ("calls/call", "publish") in tried


def test_the_rule_of_two_is_not_ended_by_whoever_it_binds():
    """An administrator can ask a second person of a programme, and not take it back by themselves."""
    alone = Alone(superuser=True)
    client = Client()
    client.force_login(alone.person)
    address = f"/admin/calls/programme/{alone.draft.programme_id}/change/"
    assert 'name="two_person_publishing"' not in client.get(address).content.decode()
    Programme.objects.update(two_person_publishing=False)
    assert 'name="two_person_publishing"' in client.get(address).content.decode()
