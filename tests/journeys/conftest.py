"""A real browser, a real mail server, the whole demo world behind a live server."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.demo_world import demo_world as load_demo_world
from tests.journeys.examining import Walk, log_in, notice

CHROMIUM = ("chromium-headless-shell", "chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a journey; those of the demo world share the worker that loads it."""
    for item in items:
        if "journeys" in str(item.path):
            group = "demo world" if "demo_world" in item.fixturenames else "small worlds"
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing: apt-get install chromium-headless-shell")
        pytest.skip("Chromium is missing: apt-get install chromium-headless-shell")
    # Django sees Playwright's event loop and would refuse the database in this thread.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Mailbox(MessageHandler):
    """Keeps what arrives over SMTP."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list = []

    def handle_message(self, message) -> None:
        self.mails.append(message)

    def to(self, recipient: str) -> list:
        return [mail for mail in self.mails if recipient in mail["X-RcptTo"]]


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    """A mail server on loopback that the portal's own SMTP client talks to."""
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield box
    controller.stop()


@pytest.fixture
def demo_world(transactional_db, run_folder) -> None:
    load_demo_world(run_folder)


@pytest.fixture
def open_page(browser, live_server) -> Iterator:
    """Open pages, each in a browser context of its own: another person at another machine."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(*, refused: bool = False, **options) -> Page:
        """`refused` says that this person will be told no, with a sentence and status 409 or 422."""
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)

        def listen(entry: ConsoleMessage) -> None:
            told_no = refused and any(status in entry.text for status in ("409", "422"))
            if entry.type == "error" and not told_no:
                complaints.append(f"{page.url}: {entry.text}")

        page.on("console", listen)
        return page

    yield open_one
    for context in contexts:
        context.close()
    # an error in the console fails the journey, a refused inline style included
    assert complaints == []


class UnderWay:
    """Counts the requests that the live server is answering."""

    def __init__(self) -> None:
        self._number, self._changed = 0, threading.Condition()
        request_started.connect(self._begun)
        request_finished.connect(self._ended)

    def _begun(self, **_more: object) -> None:
        with self._changed:
            self._number += 1

    def _ended(self, **_more: object) -> None:
        with self._changed:
            self._number -= 1
            self._changed.notify_all()

    def wait(self, seconds: float = 10.0) -> None:
        """Until the last one is answered, or so many seconds; then count anew."""
        with self._changed:
            self._changed.wait_for(lambda: self._number <= 0, seconds)
            self._number = 0


@pytest.fixture(scope="session")
def under_way() -> UnderWay:
    return UnderWay()


@pytest.fixture
def live_server(live_server, settings, under_way) -> Iterator:
    """The live server, known to the settings under its own address.

    A page that was closed may have left a request behind: the tables are cleared after it, not during it.
    """
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    under_way.wait(0)
    yield live_server
    under_way.wait()


@pytest.fixture
def walker(browser, live_server):
    """Walks for anybody on any screen; one list holds what is wrong with all their pages."""
    contexts, wrong = [], []

    def walk(email: str = "", **options) -> Walk:
        contexts.append(browser.new_context(base_url=live_server.url, **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda entry: notice(entry, page, wrong))
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        if email:
            log_in(page, email, live_server.url)
        return Walk(page, wrong)

    yield walk
    for context in contexts:
        context.close()
