"""A time zone that does not exist cannot be stored by hand: every page that shows its clock would fail."""

import pytest
from django.urls import reverse

from cooperation.accounts.models import User
from partnerships.models import City
from tests.factories import CityFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client) -> User:
    person = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(person)
    return person


def send(client, url: str, zone: str):
    form = client.get(url).context["adminform"].form
    kept = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data = {name: value for name, value in kept.items() if value not in (None, False)}
    return client.post(url, {**data, "time_zone": zone})


def test_a_person_gets_only_a_zone_that_exists(client, administrator):
    url = reverse("admin:accounts_user_change", args=[administrator.pk])
    assert "time_zone" in send(client, url, "Europe/Atlantis").context["adminform"].form.errors
    send(client, url, "Europe/Stockholm")
    assert User.objects.get().time_zone == "Europe/Stockholm"


def test_a_city_gets_only_a_zone_that_exists(client, administrator):
    city = CityFactory()
    url = reverse("admin:partnerships_city_change", args=[city.pk])
    assert "time_zone" in send(client, url, "Europe/Atlantis").context["adminform"].form.errors
    assert City.objects.get().time_zone == city.time_zone
