"""IUC: a couple that applied together, a veto on another pair, and why two cities are not together."""

import re

import pytest
from playwright.sync_api import expect

from calls.models import Call, PairingRun
from tests.journeys import pairing_walk as walk
from tests.journeys.round_walk import Round, button, gather, link

COUPLE = {"Frankfurt am Main", "Yokohama"}
REASON = "Demonstration: both wrote that they know each other's plans already."


@pytest.fixture
def iuc(demo_world, open_page, live_server, mailbox) -> Round:
    return gather(open_page, live_server, mailbox, Call.objects.get(slug="iuc-pairing"))


@pytest.mark.thorough
def test_a_couple_a_veto_and_the_price_of_a_pair(iuc):
    with walk.worker_with_mail():
        first = walk.pair(iuc)
        applied_together(iuc)
        walk.look_around(iuc, first)
        vetoed = veto_the_best(iuc)
        second = walk.pair(iuc, "Run again")
    kept_apart(iuc, first, second, vetoed)
    price_of_a_pair(iuc)


def applied_together(iuc: Round) -> None:
    """The couple is a pin that nobody of staff made, and is proposed."""
    marta = iuc.marta
    row = marta.page.locator("table.pair-list tr", has_text="Yokohama")
    assert {row.locator("th").inner_text(), row.locator("td").first.inner_text()} == COUPLE
    expect(row).to_contain_text("Applied together")
    marta.press(row.get_by_role("link"))
    expect(marta.page.get_by_text("Pinned together")).to_be_visible()
    expect(marta.page.get_by_text("Both applications name the other.")).to_be_visible()
    expect(marta.page.locator("#why-not")).to_be_visible()


def veto_the_best(iuc: Round) -> set[str]:
    """The first free pair of the list is kept apart; without a reason it is not."""
    marta = iuc.marta
    marta.open(walk.board(iuc))
    rows = walk.shown(marta)
    place = next(place for place, row in enumerate(rows) if set(row) != COUPLE)
    marta.press(marta.page.locator("table.pair-list tbody a").nth(place))
    marta.page.get_by_text("Veto with a reason").click()
    button(marta, "Keep them apart")
    expect(marta.page.get_by_role("alert")).to_contain_text("Give the reason.")
    marta.page.locator("[name=veto-reason]").fill(REASON)
    button(marta, "Keep them apart")
    expect(marta.page.get_by_text("1 pin or veto was made or ended after this run.")).to_be_visible()
    return set(rows[place])


def kept_apart(iuc: Round, first: PairingRun, second: PairingRun, vetoed: set[str]) -> None:
    """The pair is gone, the couple stays, and the page says what moved."""
    marta = iuc.marta
    pairs = [set(row) for row in walk.shown(marta)]
    assert vetoed not in pairs
    assert COUPLE in pairs
    assert vetoed in [set(walk.names_of(row)) for row in first.proposals.all()]
    banner = marta.page.locator(".banners li", has_text="Since run 1")
    expect(banner).to_contain_text(re.compile("cit(y|ies) (move|gain|lose)"))
    link(marta, "Side by side")
    expect(marta.page.get_by_role("heading", name=re.compile("Moves to another partner"))).to_be_visible()
    for name in vetoed:
        expect(marta.page.locator("table.diff-rows th", has_text=name)).to_be_visible()
    why_not(iuc, *sorted(vetoed))
    expect(marta.page.locator("#why-not")).to_contain_text(REASON)


def why_not(iuc: Round, one: str, other: str) -> None:
    """Ask the board about two cities; either may be the one at home."""
    marta = iuc.marta
    marta.open(walk.board(iuc))
    home = marta.page.locator("#why-a")
    at_home = one if home.get_by_role("option", name=one, exact=True).count() else other
    home.select_option(label=at_home)
    marta.page.locator("#why-b").select_option(label=other if at_home == one else one)
    marta.press(marta.page.get_by_role("button", name="Show why not"))


def price_of_a_pair(iuc: Round) -> None:
    """Of the best free pair's city with the city of another pair: a sum that ends in what all would lose."""
    marta = iuc.marta
    marta.open(walk.board(iuc))
    rows = [row for row in walk.shown(marta) if set(row) != COUPLE]
    why_not(iuc, rows[0][0], rows[1][1])
    sum_ = marta.page.locator("#why-not table.sum")
    steps = [number(text) for text in sum_.locator("tbody td.num").all_inner_texts()]
    net = number(sum_.locator("tfoot td.net").inner_text())
    assert len(steps) >= 3
    assert round(sum(steps), 1) == net
    assert net < 0


def number(text: str) -> float:
    """Points as the page writes them, with a minus sign."""
    return float(text.strip().replace("−", "-").replace("+", "").replace(",", ""))
