"""Pages under axe: what is wrong with them is collected, on any screen."""

from dataclasses import dataclass, field

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page

from cooperation.accounts.models import User

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SCREENS = ({"viewport": DESKTOP}, {"viewport": PHONE, "color_scheme": "dark"})
# In the quick setting a page is examined on one screen, in the thorough one on both.
in_both_settings = pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.thorough)], ids=["quick", "thorough"]
)
REFUSED = {"/nowhere/", "/cities/?q=%00"}
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}


@dataclass
class Walk:
    """One person's browser page; collects what is wrong instead of stopping at the first."""

    page: Page
    wrong: list[str] = field(default_factory=list)

    def visit(self, name: str, address: str) -> None:
        answer = self.page.goto(address, wait_until="load")
        if answer.status != 200 and address not in REFUSED:
            self.wrong.append(f"{name}: {answer.status} at {address}")
        self.examine(name)

    def examine(self, name: str, *, part: str = "html") -> None:
        """Under axe, all of it, or the `part` that is new on a page examined before; and how wide it is."""
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(AXE_SCRIPT)
        run = "([part, rules]) => axe.run(part, rules).then(found => found.violations)"
        for found in self.page.evaluate(run, [part, RULES]):
            nodes = "; ".join(
                f"{' '.join(map(str, node['target']))}: {node['html'][:160]}" for node in found["nodes"][:3]
            )
            self.wrong.append(
                f"{name}: {found['id']} ({len(found['nodes'])}): {found['help']}\n      {nodes}"
            )
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            self.wrong.append(f"{name}: {wide} px wider than the window")


def log_in(page: Page, email: str, address: str) -> None:
    """By cookie: the journey walks through the door itself."""
    client = Client()
    client.force_login(User.objects.get(email=email))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])


def notice(entry: ConsoleMessage, page: Page, wrong: list[str]) -> None:
    """An error in the console, such as a refused inline style; the status of the page itself is none."""
    answered = entry.location["url"] == page.url or entry.location["url"].endswith("/autosave/")
    own_status = "the server responded with a status of 4" in entry.text and answered
    # Django's stock forms of models hold style attributes; the policy refuses them, and nothing is missing
    stock = "/admin/calls/call/" in page.url and page.url.endswith(("/change/", "/add/"))
    refused = stock and "Applying inline style violates" in entry.text
    if entry.type == "error" and not own_status and not refused:
        wrong.append(f"{page.url}: {entry.text}")
