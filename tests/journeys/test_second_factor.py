"""Staff set up a second factor, log in with it, lose the phone, and decide: in a browser, real codes."""

import time

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import expect

from cooperation.accounts.operations import forget_second_factor
from cooperation.accounts.proofs import SEEN
from cooperation.notifications.models import Message, Preference
from tests.accounts.factor_world import METHODS, PASSWORD, QUICK_HASH, person, totp
from tests.factories import CallFactory
from tests.journeys.examining import DESKTOP, PHONE

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_password(page, email: str) -> None:
    page.goto("/account/login/")
    page.locator("details:has(input[name=password]) > summary").click()
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def let_an_hour_pass(page) -> None:
    """For the session of this page: what it proved, and when it was seen, moves back."""
    cookies = {row["name"]: row["value"] for row in page.context.cookies()}
    session = SessionStore(cookies[settings.SESSION_COOKIE_NAME])
    session[METHODS] = [{**row, "at": row["at"] - 3600} for row in session[METHODS]]
    session[SEEN] -= 3600
    session.save()


def next_code(secret: str, last: str) -> str:
    """Of the next half minute, which counts already, where this one's was used."""
    code = totp(secret)
    return code if code != last else totp(secret, time.time() + 30)


def test_an_app_without_scripts_on_a_phone(transactional_db, walker, settings):
    settings.STAFF_SECOND_FACTOR, settings.PASSWORD_HASHERS = "required", QUICK_HASH
    CallFactory(slug="open-call")
    marta = person(is_staff=True, is_superuser=True)
    walk = walker(viewport=PHONE, java_script_enabled=False)
    page = walk.page
    give_password(page, marta.email)
    page.goto("/admin/calls/programme/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_text("You cannot scan it?").click()
    secret = page.locator(".factor-key code").inner_text().replace(" ", "")
    page.locator("input[name=code]").fill("000000")
    page.get_by_role("button", name="Set up this app").click()
    expect(page.get_by_text("This code is wrong").first).to_be_visible()
    used = totp(secret)
    page.locator("input[name=code]").fill(used)
    page.get_by_role("button", name="Set up this app").click()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("link", name="I kept them").click()
    expect(page).to_have_url(f"{page.url.partition('/admin')[0]}/admin/calls/programme/")
    assert Message.objects.filter(kind="account_changed").count() == 1
    page.context.clear_cookies()
    give_password(page, marta.email)
    page.locator("input[name=code]").fill(next_code(secret, used))
    page.get_by_role("button", name="Log in", exact=True).click()
    page.goto("/admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Work queue")
    # the phone is gone
    page.context.clear_cookies()
    give_password(page, marta.email)
    page.locator("input[name=code]").fill(codes[0])
    page.get_by_role("button", name="Log in", exact=True).click()
    page.goto("/account/second-factor/")
    expect(page.get_by_text("9 left")).to_be_visible()
    # and the codes, too
    forget_second_factor(person=marta, by=None)
    page.goto("/admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    assert walk.wrong == []


def test_a_passkey_and_every_page_under_axe(transactional_db, walker, settings):
    settings.STAFF_SECOND_FACTOR, settings.PASSWORD_HASHERS = "required", QUICK_HASH
    settings.PROOF_MINUTES = settings.STAFF_IDLE_MINUTES = 30
    marta = person(is_staff=True, is_superuser=True)
    walk = walker(viewport=DESKTOP)
    page = walk.page
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    give_password(page, marta.email)
    page.goto("/admin/")
    walk.examine("to be set up")
    walk.visit("app", "/account/second-factor/totp/activate/")
    walk.visit("add a passkey", "/account/second-factor/webauthn/add/")
    page.locator("input[name=name]").fill("Office laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator(".recovery-codes code")).to_have_count(10)
    walk.examine("recovery codes")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the codes").click()
    assert len(download.value.path().read_text().split()) == 10
    for name, path in (
        ("factors", "/account/second-factor/"),
        ("passkeys", "/account/second-factor/webauthn/"),
        ("new codes", "/account/second-factor/recovery-codes/generate/"),
    ):
        walk.visit(name, path)
    page.get_by_role("link", name="Back").click()
    page.context.clear_cookies()
    give_password(page, marta.email)
    walk.examine("asked at the log-in")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Your second factor")
    page.set_viewport_size(PHONE)
    walk.visit("factors on a phone", "/account/second-factor/")
    walk.visit("asked again", "/account/reauthenticate/?next=/admin/")
    page.goto("/account/second-factor/webauthn/reauthenticate/?next=/admin/")
    walk.examine("asked again for a passkey")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Work queue")
    # an hour later, in the middle of a form
    page.goto("/my/messages/settings/")
    let_an_hour_pass(page)
    page.get_by_role("group", name="Reminders of deadlines").get_by_label("Once a day").check(force=True)
    page.get_by_role("button", name="Keep these choices").click()
    expect(page.get_by_text("nothing was sent yet")).to_be_visible()
    assert not Preference.objects.exists()
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Confirm and go on").click()
    expect(page.get_by_text("Your choices are kept.")).to_be_visible()
    assert Preference.objects.values_list("topic", "mode").get() == ("deadlines", "daily")
    assert walk.wrong == []
