"""Two windows of one form of the admin: the second never writes over the first unread."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from calls.admin.calls import CallAdmin
from partnerships.models import CityTheme
from tests.calls.admin_forms import posted
from tests.factories import CallFactory, CityFactory, ThemeFactory

pytestmark = pytest.mark.django_db


def window(client: Client, address: str) -> dict[str, object]:
    """What a browser sends back from the form as it stands, with the mark it carries."""
    found = re.search(r'name="seen" value="(\w+)"', client.get(address).content.decode())
    assert found
    return {**posted(client, address), "seen": found[1]}


def test_the_second_window_reads_what_the_first_one_wrote(administrator):
    city = CityFactory(name="Ale", population=32_000)
    address = reverse("admin:partnerships_city_change", args=[city.pk])
    first, second = window(administrator, address), window(administrator, address)

    assert administrator.post(address, {**first, "population": 33_000}).status_code == 302
    refused = administrator.post(address, {**second, "population": 34_000, "region": "Västra Götaland"})

    text = refused.content.decode()
    assert "Somebody changed this while you wrote" in text
    assert "Population: 33000" in text
    assert 'value="34000"' in text
    assert "Västra Götaland" in text
    city.refresh_from_db()
    assert (city.population, city.region) == (33_000, "")

    again = re.search(r'name="seen" value="(\w+)"', text)[1]
    assert administrator.post(address, {**second, "seen": again, "population": 34_000}).status_code == 302
    city.refresh_from_db()
    assert city.population == 34_000


def test_lines_below_the_record_are_compared_as_well(administrator):
    city = CityFactory(name="Ale")
    address = reverse("admin:partnerships_city_change", args=[city.pk])
    sent = window(administrator, address)

    CityTheme.objects.create(city=city, theme=ThemeFactory(), direction="offers")

    assert "Somebody changed this" in administrator.post(address, sent).content.decode()


def test_a_draft_call_is_compared_and_its_page_carries_the_mark(administrator):
    call = CallFactory(editorial="draft", published_at=None)
    address = reverse("admin:calls_call_change", args=[call.pk])
    sent = window(administrator, address)

    type(call).objects.filter(pk=call.pk).update(places=7)
    refused = administrator.post(address, {**sent, "places": 9})

    assert refused.status_code == 200
    assert "Places: 7" in refused.content.decode()
    call.refresh_from_db()
    assert call.places == 7
    assert "places" not in CallAdmin.exclude
