"""The whole flow as four kinds of people walk it: a city officer, staff, a reviewer, the public."""

import re

from playwright.sync_api import Page, expect

from calls.demo.people import PASSWORD
from calls.models import Application, Call
from calls.operations.pairing_answers import accept_proposal
from calls.queries.clock import database_now
from cooperation.notifications.delivery import deliver_due
from partnerships.models import Partnership
from tests.celery_worker import wait_until
from tests.journeys import pairing_walk as walk
from tests.journeys.officers import consent, icld_answers
from tests.journeys.round_walk import Round
from tests.journeys.walking import Walker, body_of

OFFICER = "karin.lindqvist@example.org"
STAFF = "marta.oliveira@example.org"
APPROVER = "helena.brandt@example.org"
REVIEWER = "ingrid.falk@example.org"


def log_in_by_code(page: Page, email: str, mailbox) -> None:
    """The code arrives by mail, over SMTP, and is typed in."""
    page.goto("/account/login/")
    page.get_by_label("E-mail address").first.fill(email)
    page.get_by_role("button", name="Send me a code").click()
    wait_until(lambda: bool(mailbox.to(email)), 10)
    text = body_of(mailbox.to(email)[-1])
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", text, re.MULTILINE)
    assert code, text
    page.locator("input[name=code]").fill(code.group(1))
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("heading", name="My applications")).to_be_visible()


def log_in_by_password(page: Page, email: str, lands: str = "Work queue") -> None:
    page.goto("/account/login/?next=/admin/")
    page.get_by_text("Log in with a password").click()
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name=lands)).to_be_visible()


def find_the_call(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="See all calls").click()
    page.get_by_label("Can my city apply?").fill("Ale, Sweden")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("article", has_text="project phase").get_by_text("Ale can apply")).to_be_visible()
    page.get_by_role("link", name="Municipal Partnership: project phase", exact=True).click()
    expect(page.get_by_text("Stockholm").first).to_be_visible()
    expect(page.get_by_text("UTC").first).to_be_visible()


def check_eligibility(page: Page) -> None:
    """One question a page; a partner outside the list is answered with no, and with what would help."""
    page.get_by_role("textbox", name="Your city").fill("Ale")
    page.locator(".quick-check button").click()
    page.get_by_role("textbox", name="Partner city").fill("Rosario, Argentina")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Show the answer now").click()
    expect(page.locator(".verdict")).to_contain_text("cannot")
    page.goto("/calls/icld-projects/check/?lead=ale-se&partner=ghanzi-bw")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ale with Ghanzi")
    expect(page.locator(".verdict")).to_contain_text("Ale can apply with Ghanzi")


def write_and_submit(page: Page, open_page, mailbox) -> str:
    """Open Ale's draft, complete it, have Ghanzi agree to it, submit it; return its reference."""
    page.goto("/calls/icld-projects/")
    page.get_by_role("button", name="Start application").or_(
        page.get_by_role("link", name="Start application")
    ).first.click()
    expect(page.get_by_role("heading", name="Your application")).to_be_visible()
    reference = page.url.rstrip("/").rpartition("/")[2]
    application = Application.objects.get(reference=reference)
    officer = Walker(page, own=icld_answers())
    officer.write(application)
    consent(officer, open_page, mailbox, application, "ghanzi-bw")
    officer.open(f"/applications/{reference}/check/")
    page.get_by_role("button", name="Submit application").click()
    expect(page.get_by_text("Received. Your application is submitted.")).to_be_visible()
    expect(page.get_by_text(reference).first).to_be_visible()
    return reference


def screen(page: Page, application: Application) -> None:
    page.goto("/admin/")
    page.get_by_role("link", name="To screen").click()
    page.get_by_role("link", name=application.reference).click()
    page.get_by_label("Eligible", exact=True).check(force=True)
    page.get_by_role("button", name="Screen", exact=True).click()
    expect(page.get_by_text("Eligible, under review").first).to_be_visible()


def assign(page: Page) -> None:
    """From the application: Ingrid on the panel of the call, then her name ticked."""
    page.get_by_role("link", name="Who reviews it").click()
    expect(page.get_by_role("heading", name="Who reviews it")).to_be_visible()
    one = page.url
    page.get_by_role("link", name="Put people on the panel").click()
    ingrid = page.locator("li", has=page.get_by_role("button", name="Add Ingrid Falk"))
    ingrid.get_by_label("At most").fill("5")
    ingrid.get_by_role("button").click()
    expect(page.get_by_role("button", name="Take out Ingrid Falk")).to_be_visible()
    page.goto(one)
    page.get_by_label("Ingrid Falk").check()
    page.get_by_role("button", name="Save the assignments").click()
    expect(page.get_by_text("1 assigned.")).to_be_visible()


def score(page: Page, application: Application) -> None:
    """A reviewer who is not staff: her list, her declaration, every criterion, to the end."""
    page.get_by_role("link", name=application.title).click()
    page.get_by_role("button", name="I have no conflict of interest").click()
    for criterion in page.locator(".criterion").all():
        criterion.locator("input[value='4']").check(force=True)
    page.get_by_label("Select", exact=True).check(force=True)
    page.get_by_role("button", name="Finish this review").click()
    expect(page.get_by_text("The sheet is read only.")).to_be_visible()


def close_and_recommend(page: Page, application: Application) -> None:
    page.goto(f"/admin/calls/application/{application.pk}/")
    page.get_by_role("button", name="Close the review").click()
    expect(page.get_by_text("Reviewed").first).to_be_visible()
    page.get_by_label("Selected", exact=True).check(force=True)
    page.get_by_label("Reason").fill("Concrete on both sides.")
    page.get_by_role("button", name="Recommend this outcome").click()
    expect(page.get_by_text("second person").first).to_be_visible()


def pair_cities(pairing: Round) -> None:
    """A run in a real worker, recommended by one person, published by another; both cities accept."""
    staff, approver = pairing.marta, pairing.helena
    staff.open("/admin/")
    staff.press(staff.page.get_by_role("link", name="Pairing calls without a run"))
    expect(staff.page.get_by_text(pairing.call.title).first).to_be_visible()
    run = walk.pair(pairing)
    walk.publish(pairing, run)
    proposal = run.proposals.all()[0]
    for place in walk.places_of(proposal):
        accept_proposal(place=place, by=walk.officer_of(place), at=database_now())
    approver.open(f"{walk.board(pairing)}?pair={proposal.pk}")
    approver.press(approver.page.get_by_role("link", name="Their partnership"))
    title = Partnership.objects.get(proposals=proposal).title
    expect(approver.page.get_by_role("heading", level=1)).to_have_text(title)


def test_from_the_first_look_to_a_partnership(demo_world, open_page, live_server, mailbox):
    officer = open_page(viewport={"width": 1280, "height": 900}, timezone_id="Asia/Kolkata")
    find_the_call(officer)
    # 23:59 in Stockholm, in winter or in summer
    expect(officer.locator("[data-your-time]")).to_contain_text(re.compile("0[34]:29"))
    check_eligibility(officer)
    log_in_by_code(officer, OFFICER, mailbox)
    reference = write_and_submit(officer, open_page, mailbox)
    application = Application.objects.get(reference=reference)
    assert application.status == "submitted"
    sha256 = application.snapshots.get().sha256
    assert sha256[:8] in officer.locator("main").inner_text()
    deliver_due()
    receipts = [mail for mail in mailbox.to(OFFICER) if f"{reference} received" in str(mail["Subject"])]
    assert len(receipts) == 1

    # the deadline passes; until then the city may submit again
    Call.objects.filter(pk=application.call_id).update(closes_at=database_now())
    staff, approver = open_page(), open_page()
    log_in_by_password(staff, STAFF)
    log_in_by_password(approver, APPROVER)
    screen(staff, application)
    assign(staff)
    reviewer = open_page()
    log_in_by_password(reviewer, REVIEWER, lands="My reviews")
    score(reviewer, application)
    close_and_recommend(staff, application)
    approver.goto(f"/admin/calls/application/{application.pk}/")
    approver.get_by_role("button", name="Approve", exact=True).click()
    approver.goto(f"/admin/calls/call/{application.call_id}/publish-results/")
    if (partly := approver.get_by_role("checkbox")).count():
        partly.check()
    approver.get_by_role("button", name="Publish and send").click()
    approver.goto(f"/admin/calls/application/{application.pk}/")
    expect(approver.get_by_text("Selected").first).to_be_visible()

    iuc = Call.objects.get(slug="iuc-pairing")
    with walk.worker_with_mail():
        pair_cities(Round(open_page, live_server.url, mailbox, Walker(staff), Walker(approver), call=iuc))

    public = open_page(viewport={"width": 390, "height": 844})
    public.goto("/cities/ale-se/")
    expect(public.get_by_role("link", name=re.compile(application_title(reference))).first).to_be_visible()


def application_title(reference: str) -> str:
    return re.escape(Application.objects.get(reference=reference).title)
