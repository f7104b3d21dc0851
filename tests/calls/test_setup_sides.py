"""The people of the sides that decide: chosen among staff, nobody on both, and exactly two sides."""

import pytest
from django.test import Client

from calls.models import Call
from calls.models.decision import Side
from calls.queries.preflight import preflight
from tests.calls.desk_world import staff_person
from tests.calls.setup_world import NOW, ready_call, setter
from tests.calls.test_call_setup import address, filled
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def call() -> Call:
    return ready_call(process="two_sides")


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(setter())
    return client


def side(call: Call, name: str, *people) -> Side:
    row = Side.objects.create(call=call, key=name.lower(), labels={"en": name, "sv": name})
    row.members.set(people)
    return row


def test_people_are_chosen_among_staff(desk, call):
    lena, outside = staff_person("lena@example.org"), UserFactory()
    adding = address("setup_part_add", call.pk, "sides")
    typed = {"labels_en": "Funder", "labels_sv": "Finansiär", "members": [lena.pk]}
    refused = desk.post(adding, {**typed, "members": [outside.pk]})
    assert refused.status_code == 422
    assert desk.post(adding, typed).status_code == 302
    assert list(Side.objects.get().members.all()) == [lena]


def test_nobody_is_on_both_sides(desk, call):
    lena, omar = staff_person("lena@example.org"), staff_person("omar@example.org")
    side(call, "Funder", lena)
    network = side(call, "Network", omar)
    page = address("setup_row", call.pk, "sides", network.pk)
    refused = desk.post(page, {**filled(desk, page), "members": [omar.pk, lena.pk]})
    assert refused.status_code == 409
    assert "decides for “Funder” already, and nobody for both." in refused.content.decode()
    assert list(network.members.all()) == [omar]
    adding = desk.post(
        address("setup_part_add", call.pk, "sides"), {"labels_en": "Third", "members": [lena.pk]}
    )
    assert (adding.status_code, Side.objects.count()) == (409, 2)


def test_who_left_the_staff_may_stay_on_a_side_but_not_join_one(desk, call):
    lena = staff_person("lena@example.org")
    row = side(call, "Funder", lena)
    lena.is_staff = False
    lena.save(update_fields=["is_staff"])
    page = address("setup_row", call.pk, "sides", row.pk)
    assert desk.post(page, {**filled(desk, page), "labels_en": "The funder"}).status_code == 302
    row.refresh_from_db()
    assert row.labels["en"] == "The funder"
    assert list(row.members.all()) == [lena]


@pytest.mark.parametrize(("count", "stops"), [(0, True), (1, True), (2, False), (3, True)])
def test_a_call_is_published_with_two_sides(call, count, stops):
    for number in range(count):
        side(call, f"Side{number}", staff_person(f"s{number}@example.org"))
    found = [str(point.sentence) for point in preflight(call, NOW) if point.part == "sides"]
    assert any("Two sides decide" in sentence for sentence in found) == stops
