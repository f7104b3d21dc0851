"""A round is decided: ranked within its quotas, approved by a second person, published, answered."""

import re
from io import StringIO

from django.core.management import call_command
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from calls.models import Decision
from calls.queries.decisions import fingerprint_of, open_decisions
from calls.workflow import Status
from cooperation.notifications.delivery import deliver_due
from tests.journeys.round_walk import (
    DESK,
    EXPERTS,
    FIRST_OUT,
    LAST_IN,
    SEATS,
    Round,
    button,
    link,
    person,
    post,
)
from tests.journeys.walking import PHONE, Walker, body_of, deliver

PAGES_OF_A_ROUND = (
    *("setup", "panel", "assignments", "assignments/auto"),
    *("ranking", "selection/1", "decisions", "letters"),
)


def select(icp: Round) -> None:
    """The reviews are closed at once; the list fills every quota, and the tie on its line is broken."""
    marta = icp.marta
    marta.open(f"{icp.base}/ranking/")
    button(marta, "Close their reviews")
    assert icp.call.applications.filter(status=Status.REVIEWED).count() == 60
    button(marta, "Compute the list")
    rows = {row["application"]: row for row in icp.call.selection_runs.get().result["rows"]}
    last_in, first_out = (rows[icp.application(number).reference] for number in (LAST_IN, FIRST_OUT))
    assert (last_in["outcome"], first_out["outcome"]) == ("selected", "reserve")
    assert (last_in["score"], last_in["place"]) == (first_out["score"], first_out["place"])
    assert first_out["reserve_place"] == 1
    assert [row["outcome"] for row in rows.values()].count("selected") == sum(SEATS)
    below = [row for row in rows.values() if float(row["score"]) < 70]
    assert {row["outcome"] for row in below} == {"rejected"}
    button(marta, "Recommend this list")
    assert Decision.objects.filter(application__call=icp.call, approved_at=None).count() == 60


def decide_by_two(icp: Round) -> None:
    """Who recommended does not approve; another person reads the list and does."""
    marta, helena = icp.marta, icp.helena
    marta.open(f"{icp.base}/decisions/")
    assert marta.page.get_by_role("button", name=re.compile("Approve all")).count() == 0
    seen = fingerprint_of(list(open_decisions(icp.call)))
    assert post(marta, f"{icp.base}/decisions/approve/", seen=seen) == 403
    helena.open(f"{icp.base}/decisions/")
    button(helena, "Approve all 60")
    assert Decision.objects.waiting().filter(application__call=icp.call).count() == 60
    link(helena, "Read the letters")
    expect(helena.page.locator(".letter-text")).to_contain_text("is selected.")


def look_on_a_phone(icp: Round) -> None:
    """The pages of the round fit a phone; Marta reads them on her way."""
    icp.marta.page.set_viewport_size(PHONE)
    for page in PAGES_OF_A_ROUND:
        icp.marta.open(f"{icp.base}/{page}/")
    icp.marta.page.set_viewport_size(DESK)


def publish_the_results(icp: Round) -> None:
    """All at once; from then on the results page is there for everybody."""
    helena, public = icp.helena, Walker(icp.open_page(viewport=PHONE))
    link(helena, "Publish results")
    button(helena, re.compile("Publish and send 60 letters"))
    assert icp.counts(Status.SELECTED) == SEATS
    public.open("/calls/icp-next/results/")
    expect(public.page.get_by_role("heading", name="Results")).to_be_visible()
    expect(public.page.get_by_text(str(icp.application(LAST_IN).lead))).to_be_visible()
    assert "80" not in public.page.locator("table").inner_text()


def tell_the_cities(icp: Round) -> None:
    """Sixty letters over SMTP, each in its reader's language, none with a reviewer's name."""
    deliver_due()
    names = [person(name).name for name in EXPERTS]
    for number in range(60):
        user, reference = icp.officer(number), icp.application(number).reference
        mails = deliver(icp.mailbox, user.email, reference)
        assert not [name for mail in mails for name in names if name in body_of(mail)]
        with override(user.language):
            assert gettext("What to do next") in body_of(mails[-1])
    read_the_scores(icp, FIRST_OUT)


def read_the_scores(icp: Round, number: int) -> None:
    """What the reviewers wrote, and the selected average, but not who they are."""
    user = icp.officer(number)
    city = icp.walker(user, phone=True, language=user.language)
    city.open(f"/applications/{icp.application(number).reference}/feedback/")
    expect(city.page.locator("blockquote").first).to_have_text("Show the figures for one street.")
    expect(city.page.locator("main")).to_contain_text(re.compile(r"4\.0.*4\.8", re.DOTALL))
    assert not [name for name in EXPERTS if person(name).name in city.page.content()]


def replace_who_declines(icp: Round) -> None:
    """One accepts, one declines; the next of the same quota is recommended, approved and told."""
    marta, helena, heir = icp.marta, icp.helena, icp.application(FIRST_OUT)
    answer(icp, 0, "accept")
    answer(icp, LAST_IN, "decline")
    marta.open(f"{icp.base}/decisions/")
    button(marta, f"Recommend {heir.lead}")
    helena.open(f"{icp.base}/decisions/")
    button(helena, "Approve 1 outcome")
    link(helena, "Publish results")
    button(helena, re.compile("Publish and send 1 letter"))
    heir.refresh_from_db()
    assert heir.status == Status.SELECTED
    assert icp.counts(Status.SELECTED, Status.ACCEPTED) == SEATS
    assert icp.counts(Status.DECLINED) == [1, 0, 0, 0, 0, 0, 0]
    assert len(deliver(icp.mailbox, icp.officer(FIRST_OUT).email, heir.reference)) >= 3


def answer(icp: Round, number: int, what: str) -> None:
    user = icp.officer(number)
    city = icp.walker(user, phone=True, language=user.language)
    city.open(f"/applications/{icp.application(number).reference}/offer/")
    if what == "decline":
        city.page.locator("textarea").fill("Demonstration: no money for travel.")
    city.press(city.page.locator(f"button[value={what}]"))
    city.examine()
    assert icp.application(number).status == {"accept": Status.ACCEPTED, "decline": Status.DECLINED}[what]


def verify_the_history(icp: Round) -> None:
    """The chain agrees with all that was done."""
    call_command("seal_history", stdout=StringIO())
    said = StringIO()
    call_command("verify_history", stdout=said)
    assert "The history agrees" in said.getvalue()
