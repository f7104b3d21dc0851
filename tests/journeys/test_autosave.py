"""Writing in a real browser: nothing typed is lost, whatever happens to the page, the session or the line."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from calls.demo.people import PASSWORD
from calls.models import Application
from cooperation.accounts.models import User
from tests.calls.worlds import World, small_world
from tests.factories import QuestionFactory

pytestmark = pytest.mark.django_db(transaction=True)

SAVED = re.compile(r"Saved at \d\d:\d\d:\d\d .*, version \d+")


@pytest.fixture
def world(transactional_db) -> World:
    """The small call; its section asks for a date, too."""
    world = small_world()
    QuestionFactory(section=world.section, key="start", type="date", labels={"en": "Start"}, position=3)
    return world


@pytest.fixture
def context_of(browser: Browser, live_server) -> Iterator:
    """A browser context of a person: their machine, logged in."""
    contexts: list[BrowserContext] = []

    def one(user: User) -> BrowserContext:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        contexts.append(browser.new_context(base_url=live_server.url))
        contexts[-1].set_default_timeout(15_000)
        contexts[-1].add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        return contexts[-1]

    yield one
    for context in contexts:
        context.close()


def section_of(draft: Application) -> str:
    return reverse("calls:section", args=[draft.reference, "summary"])


def write(page: Page, label: str, text: str) -> None:
    """Keystrokes, as a person makes them; the field keeps the focus."""
    page.get_by_label(label).press("End")
    page.keyboard.type(text)


def answers() -> dict:
    return Application.objects.get().answers


def expect_kept(page: Page, text: str) -> None:
    """The server has this title, soon; the page goes on meanwhile."""
    for _wait in range(50):
        if answers().get("title") == text:
            return
        page.wait_for_timeout(100)
    assert answers()["title"] == text


def stands(page: Page) -> str:
    return str(page.locator("#saving").get_attribute("data-stands"))


def test_what_is_two_seconds_old_survives_the_end_of_the_page(world, context_of):
    draft = world.draft()
    context = context_of(world.officer)
    page = context.new_page()
    page.goto(section_of(draft))
    # no pause long enough for a mere debounce
    for word in ("Young ", "people ", "decide ", "about ", "their ", "own ", "square."):
        write(page, "Project title", word)
        page.wait_for_timeout(400)
    page.wait_for_timeout(2_000)
    page.close(run_before_unload=False)
    assert answers()["title"] == "Young people decide about their own square."
    page = context.new_page()
    page.goto(section_of(draft))
    expect(page.get_by_label("Project title")).to_have_value("Young people decide about their own square.")


def test_two_people_in_one_section_lose_neither_text(world, context_of):
    draft = world.draft(title="First")
    one, two = (context_of(person).new_page() for person in (world.officer, world.approver))
    for page in (one, two):
        page.goto(section_of(draft))
    write(one, "Project title", ", says Karin")
    expect(one.locator("#saving")).to_contain_text(SAVED)
    write(two, "Project title", ", says Per")
    expect(two.get_by_role("heading", name="This section has two versions")).to_be_visible()
    panel = two.locator("#two-versions")
    expect(panel).to_contain_text("First, says Karin")
    expect(panel).to_contain_text("First, says Per")
    expect(two.get_by_label("Project title")).to_have_value("First, says Per")
    expect(two.locator("#saving-said")).to_contain_text("changed this section while you were writing")
    bar, field = (two.locator(found).bounding_box() for found in ("#saving", "#id_answer-title"))
    assert field["y"] + field["height"] <= bar["y"]
    # writing on is not stopped, and is not saved over the other text either
    write(two, "Project title", " again")
    two.wait_for_timeout(2_000)
    assert answers()["title"] == "First, says Karin"
    two.get_by_role("button", name="Save my choice").click()
    expect(two.get_by_text("is saved: version")).to_be_visible()
    assert answers()["title"] == "First, says Per again"


def test_a_session_that_ends_while_somebody_writes(world, context_of):
    world.officer.set_password(PASSWORD)
    world.officer.save()
    world.officer.emailaddress_set.create(email=world.officer.email, verified=True, primary=True)
    draft = world.draft()
    page = context_of(world.officer).new_page()
    page.goto(section_of(draft))
    Session.objects.all().delete()
    write(page, "Project title", "Two hours of work")
    expect(page.locator("#saving")).to_contain_text("Not saved: log in again, your text stays here")
    expect(page.get_by_label("Project title")).to_have_value("Two hours of work")
    page.locator("#saving").get_by_role("link", name="Log in").click()
    page.get_by_text("Log in with a password").click()
    page.locator("input[name=login]").fill(world.officer.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("We put back what you typed on this page")).to_be_visible()
    expect(page.get_by_label("Project title")).to_have_value("Two hours of work")
    expect(page.locator("#saving")).to_contain_text(SAVED)
    assert answers()["title"] == "Two hours of work"


def test_a_line_that_breaks_is_tried_again(world, context_of):
    draft = world.draft()
    context = context_of(world.officer)
    page = context.new_page()
    page.goto(section_of(draft))
    context.set_offline(True)
    write(page, "Project title", "Written in a tunnel")
    expect(page.locator("#saving")).to_contain_text("Not saved yet, trying again")
    write(page, "Project title", ", and after it")
    context.set_offline(False)
    expect(page.locator("#saving")).to_contain_text(SAVED)
    expect_kept(page, "Written in a tunnel, and after it")


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(world, context_of):
    draft = world.draft()
    page = context_of(world.officer).new_page()
    page.goto(section_of(draft))
    lost = []

    def lose(route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/autosave/", lose)
    write(page, "Project title", "Saved, ")
    expect(page.locator("#saving")).to_contain_text("Not saved yet, trying again")
    write(page, "Project title", "but who knows?")
    expect(page.locator("#saving")).to_contain_text(SAVED)
    expect_kept(page, "Saved, but who knows?")
    assert lost == [200]


def test_what_cannot_be_read_is_said_beside_its_field_and_the_rest_is_saved(world, context_of):
    draft = world.draft()
    page = context_of(world.officer).new_page()
    page.goto(section_of(draft))
    write(page, "Start", "soon")
    write(page, "Project title", "Kept")
    field = page.locator("#div_id_answer-start")
    expect(field.locator(".field-error")).to_contain_text("“soon” is not a date")
    expect(page.get_by_label("Start")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Start")).to_have_value("soon")
    expect_kept(page, "Kept")
    page.get_by_label("Start").fill("2027-03-15")
    expect(page.locator("#saving[data-stands=saved]")).to_contain_text(SAVED)
    expect(field.locator(".field-error")).to_have_count(0)
    assert answers()["start"] == "2027-03-15"


def test_a_link_waits_for_the_text_and_leaving_without_it_is_asked(world, context_of):
    draft = world.draft()
    context = context_of(world.officer)
    page = context.new_page()
    page.goto(section_of(draft))
    write(page, "Project title", "On my way out")
    page.get_by_role("link", name="Back to all sections").click()
    expect(page.get_by_role("heading", name="Your application")).to_be_visible()
    assert answers()["title"] == "On my way out"

    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(section_of(draft))
    context.set_offline(True)
    write(page, "Project title", ", still")
    expect(page.locator("#saving")).to_contain_text("Not saved yet, trying again")
    page.close(run_before_unload=True)
    page.wait_for_event("close")
    assert asked == ["beforeunload"]


def test_a_count_never_cuts(world, context_of):
    draft = world.draft()
    page = context_of(world.officer).new_page()
    page.goto(section_of(draft))
    summary = page.get_by_role("textbox", name="Summary")
    count = page.locator("#id_answer-summary_count")
    expect(count).to_have_text("Characters: 0 of 50. Words: 0.")
    summary.fill("words " * 9 + "at last")
    expect(summary).to_have_value("words " * 9 + "at last")
    expect(count).to_have_text("Characters: 61 of 50. Words: 11. Too long by 11; nothing is cut off.")
    expect(page.locator("#saving")).to_contain_text(SAVED)
    page.reload()
    expect(count).to_have_text("Characters: 61 of 50. Words: 11. Too long by 11; nothing is cut off.")
    assert stands(page) == "saved"


def test_a_button_waits_for_the_save_that_is_on_its_way(world, context_of):
    """Else it would begin from an old version, and people would be in conflict with themselves."""
    draft = world.draft()
    page = context_of(world.officer).new_page()
    page.goto(section_of(draft))

    def slowly(route) -> None:
        page.wait_for_timeout(700)
        route.continue_()

    page.route("**/autosave/", slowly)
    write(page, "Project title", "First")
    page.wait_for_timeout(1_600)
    write(page, "Project title", ", and more")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("is saved: version")).to_be_visible()
    assert answers()["title"] == "First, and more"
    # what the server has, the tab need not keep
    page.wait_for_load_state("load")
    assert not [name for name in page.evaluate("Object.keys(sessionStorage)") if name.startswith("kept:")]


def test_a_text_longer_than_a_field_keeps_is_said_and_not_tried_for_ever(world, context_of):
    draft = world.draft()
    page = context_of(world.officer).new_page()
    page.goto(section_of(draft))
    page.get_by_role("textbox", name="Summary").fill("x" * 3_000_000)
    expect(page.locator("#saving")).to_contain_text("this is more than one section can keep")
    assert len(page.get_by_role("textbox", name="Summary").input_value()) == 3_000_000
