"""A round begins: cloned from the last one, published by two people, its applications screened."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from calls.models import Application, Call, StatusChange
from calls.workflow import Status
from tests.journeys.round_walk import SEATS, Round, button, link, post
from tests.journeys.walking import Walker, body_of, deliver

WHY = "Demonstration: the register was wrong, the city showed its statute."


def clone(icp: Round) -> None:
    """The next round from the last: its dates seen before, everything copied, its texts made its own."""
    marta, last = icp.marta, icp.call
    marta.open("/admin/")
    link(marta, "Calls")
    link(marta, "International City Partnerships, demonstration round")
    link(marta, "Next round")
    expect(marta.page.locator("table")).to_contain_text("Sunday")
    marta.page.get_by_label("Address").fill("icp-next")
    button(marta, "Show the dates for this day")
    button(marta, "Create the draft")
    icp.call = Call.objects.get(slug="icp-next")
    assert icp.call.closes_at - icp.call.opens_at >= last.closes_at - last.opens_at - timedelta(hours=1)
    assert [quota.places for quota in icp.call.quotas.all()] == SEATS
    assert icp.call.editorial == "draft"


def publish_by_two(icp: Round) -> None:
    """What is left is set, the preflight read; Marta asks, and only Helena can publish."""
    marta, helena = icp.marta, icp.helena
    marta.press(marta.page.get_by_role("link", name="The text in English mentions earlier years"))
    marta.page.get_by_label("Title").fill("International City Partnerships, next round")
    button(marta, "Keep")
    marta.open(f"{icp.base}/setup/")
    link(marta, "Reviewing and deciding")
    due = icp.call.closes_at + timedelta(days=30)
    marta.page.get_by_label("Reviews are due").fill(f"{due:%Y-%m-%dT%H:%M}")
    button(marta, "Keep")
    marta.open(f"{icp.base}/setup/")
    expect(marta.page.get_by_text("Nothing keeps it from being published.")).to_be_visible()
    button(marta, "Ask for the publication")
    expect(marta.page.get_by_text("Somebody else publishes it.", exact=False)).to_be_visible()
    assert marta.page.get_by_role("button", name="Publish the call").count() == 0
    assert post(marta, f"{icp.base}/setup/publish/") == 403
    helena.open("/admin/")
    helena.open(f"{icp.base}/setup/")
    button(helena, "Publish the call")
    icp.call.refresh_from_db()
    assert icp.call.editorial == "published"


def screen(icp: Round) -> None:
    """Three by hand, the others in bulk; the page names every city before anything is done."""
    marta = icp.marta
    open_application(marta, icp.application(0))
    marta.page.get_by_label("Eligible", exact=True).check(force=True)
    button(marta, "Screen")
    override(icp, icp.application(1))
    correct(icp, 2)
    marta.open(f"/admin/calls/application/?call={icp.call.pk}&status=submitted")
    marta.page.get_by_label("all 57 in this list").check(force=True)
    button(marta, "Screen as eligible")
    assert marta.page.get_by_text(str(icp.application(59).lead)).count() == 1
    button(marta, re.compile("Screen as eligible: 57"))
    assert icp.call.applications.filter(status=Status.ELIGIBLE).count() == 60
    assert StatusChange.objects.filter(application__call=icp.call, overrides=True).count() == 1


def open_application(marta: Walker, application: Application) -> None:
    marta.open(f"/admin/calls/application/{application.pk}/")


def override(icp: Round, application: Application) -> None:
    """The register says university by now; without a reason nobody goes against the assessment."""
    marta = icp.marta
    application.lead.kind = "university"
    application.lead.save(update_fields=["kind"])
    open_application(marta, application)
    marta.page.get_by_text("Assess the submission again").click()
    button(marta, "Assess again")
    marta.page.get_by_label("Eligible", exact=True).check(force=True)
    button(marta, "Screen")
    expect(marta.page.get_by_role("alert")).to_contain_text("Say in the note why it is eligible.")
    marta.page.get_by_label("Note to the city").fill(WHY)
    button(marta, "Screen")
    expect(marta.page.get_by_text("Against the assessment").first).to_be_visible()
    change = application.status_changes.get(target=Status.ELIGIBLE)
    assert (change.note, change.by.email) == (WHY, "marta.oliveira@example.org")


def correct(icp: Round, number: int) -> None:
    """Two reasons make one message; the city answers it by submitting again."""
    marta, application, user = icp.marta, icp.application(number), icp.officer(number)
    open_application(marta, application)
    link(marta, "Ask for a correction")
    marta.page.get_by_label("Contact details are missing").check(force=True)
    marta.page.get_by_label("Activities have no dates").check(force=True)
    button(marta, "Preview")
    expect(marta.page.locator("#preview")).to_contain_text("Activities have no dates. Say when")
    button(marta, "Send the request")
    mail = deliver(icp.mailbox, user.email, application.reference)[-1]
    assert "Activities have no dates." in body_of(mail)
    city = icp.walker(user)
    city.open(f"/applications/{application.reference}/s/city/")
    city.page.locator("[name=answer-contact]").fill("Demo Officer, international office, +00 000 0000")
    city.press(city.page.locator("main form button[type=submit]:not([name])").last)
    city.submit(application.reference)
    open_application(marta, application)
    marta.page.get_by_label("Eligible", exact=True).check(force=True)
    button(marta, "Screen")
    request = application.corrections.get()
    assert request.answer.number == 2
