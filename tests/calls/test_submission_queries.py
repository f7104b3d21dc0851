"""What each page around a submission costs: the same queries however much was written."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application
from calls.operations.applications import add_partner, save_answers, withdraw
from calls.operations.submission import submit
from tests.calls.worlds import World, small_world
from tests.factories import CityFactory, QuestionFactory

pytestmark = pytest.mark.django_db
COSTS = {
    "application": 25,  # with a request for correction, if there is one
    "check_answers": 21,
    "receipt": 26,
    "restore": 21,
    "withdraw": 9,
}


def changed(world: World, count: int) -> Application:
    """Submitted with `count` more questions and partners; every answer changed since."""
    for number in range(count):
        QuestionFactory(section=world.section, key=f"more-{number}", position=number + 5)
    keys = [f"more-{number}" for number in range(count)]
    draft = world.draft(title="Youth", summary="Short.", **dict.fromkeys(keys, "Words."))
    for number in range(count):
        city = CityFactory(name=f"City {number}", country="BW")
        add_partner(application=draft, city=city, by=world.officer, at=timezone.now())
    submit(application=draft, version=None, by=world.officer, at=timezone.now())
    draft.refresh_from_db()
    save_answers(
        application=draft,
        answers=dict.fromkeys(keys, "Other words."),
        version=draft.version,
        by=world.officer,
        at=timezone.now(),
    )
    return draft


@pytest.mark.parametrize("count", [1, 3, 20])
@pytest.mark.parametrize("name", list(COSTS))
def test_a_page_takes_the_same_queries_for_any_number(client, name, count, django_assert_num_queries):
    world = small_world()
    draft = changed(world, count)
    client.force_login(world.officer)
    url = reverse(f"calls:{name}", args=[draft.reference])
    client.get(url)
    with django_assert_num_queries(COSTS[name]):
        client.get(url)


def test_reopening_asks_in_few_queries(client, django_assert_num_queries):
    world = small_world()
    draft = changed(world, 1)
    withdraw(application=draft, by=world.officer, at=timezone.now())
    client.force_login(world.officer)
    with django_assert_num_queries(10):
        client.get(reverse("calls:reopen", args=[draft.reference]))
