"""Every kind of page under axe in a real browser, on a phone too, and the first steps without JavaScript."""

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from calls.demo.messages import WITHOUT_ACCOUNT
from calls.demo.people import PASSWORD
from calls.models import Alert, Application, Question
from calls.operations.applications import save_answers
from calls.operations.consents import Contact, invite_partner
from cooperation.accounts.models import User
from partnerships.models import City, Membership, Partnership
from tests.journeys.examining import DESKTOP, PHONE, SCREENS, Walk, in_both_settings
from tests.journeys.outcome_pages import of_outcomes
from tests.journeys.partner_pages import of_partners
from tests.journeys.staff_pages import REVIEWER, STAFF, of_reviewer, of_staff

OFFICER = "karin.lindqvist@example.org"

PUBLIC = [
    *["/", "/calls/", "/calls/?city=Ale,+Sweden", "/calls/?q=nothing-has-this-word", "/calls/?city=Atlantis"],
    *["/calls/icld-projects/", "/calls/icld-inception/", "/calls/icp-cities/", "/calls/iuc-pairing-2017/"],
    *["/pl/calls/mercociudades-projects/", "/calls/icld-projects/questions/", "/calls/icld-projects/check/"],
    "/calls/icld-projects/check/?lead=ale-se&partner=ghanzi-bw",
    "/calls/icld-projects/check/?lead=Rosario&partner=San+Juan",
    "/calls/icld-projects/check/?lead=Atlantis",
    *["/programmes/icld-municipal-partnership/", "/cities/", "/cities/?q=san", "/partnerships/"],
    *["/account/login/", "/account/login/code/", "/account/signup/", "/account/password/reset/"],
    *["/calls/icld-projects/qa/", "/es/calls/mercociudades-projects/qa/", "/calls/metropolis-pilots/"],
    *["/partner-search/", "/accessibility/", "/privacy/", "/components/", "/nowhere/", "/cities/?q=%00"],
    *["/alerts/new/?region=africa", "/calls/icp-cities/opening/"],
]
# The same templates with other words or fewer of them: for the thorough setting.
ALIKE = {
    *[
        "/calls/?q=nothing-has-this-word",
        "/calls/?city=Atlantis",
        "/calls/icld-inception/",
        "/calls/icp-cities/",
    ],
    *["/calls/icld-projects/check/?lead=Rosario&partner=San+Juan", "/cities/?q=%00", "/cities/?q=san"],
    *["/calls/icld-projects/check/?lead=Atlantis", "/es/calls/mercociudades-projects/qa/", "submitted"],
    *["a sparse city", "begin of an alert"],
}
ON_A_PHONE = {
    *[
        "/",
        "/calls/?city=Ale,+Sweden",
        "/calls/icld-projects/",
        "/cities/",
        "/partnerships/",
        "/account/login/",
    ],
    *["/calls/icld-projects/check/?lead=ale-se&partner=ghanzi-bw", "/components/", "rosario", "/my/"],
    *[
        "application",
        "section",
        "check answers",
        "receipt",
        "partners",
        "queue",
        "review desk",
        "pairing board",
    ],
    *["application list", "application page", "setup", "setup criteria", "assignments", "ranking"],
    *["selection", "decisions", "my reviews", "a run of pairing", "publication", "proposed partner"],
    *["partner search", "idea", "write an idea", "city_edit", "partnership", "work", "work_agreement"],
    *["work_report", "messages", "a message", "alerts", "alerts of an address", "/alerts/new/?region=africa"],
    *["outbox", "background work", "webhook", "plan of reminders"],
}


def of_officer() -> dict[str, str]:
    """Pages of Ale's draft, and of an application that was submitted: its city gets the officer, too."""
    draft = Application.objects.get(lead__city__slug="ale-se", status="draft")
    submitted = Application.objects.filter(call__slug="icld-projects", status="submitted").first()
    officer, staff = (User.objects.get(email=email) for email in (OFFICER, STAFF))
    also = {"role": "officer", "verified_at": timezone.now(), "verified_by": staff}
    Membership.objects.create(user=officer, organisation=submitted.lead, **also)
    base, section = draft.get_absolute_url(), draft.call.sections.first().key
    return {
        "my applications": "/my/",
        "start": "/calls/metropolis-pilots/apply/",
        "ask about a question": "/calls/icld-projects/ask/?question=budget",
        "application": base,
        "section": f"{base}s/{section}/",
        "partners": f"{base}partners/",
        "ask a partner": f"{base}partners/?ask={draft.partners.first().city.slug}",
        "team": f"{base}team/",
        "consent": f"/consent/{asked(draft, officer)}/",
        "check answers": f"{base}check/",
        "withdraw": f"{base}withdraw/",
        "receipt": f"{submitted.get_absolute_url()}receipt/",
        "submitted": submitted.get_absolute_url(),
        "messages": "/my/messages/",
        "a message": f"/my/messages/{officer.messages.get(state='dead').pk}/",
        "what comes by mail": "/my/messages/settings/",
        "alerts": "/my/alerts/",
        "my calendar": "/my/calendar/",
        "log out": "/account/logout/",
    }


def asked(draft: Application, officer: User) -> str:
    """The secret of a link that the draft's partner is sent."""
    city, contact = draft.partners.get().city, Contact("partner@example.org")
    return invite_partner(application=draft, city=city, contact=contact, by=officer, at=timezone.now())[1]


def of_public() -> dict[str, str]:
    sparse = City.objects.filter(partnership_members=None, network_memberships=None).order_by("pk").first()
    partnership = Partnership.objects.filter(milestones__isnull=False).first() or Partnership.objects.first()
    rosario = City.objects.get(geonames_id=3838583)
    return {address: address for address in PUBLIC} | {
        "rosario": rosario.get_absolute_url(),
        "a sparse city": sparse.get_absolute_url(),
        "a partnership": partnership.get_absolute_url(),
        **of_an_address(),
    }


def of_an_address() -> dict[str, str]:
    """What an address without an account opens with the secrets of its mails."""
    alert = Alert.objects.get(address__email=WITHOUT_ACCOUNT)
    return {
        "alerts of an address": f"/pl/alerts/address/{alert.address.secret}/",
        "end of an alert": f"/pl/alerts/stop/{alert.secret}/",
        "begin of an alert": f"/pl/alerts/confirm/{alert.secret}/",
    }


@in_both_settings
def test_every_page_is_accessible(demo_world, walker, whole):
    """In the quick setting each kind of page on one screen, of staff the main ones; else all, on both."""
    for email, pages in [
        ("", of_public()),
        (OFFICER, of_officer()),
        (STAFF, of_staff()),
        (REVIEWER, of_reviewer()),
    ]:
        desk = email in (STAFF, REVIEWER)
        for options in SCREENS:
            walk, large = walker(email, **options), options["viewport"] is DESKTOP
            for name, address in pages.items():
                main = name in ON_A_PHONE or address in ON_A_PHONE
                if (
                    (main or large)
                    if whole
                    else (main and large if desk else main != large and name not in ALIKE)
                ):
                    walk.visit(f"{name}, {options['viewport']['width']} px", address)
    examine_what_is_sent(walker)
    examine_outcomes(walker, SCREENS if whole else SCREENS[1:])
    assert not walk.wrong, "\n".join(walk.wrong)


@in_both_settings
def test_pages_of_partners_are_accessible(demo_world, walker, whole):
    """Pairing, search, cities, partnerships: the main ones on a phone; in the thorough setting all."""
    for email, pages in of_partners(User.objects.get(email=OFFICER)).items():
        for options in SCREENS if whole else SCREENS[1:]:
            walk, large = walker(email, **options), options["viewport"] is DESKTOP
            for name, address in pages.items():
                if large or name in ON_A_PHONE:
                    walk.visit(f"{name}, {options['viewport']['width']} px", address)
    assert not walk.wrong, "\n".join(walk.wrong)


def examine_outcomes(walker, screens) -> None:
    """Last, for it publishes a round: what the public and a city find then."""
    pages = of_outcomes(OFFICER)
    for options in screens:
        walk = walker(OFFICER, **options)
        for name, address in pages.items():
            walk.visit(f"{name}, {options['viewport']['width']} px", address)


def examine_what_is_sent(walker) -> None:
    """Pages that answer a form: a section with errors, the page that asks for a code."""
    walk = walker(OFFICER, viewport=DESKTOP)
    draft = Application.objects.get(lead__city__slug="ale-se", status="draft")
    asked = Question.objects.filter(section__call=draft.call, type__in=["money", "number", "months"]).first()
    walk.page.goto(f"{draft.get_absolute_url()}s/{asked.section.key}/")
    walk.page.locator(f"[name=answer-{asked.key}]").fill("a lot")
    walk.page.get_by_role("button", name="Save", exact=True).click()
    expect(walk.page.locator(".error-summary")).to_be_visible()
    walk.examine("section with errors")
    examine_writing(walk, draft, asked)
    walk = walker(viewport=DESKTOP)
    walk.page.goto("/account/login/")
    walk.page.get_by_label("E-mail address").first.fill(OFFICER)
    walk.page.get_by_role("button", name="Send me a code").click()
    expect(walk.page.locator("input[name=code]")).to_be_visible()
    walk.examine("code")


def examine_writing(walk: Walk, draft: Application, asked: Question) -> None:
    """What an autosave can answer: saved, partly, two versions, no session; and what is put back then."""
    page, address = walk.page, f"{draft.get_absolute_url()}s/{asked.section.key}/"
    field = page.locator(f"[name=answer-{asked.key}]")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    for typed, stands in [("a lot", "partly"), ("24", "saved")]:
        field.fill(typed)
        page.keyboard.press("Tab")
        expect(page.locator(f"#saving[data-stands={stands}]")).to_be_visible()
        walk.examine(f"autosave, {stands}", part="main form")
    page.goto(address)
    draft.refresh_from_db()
    save_answers(
        application=draft,
        answers={asked.key: "36"},
        version=draft.version,
        by=draft.created_by,
        at=timezone.now(),
    )
    field.fill("48")
    expect(page.locator("#saving[data-stands=conflict]")).to_be_visible()
    walk.examine("two versions", part="main form")
    page.goto(address)
    expect(page.locator("#saving[data-stands=conflict]")).to_be_visible()
    walk.examine("put back", part="main form")
    page.get_by_role("button", name="Show what was saved instead").click()
    expect(page.locator("#saving[data-stands=saved]")).to_be_visible()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    field.fill("60")
    expect(page.locator("#saving[data-stands=login]")).to_be_visible()
    walk.examine("session ended", part="main form")


def test_first_steps_without_javascript(demo_world, walker):
    page = walker(viewport=PHONE, java_script_enabled=False).page
    page.goto("/calls/")
    page.get_by_label("Search the calls").fill("Municipal Partnership")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Municipal Partnership: project phase", exact=True).click()
    page.get_by_role("textbox", name="Your city").fill("Ale, Sweden")
    page.locator(".quick-check button").click()
    page.get_by_role("textbox", name="Partner city").fill("Ghanzi")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Show the answer now").click()
    expect(page.locator(".verdict")).to_contain_text("Ale can apply with Ghanzi")
    page.goto("/account/login/?next=/my/")
    page.get_by_text("Log in with a password").click()
    page.locator("input[name=login]").fill(OFFICER)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    draft = Application.objects.get(lead__city__slug="ale-se", status="draft")
    page.goto(draft.get_absolute_url())
    page.locator(f"a[href*='{draft.get_absolute_url()}s/']").first.click()
    page.locator("main form input[type=text], main form textarea").first.fill("Young people decide")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("is saved: version")).to_be_visible()
    draft.refresh_from_db()
    assert "Young people decide" in draft.answers.values()
