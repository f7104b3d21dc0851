"""City officers of the real programmes, on a phone and in their own language, up to the receipt."""

from playwright.sync_api import expect

from calls.models import Application, Call
from calls.queries.clock import database_now
from cooperation.accounts.models import User
from tests.journeys.officers import (
    GHANZI,
    PLAN,
    agree,
    ask_for_consent,
    consent,
    icld_answers,
    keep_open,
    officer_of,
    team,
)
from tests.journeys.walking import PHONE, Walker, deliver, link_in

ALE, ROSARIO = "per.bergman@example.org", "lucia.ferreyra@example.org"


def test_icld_with_a_counterpart_in_botswana_in_swedish(demo_world, open_page, mailbox):
    officer = Walker(open_page(viewport=PHONE), "sv")
    officer.open(
        "/calls/icld-projects/check/?lead=ale-se&partner=ghanzi-bw&planning_tool_completed=yes&step=result"
    )
    officer.log_in_by_code(ALE, mailbox)
    application = Application.objects.get(lead__city__slug="ale-se", call__slug="icld-projects")
    officer.own = icld_answers()
    officer.write(application)
    ask_for_consent(officer, application, "ghanzi-bw", GHANZI)

    [mail] = deliver(mailbox, GHANZI, application.reference)
    counterpart = Walker(open_page(viewport=PHONE))
    counterpart.open(link_in(mail, "/consent/"))
    expect(counterpart.page.locator("main")).to_contain_text("Two visits")
    agree(counterpart, "Demo Clerk")

    officer.submit(application.reference)
    first = officer.expect_receipt(application, 1)
    assert len(deliver(mailbox, GHANZI, "submitted")) == 1

    # a later edit reopens the consent where everybody sees it, and the first submission still counts
    officer.own = {"summary": "Demonstration: young people decide on a budget of their own."}
    officer.open(f"/applications/{application.reference}/s/partnership/")
    officer.answer_section()
    officer.open(f"/applications/{application.reference}/check/")
    assert "Ghanzi" in " ".join(officer.points_left())
    counterpart.open(link_in(mail, "/consent/"))
    expect(counterpart.page.locator("#changes")).to_contain_text("young people decide on a budget")
    agree(counterpart, "Demo Clerk")
    officer.submit(application.reference)
    second = officer.expect_receipt(application, 2)
    assert first != second

    # anybody who holds the PDF checks it, and the older receipt says that it was replaced
    with officer.page.expect_download() as caught:
        officer.page.locator("a[href*='/pdf/']").first.click()
    reader = Walker(open_page(viewport=PHONE), "sv")
    reader.open("/verify/")
    reader.page.locator("input[type=file]").set_input_files(caught.value.path())
    reader.press(reader.page.locator("form:has(input[type=file]) button"))
    expect(reader.page.locator(".verdict--yes")).to_contain_text(application.reference)
    reader.open(f"/verify/{first}/")
    expect(reader.page.locator(".verdict--yes")).to_contain_text("2")


def test_iuc_one_city_alone_below_the_soft_threshold_in_polish(demo_world, open_page, live_server):
    """In particular above 50,000 inhabitants: that cautions, and never excludes."""
    keep_open("iuc-pairing")
    user, lead = officer_of("sopot-pl", "pl")
    officer = Walker(open_page(viewport=PHONE), "pl")
    officer.open("/calls/iuc-pairing/check/?lead=sopot-pl&partner=&step=result")
    expect(officer.page.locator(".verdict--no")).to_have_count(0)
    officer.log_in(user, live_server.url)
    officer.own = {"couple": "", "months": "18", **team("lead", people=2, role="coordinator")}
    officer.open("/calls/iuc-pairing/apply/")
    officer.press(officer.page.locator("main form button[type=submit]").last)
    application = Application.objects.get(lead=lead, call__slug="iuc-pairing")
    officer.write(application)
    officer.submit(application.reference)
    officer.expect_receipt(application, 1)
    assert '"state":"warning"' in application.snapshots.get().content
    assert application.partners.count() == 0


def shares(grant: int, own: int, partner: str) -> dict[str, str]:
    """A budget of one line on each side."""
    return {
        **{f"budget-0-{key}": text for key, text in _line("lead", grant - 1000, own).items()},
        **{f"budget-1-{key}": text for key, text in _line(partner, 1000, 0).items()},
        **{f"budget-{place}-{key}": "" for place in (2, 3) for key in _line("", 0, 0)},
    }


def _line(party: str, grant: int, own: int) -> dict[str, str]:
    amounts = {"amount-mercociudades": str(grant), "amount-own": str(own)}
    return {"category": "forums", "what": "Encuentro", "party": party, **amounts}


def test_mercociudades_half_of_the_cost_and_one_place_each_in_spanish_without_javascript(
    demo_world, open_page, mailbox, live_server
):
    """Refused at 51 %, accepted at 50 %; a partner whose one place is taken is refused by name."""
    officer = Walker(open_page(refused=True, viewport=PHONE, java_script_enabled=False), "es")
    officer.log_in(User.objects.get(email=ROSARIO), live_server.url)
    application = Application.objects.get(lead__city__slug="rosario-ar", call__slug="mercociudades-projects")
    officer.own = {
        **{key: text for key, text in PLAN.items() if key.startswith("activities")},
        "activities-0-kind": "forums",
        "duration": "12",
        **shares(5100, 4900, "montevideo-uy"),
    }
    officer.write(application)
    consent(officer, open_page, mailbox, application, "montevideo-uy")
    officer.open(f"/applications/{application.reference}/check/")
    assert "51" in " ".join(officer.points_left())
    assert not officer.page.locator("form[action$='/submit/']").count()

    officer.own = shares(5000, 5000, "montevideo-uy")
    officer.open(f"/applications/{application.reference}/s/money/")
    officer.answer_section()
    consent(officer, open_page, mailbox, application, "montevideo-uy")
    officer.open(f"/applications/{application.reference}/check/")
    assert officer.points_left() == []
    officer.page.locator("form[action$='/submit/'] button[type=submit]").click()
    expect(officer.page.locator(".error-summary").first).to_contain_text("Montevideo")
    assert application.attempts.get().accepted is False

    officer.open(f"/applications/{application.reference}/partners/")
    officer.press(officer.page.locator("button[name=remove][value=montevideo-uy]"))
    officer.page.locator("input[name=words]").fill("Canelones, Uruguay")
    officer.press(officer.page.locator("form:has(input[name=words]) button[type=submit]"))
    partner = application.partners.get().city
    officer.own = shares(5000, 5000, partner.slug)
    officer.open(f"/applications/{application.reference}/s/money/")
    officer.answer_section()
    officer.own = {"activities-0-where": "lead"}
    section = application.call.sections.get(key="work", version=application.form_version)
    officer.open(f"/applications/{application.reference}/s/{section.key}/")
    officer.answer_section()
    consent(officer, open_page, mailbox, application, partner.slug)
    officer.submit(application.reference)
    officer.expect_receipt(application, 1)
    assert {place.role for place in application.role_places.all()} == {"coordinator", "partner"}


def test_the_full_proposal_of_a_city_invited_after_its_expression_of_interest(
    demo_world, open_page, mailbox, live_server
):
    """Two stages: only the selected ones go on, and nothing is typed twice."""
    outsider = Walker(open_page(viewport=PHONE), "es")
    outsider.log_in(User.objects.get(email=ROSARIO), live_server.url)
    outsider.open("/calls/metropolis-pilots/apply/")
    assert not outsider.page.locator("main form button[type=submit]").count()

    officer = Walker(open_page(viewport=PHONE), "es")
    officer.log_in(User.objects.get(email="elena.robles@example.org"), live_server.url)
    officer.open("/my/")
    officer.press(
        officer.page.locator(
            "a[href*='/metropolis-pilots/apply/'], a[href$='/calls/metropolis-pilots/']"
        ).first
    )
    if "/apply/" not in officer.page.url:
        officer.open("/calls/metropolis-pilots/apply/")
    officer.press(officer.page.locator("main form button[type=submit]").last)
    application = Application.objects.get(lead__city__slug="madrid-es", call__slug="metropolis-pilots")
    assert application.previous.call.slug == "metropolis-ideas"
    assert application.answers["title"] == application.previous.answers["title"]
    for city in ("Tijuana, México", "Bogotá"):
        officer.open(f"/applications/{application.reference}/partners/")
        officer.page.locator("input[name=words]").fill(city)
        officer.press(officer.page.locator("form:has(input[name=words]) button[type=submit]"))
    officer.own = {
        **{key: text for key, text in PLAN.items() if key.startswith("activities-")},
        "budget-0-category": "workshops",
        "budget-0-what": "Encuentro",
        "budget-0-party": "lead",
        "budget-0-amount-metropolis": "14000",
    }
    officer.write(application)
    officer.submit(application.reference)
    officer.expect_receipt(application, 1)


def test_icp_in_catalan(demo_world, open_page, live_server):
    # the call opens in some weeks; today is the day
    Call.objects.filter(slug="icp-cities").update(opens_at=database_now())
    user, lead = officer_of("terrassa-es", "ca")
    officer = Walker(open_page(viewport=PHONE), "ca")
    officer.open("/calls/icp-cities/")
    officer.log_in(user, live_server.url)
    officer.own = team("lead", people=2, role="expert")
    officer.open("/calls/icp-cities/apply/")
    officer.press(officer.page.locator("main form button[type=submit]").last)
    application = Application.objects.get(lead=lead, call__slug="icp-cities")
    officer.write(application)
    officer.submit(application.reference)
    officer.expect_receipt(application, 1)
