"""A whole round of ICP, cloned from the last one: set up, published, screened, scored, decided, answered."""

import pytest

from calls.models import Call, Programme
from tests.journeys.round_deciding import (
    decide_by_two,
    look_on_a_phone,
    publish_the_results,
    replace_who_declines,
    select,
    tell_the_cities,
    verify_the_history,
)
from tests.journeys.round_opening import clone, publish_by_two, screen
from tests.journeys.round_reviewing import assign, score_at_the_desk, seat_the_panel
from tests.journeys.round_walk import Round, gather, person
from tests.journeys.round_world import let_cities_apply


@pytest.fixture
def last_round(demo_world) -> Call:
    """Two people publish in this programme."""
    Programme.objects.filter(code="ICP").update(two_person_publishing=True)
    return Call.objects.get(slug="icp-demonstration")


@pytest.fixture
def icp(last_round, open_page, live_server, mailbox) -> Round:
    return gather(open_page, live_server, mailbox, last_round)


def test_a_whole_round(icp):
    clone(icp)
    publish_by_two(icp)
    icp.worth = let_cities_apply(icp.call, person("marta.oliveira"))
    screen(icp)
    seat_the_panel(icp)
    assign(icp)
    score_at_the_desk(icp)
    select(icp)
    decide_by_two(icp)
    look_on_a_phone(icp)
    publish_the_results(icp)
    tell_the_cities(icp)
    replace_who_declines(icp)
    verify_the_history(icp)
