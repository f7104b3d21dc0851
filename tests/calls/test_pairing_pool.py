"""One pool instead of two sides, through the whole job: groups, couples, vetoes, what-ifs."""

import pytest
from django.utils import timezone

from calls.models import ApplicationPartner, Call
from calls.operations import directing
from calls.queries.pairing import frozen_input
from calls.queries.pairing_diff import compare
from calls.queries.pairing_kept import input_of
from tests.calls.desk_world import staff_person
from tests.calls.pairing_world import application_of, pairs_of, requested, solved, what_if, worked
from tests.calls.test_pairing_bad_input import verified
from tests.factories import ApplicationFactory, CityFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta():
    return staff_person("marta@example.org")


@pytest.fixture
def pool_call(pairing_call) -> Call:
    """Six cities in one pool, to be grouped in trios of three countries."""
    pairing_call.pairing = {"shape": "pool", "smallest": 3, "largest": 3, "most_per_country": 1}
    pairing_call.save()
    for name, country, theme in (("Turku", "FI", "mobility"), ("Porto", "PT", "energy-transition")):
        ApplicationFactory(
            call=pairing_call,
            lead=OrganisationFactory(city__name=name, city__country=country, city__languages=["en"]),
            status="eligible",
            submitted_at=timezone.now(),
            answers={"themes": [theme]},
        )
    return pairing_call


def trios(run) -> set[frozenset[str]]:
    return set(map(frozenset, pairs_of(run)))


def test_a_pool_is_grouped_in_trios_by_the_job(pool_call, marta):
    run = requested(pool_call, marta)
    assert worked(run)
    assert (run.shape, run.result["status"]) == ("pool", "optimal")
    assert trios(run) == {
        frozenset({"Essen", "Koriyama", "Porto"}),
        frozenset({"Grenoble", "Toyota", "Turku"}),
    }
    assert {place.side for row in run.proposals.all() for place in row.places.all()} == {"pool"}
    assert "is as kept" in verified("--call", pool_call.slug)


def test_pins_vetoes_and_what_ifs_of_a_pool(pool_call, marta):
    first = solved(pool_call, marta)
    for kind, one, other in (("pin", "Essen", "Turku"), ("veto", "Essen", "Koriyama")):
        directing.direct(
            call=pool_call,
            kind=kind,
            one=application_of(pool_call, one),
            other=application_of(pool_call, other),
            reason="Agreed.",
            by=marta,
            at=timezone.now(),
        )
    second = solved(pool_call, marta)
    [group] = [trio for trio in trios(second) if "Essen" in trio]
    assert "Turku" in group
    assert "Koriyama" not in group
    assert {row.name for row in compare(first, second).moved} >= {"Essen", "Turku"}
    told = input_of(second)
    assert (len(told.together), len(told.apart), len(told.previous)) == (1, 1, 2)
    pin = [application_of(pool_call, name).reference for name in ("Turku", "Essen")]
    free = what_if(second, marta, free=[pin, [told.apart[0].b, told.apart[0].a]])
    assert trios(free) == trios(first)
    gone = application_of(pool_call, "Porto").reference
    fewer = what_if(first, marta, without=[gone], raise_floor=False)
    assert {row.name for row in compare(first, fewer).lost} >= {"Porto"}


def test_a_consortium_takes_part_in_a_pool_as_one(pool_call):
    essen = application_of(pool_call, "Essen")
    ApplicationPartner.objects.create(application=essen, city=CityFactory(country="DE"))
    told = frozen_input(pool_call, at=timezone.now())
    assert {len(row.members) for row in told.pool} == {0, 2}


def test_sizes_that_cannot_be_are_named(pool_call, marta):
    pool_call.pairing |= {"smallest": 4, "largest": 3}
    pool_call.save()
    run = solved(pool_call, marta)
    assert run.result["status"] == "invalid_input"
    assert run.result["messages"]
