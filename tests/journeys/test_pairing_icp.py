"""ICP with its quotas: applications, a run, proposals; one city declines, and all places are filled again."""

import pytest
from playwright.sync_api import expect

from calls.models import PairingRun, Proposal, ProposedCity
from calls.operations.pairing_answers import accept_proposal
from calls.queries.clock import database_now
from cooperation.notifications.delivery import deliver_due
from partnerships.models import Partnership
from tests.journeys import pairing_walk as walk
from tests.journeys.pairing_round import for_quota, next_round, take_part
from tests.journeys.round_walk import SEATS, Round, gather


@pytest.fixture
def icp(demo_world, open_page, live_server, mailbox) -> Round:
    call = next_round()
    take_part(call, [city for quota in call.quotas.all() for city in for_quota(quota)])
    return gather(open_page, live_server, mailbox, call)


def test_from_applications_to_accepted_pairs(icp):
    with walk.worker_with_mail():
        first = walk.pair(icp)
        keep_to_quotas(icp, first)
        walk.look_around(icp, first)
        walk.publish(icp, first)
        accepted, declined = two_to_answer(first)
        found_a_partnership(icp, accepted)
        second = one_declines(icp, declined)
        fresh = publish_again(icp, second, accepted, declined)
        found_a_partnership(icp, fresh)
        accept_the_rest(icp)
    nobody_is_left_out(icp)


def keep_to_quotas(icp: Round, run: PairingRun) -> None:
    """Every place is filled, by what the page shows and by what is kept."""
    names = [name for row in walk.shown(icp.marta) for name in row]
    kept = [name for row in run.proposals.all() for name in walk.names_of(row)]
    assert sorted(names) == sorted(kept)
    assert walk.seats(icp, names) == SEATS
    assert icp.call.applications.count() == 35
    expect(icp.marta.page.get_by_text("7 cities have no partner.")).to_be_visible()


def two_to_answer(run: PairingRun) -> tuple[Proposal, Proposal]:
    """One pair to accept, and one with a Canadian city to decline: another Canadian city is left."""
    canadian = run.proposals.filter(places__application__lead__country="CA")
    return run.proposals.exclude(pk__in=canadian)[0], canadian[0]


def found_a_partnership(icp: Round, proposal: Proposal) -> None:
    """Both cities come from their mail; when the second accepts, the partnership begins."""
    home, abroad = walk.places_of(proposal)
    walk.accept(walk.open_from_mail(icp, home))
    assert Partnership.objects.filter(proposals=proposal).count() == 0
    city = walk.open_from_mail(icp, abroad, phone=True)
    walk.accept(city)
    walk.see_the_partnership(city, abroad)
    for place in (home, abroad):
        walk.expect_contacts(icp, place)


def one_declines(icp: Round, proposal: Proposal) -> PairingRun:
    """The proposal lapses, and the worker pairs anew without being asked by anybody."""
    before = walk.last_run(icp)
    home = walk.places_of(proposal)[0]
    walk.decline(walk.open_from_mail(icp, home), "Demonstration: too far for two study visits.")
    run = walk.last_run(icp)
    assert (run.number, run.cause, run.requested_by) == (before.number + 1, "answers", None)
    return walk.wait_for(run)


def publish_again(icp: Round, run: PairingRun, accepted: Proposal, declined: Proposal) -> Proposal:
    """All that stands stays; one pair is new, is published by two people, and is told."""
    deliver_due()
    letters = len(icp.mailbox.mails)
    apart, gone = set(walk.names_of(declined)), set(walk.names_of(accepted))
    walk.publish(icp, run)
    fresh = run.proposals.get(repeats__isnull=True)
    assert run.proposals.count() == sum(SEATS) // 2 - 1
    shown = walk.shown(icp.helena)
    assert set(walk.names_of(fresh)) in [set(row) for row in shown]
    assert apart not in [set(row) for row in shown]
    assert not gone & {name for row in shown for name in row}
    for place in walk.places_of(fresh):
        walk.mail_to(icp, place, f"/applications/{place.application.reference}/proposal/", since=letters)
    assert len(icp.mailbox.mails) == letters + 2
    return fresh


def accept_the_rest(icp: Round) -> None:
    waiting = ProposedCity.objects.filter(
        proposal__run__call=icp.call,
        proposal__run__published_at__isnull=False,
        proposal__repeats__isnull=True,
        proposal__lapsed_at__isnull=True,
        answer="waiting",
    )
    for place in waiting.order_by("pk"):
        accept_proposal(place=place, by=walk.officer_of(place), at=database_now())


def nobody_is_left_out(icp: Round) -> None:
    """Fourteen partnerships; nobody has two partners, and no quota is exceeded."""
    founded = Partnership.objects.filter(proposals__run__call=icp.call).distinct()
    assert founded.count() == sum(SEATS) // 2
    members = [member.city.name for row in founded for member in row.members.select_related("city")]
    assert len(members) == len(set(members))
    assert walk.seats(icp, members) == SEATS
    icp.marta.open(walk.board(icp))
    states = icp.marta.page.locator("table.pair-list tbody td:last-child").all_inner_texts()
    assert {state.strip() for state in states} == {"Partners"}
