"""How a person walks through the portal in any language: by what fields are, not by what they are called."""

import re
from dataclasses import dataclass, field
from email.header import decode_header, make_header

from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from calls.models import Application
from calls.operations.applications import start
from calls.queries.clock import database_now
from cooperation.accounts.models import User
from cooperation.notifications.delivery import deliver_due
from tests.celery_worker import wait_until

PHONE = {"width": 390, "height": 844}
FIRST = "the first choice"
TEXT = "Demonstration: residents get a written answer."
ADDRESS = re.compile(r"https?://[^/\s]+(/\S+)")
CODE = re.compile(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", re.MULTILINE)


@dataclass
class Walker:
    """One person's page, in one language; `own` answers stand in for the usual ones, by field name."""

    page: Page
    language: str = "en"
    own: dict[str, str] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        return "" if self.language == "en" else f"/{self.language}"

    def open(self, path: str) -> None:
        """A page in the person's language; it must be there and fit the window."""
        answer = self.page.goto(f"{self.prefix}{path}")
        assert answer, path
        assert answer.status == 200, (path, answer.status)
        self.examine()

    def examine(self) -> None:
        """The page speaks the person's language and is no wider than the window."""
        assert self.page.locator("html").get_attribute("lang") == self.language
        assert self.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, self.page.url

    def press(self, what: Locator) -> None:
        """Press, and wait for the page that comes of it."""
        with self.page.expect_navigation():
            what.click()

    def log_in_by_code(self, email: str, mailbox) -> None:
        """The code arrives by mail, over SMTP, and is typed in."""
        self.open("/account/login/")
        before = len(mailbox.to(email))
        self.page.locator("form:has(input[name=email]) input[name=email]").fill(email)
        self.press(self.page.locator("form:has(input[name=email]) button[type=submit]"))
        wait_until(lambda: len(mailbox.to(email)) > before, 10)
        code = CODE.search(body_of(mailbox.to(email)[-1]))
        assert code
        self.page.locator("input[name=code]").fill(code.group(1))
        self.press(self.page.locator("main form button[type=submit]").first)

    def log_in(self, user: User, address: str) -> None:
        """By cookie, where another journey walks through the door."""
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}]
        )

    def write(self, application: Application) -> None:
        """Answer everything that is still empty, section by section, and save each."""
        for section in application.call.sections.filter(version=application.form_version):
            self.open(f"/applications/{application.reference}/s/{section.key}/")
            self.answer_section()

    def answer_section(self) -> None:
        form = self.page.locator("main form:has(input[name=version])")
        for box in form.locator("textarea, input[type=text], input[type=email], select").all():
            name = (box.get_attribute("name") or "").removeprefix("answer-")
            if name in self.own:
                self._put(box, self.own[name])
            elif not box.input_value() and not re.search(r"-\d+-", name):
                self._put(box, _usual(box))
        for group in form.locator(
            "fieldset:has(input[type=radio]), fieldset:has(input[type=checkbox])"
        ).all():
            if not group.locator("input:checked").count():
                group.locator("input[type=radio], input[type=checkbox]").first.check()
        self.press(form.locator("button[type=submit]:not([name])").last)
        self.examine()

    def _put(self, box: Locator, text: str) -> None:
        if box.evaluate("box => box.tagName") != "SELECT":
            box.fill(text)
        elif text == FIRST:
            box.select_option(index=1)
        else:
            box.select_option(text)

    def submit(self, reference: str) -> None:
        """From the check page to the receipt."""
        self.open(f"/applications/{reference}/check/")
        left = self.points_left()
        button = self.page.locator("form[action$='/submit/'] button[type=submit]")
        assert button.count() == 1, left
        self.press(button)
        self.examine()

    def points_left(self) -> list[str]:
        """What the check page says keeps from submitting."""
        return self.page.locator("#problems + ul li").all_inner_texts()

    def expect_receipt(self, application: Application, number: int) -> str:
        """The receipt on screen is the one that is kept; returns its hash."""
        snapshot = application.snapshots.get(number=number)
        expect(self.page.locator("#receipt-reference")).to_have_text(application.reference)
        shown = "".join(self.page.locator(".hash-groups").first.locator("li").all_inner_texts())
        assert shown == snapshot.sha256
        return snapshot.sha256


def _usual(box: Locator) -> str:
    if box.evaluate("box => box.tagName") == "SELECT":
        return FIRST
    if box.get_attribute("type") == "email":
        return "somebody@example.org"
    text = {None: TEXT, "numeric": "12", "decimal": "1000"}[box.get_attribute("inputmode")]
    return text[: int(box.get_attribute("data-limit") or len(text))]


def body_of(mail) -> str:
    """The plain text of a mail."""
    parts = mail.walk() if mail.is_multipart() else [mail]
    plain = next(part for part in parts if part.get_content_type() == "text/plain")
    return plain.get_payload(decode=True).decode()


def link_in(mail, part: str) -> str:
    """The path of the first address in a mail that holds `part`."""
    paths = ADDRESS.findall(body_of(mail))
    return next(path for path in paths if part in path)


def deliver(mailbox, to: str, about: str) -> list:
    """What the outbox sends now; the mails to one address with these words in their subject."""
    deliver_due()
    return [mail for mail in mailbox.to(to) if about in str(make_header(decode_header(mail["Subject"])))]


def draft_of(user: User, call, lead) -> Application:
    """A draft begun a moment ago."""
    return start(call=call, lead=lead, by=user, at=database_now())
