"""The review desk in a real browser: scored by keys alone, saved while it is written, nothing lost."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from calls.operations.declaring import declare_no_conflict
from tests.calls.desk_world import Desk
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

SAVED = re.compile(r"Saved \d\d:\d\d:\d\d .*, version \d+")


@pytest.fixture
def desk(transactional_db) -> Desk:
    desk = Desk()
    anchors = {"en": {"3": "One area served.", "4": "Clear and mutual."}}
    desk.call.criteria.update(anchors=anchors)
    return desk


@pytest.fixture
def ingrid(desk):
    """A reviewer who is not staff, with two applications; only the first may be scored at once."""
    person = UserFactory(email="ingrid@example.org", name="Ingrid Falk")
    first, second = desk.eligible("Ale"), desk.eligible("Lund")
    desk.assign(first, person)
    desk.assign(second, person)
    declare_no_conflict(application=first, by=person, at=timezone.now())
    return person


@pytest.fixture
def page(browser: Browser, live_server, ingrid) -> Iterator[Page]:
    """Her browser, at the first application."""
    client = Client()
    client.force_login(ingrid)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=live_server.url)
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(address(first_of(ingrid)))
    yield page
    context.close()


def first_of(person):
    return person.assignments.order_by("application__reference")[0].application


def address(application) -> str:
    return reverse("admin:calls_assignment_desk", args=[application.pk])


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def values(person, application) -> list[int]:
    scores = application.reviews.get(reviewer=person).scores.order_by("criterion__position")
    return [row.value for row in scores]


def expect_values(page, person, application, wanted: list[int]) -> None:
    """The server has these scores, soon; the page goes on meanwhile."""
    for _wait in range(50):
        if values(person, application) == wanted:
            return
        page.wait_for_timeout(100)
    assert values(person, application) == wanted


def test_a_sheet_is_scored_by_keys_and_saves_itself(page, ingrid):
    first = first_of(ingrid)
    press(page, "j", "4")
    expect(page.locator("[data-anchor]").first).to_have_text("4: Clear and mutual.")
    expect(page.locator("[data-points]")).to_have_text("48")
    expect(page.locator("[data-possible]")).to_have_text("60")
    expect(page.locator("#desk-said")).to_have_text("Relevance: 4: Clear and mutual. 48 of 60 points.")
    press(page, "j", "3", "k", "5", "j")
    expect(page.locator("[data-points]")).to_have_text("84")
    expect(page.locator("#saving")).to_contain_text(SAVED)
    expect(page.locator("#missing")).to_contain_text("The recommendation is missing.")
    expect_values(page, ingrid, first, [5, 3])
    press(page, "n")
    expect(page.locator("h1")).to_have_text("Youth of Lund")
    press(page, "p")
    expect(page.locator("h1")).to_have_text("Youth of Ale")
    expect(page.locator("[data-points]")).to_have_text("84")


def test_a_review_is_begun_and_finished_by_keys_alone(page, ingrid):
    press(page, "n")
    expect(page.locator("h1")).to_have_text("Youth of Lund")
    press(page, "j")
    expect(page.get_by_role("button", name="I have no conflict of interest")).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_text("You declared no conflict of interest")).to_be_visible()
    press(page, "j", "4", "j", "3", "j", "2")
    expect(page.get_by_label("Select with conditions")).to_be_checked()
    press(page, "j")
    expect(page.get_by_role("button", name="Finish this review")).to_be_focused()
    press(page, "k", "Tab")
    expect(page.get_by_role("textbox", name="Comment to staff")).to_be_focused()
    press(page, "Escape", "j", "Enter")
    expect(page.get_by_text("The sheet is read only.")).to_be_visible()
    review = ingrid.reviews.get()
    assert (review.recommendation, review.finished_at is None) == ("conditions", False)
    press(page, "n")
    expect(page.locator("h1")).to_have_text("Youth of Ale")


def test_what_keeps_a_sheet_from_its_end_is_named_with_a_way_there(page, ingrid):
    press(page, "j", "4")
    page.get_by_role("button", name="Finish this review").click()
    refused = page.locator(".error-summary")
    expect(refused.get_by_role("link")).to_have_text(["Plan", "Recommendation"])
    refused.get_by_role("link", name="Plan").click()
    expect(page.get_by_role("group", name="Plan").get_by_role("radio", name="0")).to_be_focused()


def test_letters_are_letters_in_a_text_field_and_the_switch_turns_keys_off(page, ingrid):
    note = page.get_by_role("textbox", name="Note on Relevance")
    note.press_sequentially("n j 5 s p ?")
    expect(note).to_have_value("n j 5 s p ?")
    expect(page.locator(".segments input:checked")).to_have_count(0)
    expect(page.locator("#keys-help")).not_to_be_visible()
    press(page, "Escape", "4")
    expect(page.locator(".segments input:checked")).to_have_value("4")
    page.get_by_label("Keyboard shortcuts").uncheck()
    press(page, "5", "n", "?")
    expect(page.locator(".segments input:checked")).to_have_value("4")
    expect(page.locator("#keys-help")).not_to_be_visible()
    expect(page.locator("#saving")).to_contain_text(SAVED)
    page.reload()
    expect(page.get_by_label("Keyboard shortcuts")).not_to_be_checked()
    page.get_by_label("Keyboard shortcuts").check()
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys of the review desk")).to_be_visible()
    press(page, "Escape")
    expect(page.locator("#keys-help")).not_to_be_visible()


def test_a_score_is_cleared_and_what_the_session_lost_is_put_back(page, ingrid):
    first = first_of(ingrid)
    press(page, "j", "4", "s")
    expect(page.locator("#saving")).to_contain_text(SAVED)
    page.get_by_role("button", name="Clear").first.click()
    expect(page.locator("[data-anchor]").first).to_have_text("Not scored yet; 60 points are open.")
    expect_values(page, ingrid, first, [])
    Session.objects.all().delete()
    page.get_by_role("textbox", name="Comment to staff").press_sequentially("An hour of thought.")
    expect(page.locator("#saving")).to_contain_text("Not saved: log in again, your text stays here")
    kept = page.evaluate("Object.values(sessionStorage).join()")
    assert "An hour of thought." in kept


def test_two_windows_lose_neither_sheet(page, ingrid):
    other = page.context.new_page()
    other.goto(page.url)
    press(page, "j", "4", "s")
    expect(page.locator("#saving")).to_contain_text(SAVED)
    press(other, "j", "2", "s")
    expect(other.get_by_role("heading", name="This sheet has two versions")).to_be_visible()
    expect(other.locator(".segments input:checked")).to_have_value("2")
    assert values(ingrid, first_of(ingrid)) == [4]
    other.get_by_role("button", name="Save my choice").click()
    expect(other.locator("#saving")).to_contain_text(re.compile(r"version 2"))
    assert values(ingrid, first_of(ingrid)) == [2]
