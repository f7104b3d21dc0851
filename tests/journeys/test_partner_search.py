"""From an idea to an application that two cities write: the board, interest, the mutual yes, the draft."""

import re

from playwright.sync_api import expect

from calls.models import Application
from calls.queries.clock import database_now
from cooperation.accounts.models import User
from cooperation.notifications.delivery import deliver_due
from partnerships.models import Idea
from partnerships.operations.suggesting import refresh_suggestions
from tests.journeys.walking import ADDRESS, PHONE, Walker, body_of, link_in

ALE, KUTAISI = "karin.lindqvist@example.org", "officer.kutaisi-ge@example.org"


def address_in(mail) -> str:
    """The path of the first link into the portal."""
    found = ADDRESS.search(body_of(mail))
    assert found, mail["Subject"]
    return found.group(1)


def publish(ale: Walker) -> Idea:
    page = ale.page
    ale.open("/partner-search/")
    ale.press(page.get_by_role("link", name="Publish an idea"))
    page.get_by_label("Title").fill("Youth councils that decide")
    page.get_by_label("What do you want to do?").fill("Give a youth council a sum of its own.")
    ale.press(page.get_by_role("button", name="Publish the idea"))
    # two answers are missing; what was typed is still there
    expect(page.get_by_role("alert")).to_contain_text("Themes")
    expect(page.get_by_label("Title")).to_have_value("Youth councils that decide")
    page.get_by_label("Whom do you seek?").fill("A city whose young people vote.")
    page.get_by_label("Participation").check(force=True)
    page.get_by_label("Youth").check(force=True)
    ale.press(page.get_by_role("button", name="Publish the idea"))
    expect(page.get_by_text("Your idea is on the board.")).to_be_visible()
    return Idea.objects.get(title="Youth councils that decide")


def tell_interest(kutaisi: Walker, idea: Idea) -> None:
    """Found on the board among what is suggested, and told in a sentence."""
    page = kutaisi.page
    kutaisi.open("/partner-search/")
    suggested = page.get_by_role("region", name="Suggested to you")
    expect(suggested).to_contain_text("Kutaisi works on the same: Participation and Youth.")
    kutaisi.press(suggested.get_by_role("link", name=idea.title))
    expect(page.get_by_text(ALE)).to_have_count(0)
    page.get_by_label("Why do you fit?").fill("Three schools want to vote.")
    kutaisi.press(page.get_by_role("button", name="Send your interest"))
    expect(page.get_by_text("Waits for an answer")).to_be_visible()


def test_from_an_idea_to_a_joint_draft(demo_world, open_page, mailbox):
    ale = Walker(open_page(viewport={"width": 1280, "height": 900}, refused=True))
    ale.log_in_by_code(ALE, mailbox)
    idea = publish(ale)
    refresh_suggestions(at=database_now())

    kutaisi = Walker(open_page(viewport=PHONE))
    kutaisi.log_in_by_code(KUTAISI, mailbox)
    tell_interest(kutaisi, idea)
    deliver_due()
    mail = mailbox.to(ALE)[-1]
    assert "Kutaisi would join your idea" in str(mail["Subject"])
    assert KUTAISI not in body_of(mail)

    ale.open("/my/")
    expect(ale.page.get_by_role("link", name=re.compile("Answer Kutaisi"))).to_be_visible()
    ale.open(address_in(mail))
    ale.page.get_by_label("A word to them").fill("Gladly.")
    ale.press(ale.page.get_by_role("button", name="We are interested too"))
    expect(ale.page.get_by_role("link", name=KUTAISI)).to_be_visible()
    deliver_due()
    assert "Ale is interested too" in str(mailbox.to(KUTAISI)[-1]["Subject"])

    ale.press(ale.page.get_by_role("link", name="Apply together"))
    inception = ale.page.locator("li", has=ale.page.get_by_role("link", name=re.compile("inception")))
    ale.press(inception.get_by_role("button", name="Start the joint draft"))
    expect(ale.page.get_by_role("heading", name="Your application")).to_be_visible()
    draft = Application.objects.get(title="Youth councils that decide")
    assert [row.city.name for row in draft.partners.all()] == ["Kutaisi"]
    assert draft.lead.city.name == "Ale"

    deliver_due()
    invitation = next(mail for mail in reversed(mailbox.to(KUTAISI)) if "/invitations/" in body_of(mail))
    kutaisi.open(link_in(invitation, "/invitations/"))
    kutaisi.press(kutaisi.page.locator("main form button[type=submit]").first)
    kutaisi.open(draft.get_absolute_url())
    expect(kutaisi.page.get_by_role("heading", name="Your application")).to_be_visible()
    assert draft.team.get().user == User.objects.get(email=KUTAISI)
