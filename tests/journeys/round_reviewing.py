"""A round is reviewed: a panel with conflicts of interest, automatic assignment, scoring by keys."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from calls.models import Application, Assignment, Reviewer
from calls.operations.conflicts import record_conflict
from calls.queries.clock import database_now
from tests.journeys.round_walk import EXPERTS, Round, button, link, person
from tests.journeys.round_world import score
from tests.journeys.walking import Walker


def seat_the_panel(icp: Round) -> None:
    """Four experts who are not staff; one lives in a city that applies, one declared a conflict."""
    marta = icp.marta
    noor, wen = (Reviewer.objects.get(user=person(name)) for name in EXPERTS[2:])
    Reviewer.objects.filter(user__email__endswith="example.org").update(maximum_load=60)
    noor.city = icp.application(3).lead.city
    noor.save(update_fields=["city"])
    record_conflict(
        application=icp.application(4),
        reviewer=wen.user,
        reason="Demonstration: advised this city on its roofs.",
        by=person("marta.oliveira"),
        at=database_now(),
    )
    marta.open(f"{icp.base}/setup/")
    link(marta, "Panel")
    for name in EXPERTS:
        row = marta.page.locator("li", has=marta.page.get_by_role("button", name=f"Add {person(name).name}"))
        # nobody can be full then (three times 29 leaves 33), so whoever stands aside is always replaced
        row.get_by_label("At least").fill("29")
        row.get_by_label("At most").fill("36")
        marta.press(row.get_by_role("button"))
    assert icp.call.panel.filter(user__is_staff=False, maximum=36).count() == 4


def assign(icp: Round) -> None:
    """Proposed, read, confirmed: two reviewers each, within every load, against no conflict."""
    marta = icp.marta
    link(marta, "Assign automatically")
    expect(marta.page.get_by_text("120 reviews for 60 applications")).to_be_visible()
    button(marta, "Assign as shown")
    check_assignments(icp)


def check_assignments(icp: Round) -> None:
    rows = Assignment.objects.standing().filter(application__call=icp.call)
    assert rows.count() == 120
    assert all(rows.filter(application__reference=reference).count() == 2 for reference in icp.worth)
    assert all(rows.filter(user=person(name)).count() <= 36 for name in EXPERTS)
    assert not rows.filter(application=icp.application(3), user=person("noor.haddad")).exists()
    assert not rows.filter(application=icp.application(4), user=person("wen.castell")).exists()


def score_at_the_desk(icp: Round) -> None:
    """Two reviewers by keys; one of them stands aside, and somebody else takes it; the others as well."""
    ingrid, tomas = (at_the_desk(icp, name) for name in EXPERTS[:2])
    score_by_keys(icp, ingrid)
    first = on_screen(ingrid)
    ingrid.page.keyboard.press("n")
    expect(ingrid.page.locator(".over")).not_to_contain_text(first.reference)
    ingrid.page.keyboard.press("p")
    expect(ingrid.page.locator(".over")).to_contain_text(first.reference)
    button(ingrid, "Finish this review")
    assert first.reviews.get(reviewer__email="ingrid.falk@example.org").finished_at
    score_by_keys(icp, tomas)
    button(tomas, "Finish this review")
    tomas.page.keyboard.press("n")
    expect(tomas.page.get_by_role("button", name="I have no conflict of interest")).to_be_visible()
    tomas.page.get_by_text("Abstain", exact=True).click()
    tomas.page.locator("#reason-abstain").fill("Demonstration: no time this month.")
    button(tomas, "Abstain from this application")
    assert Assignment.objects.filter(application__call=icp.call, end="abstained").count() == 1
    icp.marta.open(f"{icp.base}/assignments/auto/")
    button(icp.marta, "Assign as shown")
    check_assignments(icp)
    for row in Assignment.objects.standing().filter(application__call=icp.call):
        if not row.application.reviews.filter(reviewer=row.user, finished_at__isnull=False).exists():
            score(row.application, row.user, icp.worth[row.application.reference])


def at_the_desk(icp: Round, name: str) -> Walker:
    """A reviewer's first application, from the list of her reviews."""
    walker = icp.walker(person(name))
    walker.open("/admin/calls/assignment/")
    titles = walker.page.locator("a", has_text="Demonstration: roofs of")
    walker.press(titles.first)
    button(walker, "I have no conflict of interest")
    return walker


def on_screen(walker: Walker) -> Application:
    return Application.objects.get(pk=int(urlsplit(walker.page.url).path.rstrip("/").rpartition("/")[2]))


def score_by_keys(icp: Round, walker: Walker) -> None:
    for value in icp.worth[on_screen(walker).reference]:
        walker.page.keyboard.press("j")
        walker.page.keyboard.press(str(value))
    walker.page.get_by_label("Select", exact=True).check(force=True)
