"""Twelve cities of four countries in one pool: groups of three, and one of them becomes a partnership."""

import pytest
from playwright.sync_api import expect

from calls.models import PairingRun
from partnerships.models import Partnership
from tests.journeys import pairing_walk as walk
from tests.journeys.pairing_round import next_round, take_part
from tests.journeys.round_walk import Round, gather
from tests.journeys.round_world import largest

COUNTRIES = ("DE", "FR", "CA", "ZA")


@pytest.fixture
def pool(demo_world, open_page, live_server, mailbox) -> Round:
    call = next_round(shape="pool", smallest=3, largest=3, most_per_country=1)
    take_part(call, largest(COUNTRIES, 12))
    return gather(open_page, live_server, mailbox, call)


@pytest.mark.thorough
def test_three_cities_become_partners(pool):
    with walk.worker_with_mail():
        run = walk.pair(pool)
        keep_countries_apart(pool, run)
        walk.look_around(pool, run)
        walk.publish(pool, run)
        accept_by_all(pool, run)


def keep_countries_apart(pool: Round, run: PairingRun) -> None:
    """Four groups of three, each of three countries; the page tells the links among them."""
    assert (run.shape, run.proposals.count()) == ("pool", 4)
    for proposal in run.proposals.all():
        countries = {str(row.application.lead.country) for row in walk.places_of(proposal)}
        assert len(countries) == len(walk.places_of(proposal)) == 3
    page = pool.marta.page
    expect(page.get_by_role("heading", name="4 groups")).to_be_visible()
    expect(page.locator("#chosen .pair-name")).to_have_count(3)
    expect(page.locator(".links-of-group li > details")).to_have_count(3)


def accept_by_all(pool: Round, run: PairingRun) -> None:
    """Two are not enough; with the third the partnership begins, and each hears of the two others."""
    proposal = run.proposals.all()[0]
    places = walk.places_of(proposal)
    for place in places:
        assert not Partnership.objects.filter(proposals=proposal).exists()
        city = walk.open_from_mail(pool, place, phone=True)
        walk.accept(city)
    walk.see_the_partnership(city, places[-1])
    proposal.refresh_from_db()
    assert proposal.partnership
    members = {member.city.name for member in proposal.partnership.members.select_related("city")}
    assert members == set(walk.names_of(proposal))
    for place in places:
        walk.expect_contacts(pool, place)
