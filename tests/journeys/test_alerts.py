"""A coordinator in Polish, without an account: filter, save, confirm, be told on Monday, stop it."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from calls.models import Alert, Call
from calls.models.call import Editorial
from calls.operations.alert_sweeping import sweep_alerts
from calls.operations.alerts import save_search
from calls.queries.clock import database_now
from calls.queries.saved_searches import Search
from cooperation.notifications.delivery import deliver_due
from tests.calls.alert_world import confirmed
from tests.factories import CallFactory, ThemeFactory, UserFactory
from tests.journeys.examining import SCREENS, in_both_settings
from tests.journeys.walking import Walker, body_of, link_in

pytestmark = pytest.mark.django_db(transaction=True)
MAJA = "maja@example.org"


def call_on(theme, slug: str, **more) -> Call:
    at = database_now()
    call = CallFactory(slug=slug, opens_at=at - timedelta(days=1), closes_at=at + timedelta(days=60), **more)
    call.themes.set([theme])
    return call


def test_a_coordinator_saves_a_search_and_is_told_on_monday(open_page, mailbox):
    theme = ThemeFactory(slug="climate", names={"en": "Climate", "pl": "Klimat"})
    call_on(theme, "known")
    draft = call_on(theme, "to-come", editorial=Editorial.DRAFT)
    maja = Walker(open_page(viewport={"width": 1280, "height": 900}, timezone_id="Europe/Warsaw"), "pl")
    page = maja.page

    maja.open("/calls/")
    page.locator("input[name=theme][value=climate]").check(force=True)
    expect(page).to_have_url(re.compile("theme=climate"))
    expect(page.locator("a.hear")).to_have_attribute("href", re.compile("theme=climate"))
    maja.press(page.locator("a.hear"))
    maja.examine()
    expect(page.locator("select[name=time_zone]")).to_have_value("Europe/Warsaw")
    expect(page.locator("select[name=language]")).to_have_value("pl")
    expect(page.locator("input[name=frequency]:checked")).to_have_value("weekly")
    page.locator("input[name=email]").fill(MAJA)
    maja.press(page.locator("main form button[type=submit]"))
    expect(page.locator("main")).to_contain_text(MAJA)

    deliver_due()
    assert len(mailbox.to(MAJA)) == 1
    page.goto(link_in(mailbox.to(MAJA)[0], "/pl/alerts/confirm/"))
    maja.examine()
    assert Alert.objects.get().confirmed_at is None
    maja.press(page.locator("main form button[type=submit]"))
    expect(page.locator("main h2").first).to_have_text("Klimat")

    at = database_now()
    Call.objects.filter(pk=draft.pk).update(editorial=Editorial.PUBLISHED, published_at=at)
    assert sweep_alerts(at=at + timedelta(minutes=5)) in (0, 1)  # one on a Monday at seven
    monday = at + timedelta(days=7)
    sweep_alerts(at=monday)
    deliver_due(clock=lambda: monday)
    told = mailbox.to(MAJA)[1:]
    assert len(told) == 1
    assert "Call to-come" in body_of(told[0])
    assert "Call known" not in body_of(told[0])
    assert told[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    stop = re.sub(r"^<https?://[^/]+|>$", "", "".join(told[0]["List-Unsubscribe"].split()))
    page.goto(stop)
    maja.examine()
    assert Alert.objects.get().ended_at is None
    assert page.request.post(stop, form={"List-Unsubscribe": "One-Click"}).status == 200
    assert Alert.objects.get().ended_at
    maja.press(page.locator("main form button[type=submit]"))
    expect(page.locator("main form")).to_have_count(0)


@in_both_settings
def test_the_pages_of_alerts_are_accessible(transactional_db, walker, whole):
    """Small pages without a demo world: on a phone in the dark, and on a desktop."""
    at = database_now()
    CallFactory(slug="later", opens_at=at + timedelta(days=9))
    alert, officer = confirmed(at=at), UserFactory()
    save_search(search=Search(q="water"), by=officer, at=at)
    for options in SCREENS if whole else SCREENS[1:]:
        width = options["viewport"]["width"]
        visitor, reader = walker(**options), walker(officer.email, **options)
        for path in (
            *("/alerts/new/?q=water", "/alerts/new/?city=Atlantis", "/calls/later/", "/calls/later/opening/"),
            *(f"/alerts/{page}/{alert.secret}/" for page in ("confirm", "stop")),
            f"/alerts/address/{alert.address.secret}/",
        ):
            visitor.visit(f"{path}, {width} px", path)
        for path in ("/my/alerts/", "/alerts/new/", "/calls/", "/calls/later/"):
            reader.visit(f"{path} with an account, {width} px", path)
    assert not visitor.wrong, "\n".join(visitor.wrong)
