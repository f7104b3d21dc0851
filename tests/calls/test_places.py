"""Limits that hold whatever happens at the same moment: places by role, one live application per lead."""

from functools import partial

import pytest

from calls.models import Application, Attempt, RolePlace
from calls.operations.applications import add_partner, reopen, start, withdraw
from calls.operations.partners import change_partner
from calls.operations.places import RULE
from calls.operations.status import NotPossible
from calls.operations.submission import submit
from calls.queries.clock import database_now
from partnerships.models import City, Organisation
from tests.calls.worlds import World, small_world
from tests.factories import (
    ApplicationFactory,
    CityFactory,
    MembershipFactory,
    OrganisationFactory,
    RuleFactory,
    UserFactory,
)
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    """A call in which each city coordinates one application and joins one other."""
    found = small_world()
    RuleFactory(call=found.call, kind=RULE, parameters={"coordinator": 1, "partner": 1}, position=9)
    return found


def draft_of(world: World, lead: Organisation, *partners: City) -> Application:
    """A complete draft of an organisation with these partners."""
    application = ApplicationFactory(
        call=world.call, lead=lead, answers={"title": "Youth", "summary": "Young people decide."}
    )
    officer = MembershipFactory(organisation=lead).user
    for city in partners:
        add_partner(application=application, city=city, by=officer, at=database_now())
    return application


def send(application: Application):
    officer = application.lead.memberships.order_by("id").first().user
    return submit(application=application, version=None, by=officer, at=database_now())


def test_two_submissions_with_the_same_partner_at_once_one_is_accepted(world):
    for _round in range(5):
        partner = CityFactory(country="BW")
        drafts = [draft_of(world, OrganisationFactory(), partner) for _number in range(2)]
        found = together(*[partial(send, draft) for draft in drafts])
        refused = [row for row in found if isinstance(row, NotPossible)]
        assert len(refused) == 1
        assert str(refused[0]).startswith(f"{partner.name} is already a partner in 1 submitted application")
        assert RolePlace.objects.get(city=partner).role == "partner"
        loser = drafts[found.index(refused[0])]
        assert Attempt.objects.get(application=loser).accepted is False
        assert not RolePlace.objects.filter(application=loser).exists()
        assert Application.objects.get(pk=loser.pk).status == "draft"


def test_four_at_once_for_one_place(world):
    partner = CityFactory(country="BW")
    drafts = [draft_of(world, OrganisationFactory(), partner) for _number in range(4)]
    found = together(*[partial(send, draft) for draft in drafts])
    assert sum(isinstance(row, NotPossible) for row in found) == 3
    assert Application.objects.filter(status="submitted").count() == 1


def test_crosswise_partners_never_wait_for_each_other_for_ever(world):
    first, second = (OrganisationFactory(city__country="SE") for _number in range(2))
    shared = [CityFactory(country="BW") for _number in range(2)]
    drafts = [draft_of(world, first, *shared), draft_of(world, second, *reversed(shared))]
    found = together(*[partial(send, draft) for draft in drafts])
    assert sum(isinstance(row, NotPossible) for row in found) == 1


def test_a_city_coordinates_one_and_joins_one_other(world):
    partner = CityFactory(country="BW")
    its_own = draft_of(
        world, OrganisationFactory(city=partner, city__country="BW"), CityFactory(country="BW")
    )
    other = draft_of(world, OrganisationFactory(), partner)
    world.call.rules.filter(kind="lead_country").delete()
    send(other)
    send(its_own)
    assert set(RolePlace.objects.filter(city=partner).values_list("role", flat=True)) == {
        "coordinator",
        "partner",
    }


def test_two_organisations_of_one_city_do_not_coordinate_twice(world):
    city = CityFactory()
    drafts = [
        draft_of(world, OrganisationFactory(city=city), CityFactory(country="BW")) for _number in range(2)
    ]
    send(drafts[0])
    with pytest.raises(NotPossible, match="already coordinates 1 application"):
        send(drafts[1])


def test_withdrawing_gives_the_place_back_and_reopening_does_not_take_it(world):
    partner = CityFactory(country="BW")
    first, second = (draft_of(world, OrganisationFactory(), partner) for _number in range(2))
    send(first)
    officer = first.lead.memberships.first().user
    withdraw(application=first, by=officer, at=database_now())
    send(second)
    reopen(application=first, by=officer, at=database_now())
    with pytest.raises(NotPossible, match="already a partner"):
        send(first)


def test_withdrawing_while_another_submits_ends_in_one_place(world):
    partner = CityFactory(country="BW")
    first, second = (draft_of(world, OrganisationFactory(), partner) for _number in range(2))
    send(first)
    officer = first.lead.memberships.first().user
    found = together(lambda: withdraw(application=first, by=officer, at=database_now()), lambda: send(second))
    holders = list(RolePlace.objects.filter(city=partner).values_list("application", flat=True))
    assert holders == ([] if isinstance(found[1], NotPossible) else [second.pk])


def test_associates_and_funders_take_no_place(world):
    partner = CityFactory(country="BW")
    first, second = (
        draft_of(world, OrganisationFactory(), CityFactory(country="BW"), partner) for _number in range(2)
    )
    officer = second.lead.memberships.first().user
    change_partner(
        application=second, city=partner, role="associate", kind="municipality", by=officer, at=database_now()
    )
    send(first)
    send(second)
    assert RolePlace.objects.get(city=partner).application == first


def test_resubmitting_with_another_partner_gives_the_first_place_back(world):
    partner, other = (CityFactory(country="BW") for _number in range(2))
    application = draft_of(world, OrganisationFactory(), partner)
    send(application)
    officer = application.lead.memberships.first().user
    change_partner(
        application=application, city=partner, role="funder", kind="agency", by=officer, at=database_now()
    )
    add_partner(application=application, city=other, by=officer, at=database_now())
    send(application)
    assert not RolePlace.objects.filter(city=partner).exists()
    assert RolePlace.objects.filter(city=other).exists()


def test_a_call_without_the_rule_has_no_limits():
    world = small_world()
    partner = CityFactory(country="BW")
    for _number in range(2):
        send(draft_of(world, OrganisationFactory(), partner))
    assert not RolePlace.objects.exists()


def test_one_live_application_per_lead_under_many_clicks():
    world = small_world()
    people = [MembershipFactory(organisation=world.lead, user=UserFactory()).user for _number in range(6)]
    found = together(
        *[
            lambda person=person: start(call=world.call, lead=world.lead, by=person, at=database_now())
            for person in people
        ]
    )
    assert len({row.pk for row in found}) == Application.objects.count() == 1


def test_reopening_against_starting_anew_leaves_one_live_application():
    world = small_world()
    first = world.complete()
    for _round in range(5):
        withdraw(application=first, by=world.officer, at=database_now())
        together(
            partial(reopen, application=first, by=world.officer, at=database_now()),
            lambda: start(call=world.call, lead=world.lead, by=world.approver, at=database_now()),
        )
        live = list(Application.objects.live())
        assert len(live) == 1
        first = live[0]
