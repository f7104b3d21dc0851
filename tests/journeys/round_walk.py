"""The people of a round, what has come of it so far, and how they press their buttons."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from calls.models import Application, Call
from calls.workflow import Status
from cooperation.accounts.models import User
from tests.journeys.conftest import Mailbox
from tests.journeys.round_world import Sheet
from tests.journeys.walking import PHONE, Walker

DESK = {"width": 1280, "height": 900}
SEATS = [14, 4, 4, 1, 1, 2, 2]  # European Union, Canada, South Africa, Singapore, Hong Kong, Korea, Taiwan
LAST_IN, FIRST_OUT = 13, 14  # of the cities of the European Union, by the order in which they came in
EXPERTS = ("ingrid.falk", "tomas.arrieta", "noor.haddad", "wen.castell")


@dataclass
class Round:
    """The people of the round, and what has come of it so far."""

    open_page: Callable[..., Page]
    address: str
    mailbox: Mailbox
    marta: Walker
    helena: Walker
    call: Call
    worth: dict[str, Sheet] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"/admin/calls/call/{self.call.pk}"

    def application(self, number: int) -> Application:
        """The application that came in as the number-th, counted from 0."""
        return self.call.applications.select_related("lead").get(reference=sorted(self.worth)[number])

    def officer(self, number: int) -> User:
        return self.application(number).lead.memberships.get().user

    def walker(self, user: User, *, phone: bool = False, language: str = "en") -> Walker:
        """Another person at another machine, logged in."""
        walker = Walker(self.open_page(viewport=PHONE if phone else DESK), language)
        walker.log_in(user, self.address)
        return walker

    def counts(self, *statuses: Status) -> list[int]:
        """How many of each quota have one of these statuses."""
        rows = self.call.applications.filter(status__in=statuses)
        return [rows.filter(lead__country__in=quota.countries).count() for quota in self.call.quotas.all()]


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")


def gather(open_page: Callable[..., Page], live_server: LiveServer, mailbox: Mailbox, call: Call) -> Round:
    """Marta, who recommends, and Helena, who approves, each at a machine of her own."""
    people = []
    for name in ("marta.oliveira", "helena.brandt"):
        walker = Walker(open_page(viewport=DESK, refused=True))
        walker.log_in(person(name), live_server.url)
        people.append(walker)
    return Round(open_page, live_server.url, mailbox, *people, call=call)


def button(walker: Walker, name: str | re.Pattern[str]) -> None:
    """Press a button by its name, and wait for the page that comes of it."""
    walker.press(walker.page.get_by_role("button", name=name, exact=isinstance(name, str)).first)
    walker.examine()


def link(walker: Walker, name: str) -> None:
    walker.press(walker.page.get_by_role("link", name=name, exact=True).first)
    walker.examine()


def post(walker: Walker, path: str, **form: str) -> int:
    """What somebody hears who posts to an address for which the page has no button: its status."""
    token = walker.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    headers = {"X-CSRFToken": token, "Referer": walker.page.url}
    return walker.page.request.post(path, headers=headers, form=form, max_redirects=0).status
