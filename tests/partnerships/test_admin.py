"""The staff side of cities and partnerships."""

import pytest
from django.urls import reverse

from partnerships.models import City, Commitment, Membership, NetworkMembership
from tests.factories import CityFactory, MembershipFactory, NetworkFactory, UserFactory
from tests.pages import said
from tests.partnerships.portfolios import partnership

pytestmark = pytest.mark.django_db

LISTS = {
    "city": 4,
    "organisation": 5,
    "membership": 5,
    "network": 5,
    "networkmembership": 6,
    "partnership": 7,
    "commitment": 5,
    "theme": 5,
}


@pytest.fixture
def staff(client):
    person = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(person)
    return person


def fill(count: int) -> None:
    """`count` rows of every list."""
    for number in range(count):
        city = CityFactory()
        MembershipFactory(organisation__city=city)
        NetworkMembership.objects.create(network=NetworkFactory(), city=city)
        Commitment.objects.create(city=city, name="Covenant")
        partnership(city, CityFactory(), slug=f"p-{number}")


@pytest.mark.parametrize("count", [1, 3, 20])
@pytest.mark.parametrize("model", LISTS)
def test_lists_cost_the_same_at_any_length(client, staff, django_assert_num_queries, model, count):
    fill(count)
    with django_assert_num_queries(LISTS[model]):
        assert client.get(reverse(f"admin:partnerships_{model}_changelist")).status_code == 200


@pytest.mark.parametrize("model", LISTS)
def test_forms_to_add_open(client, staff, model):
    assert client.get(reverse(f"admin:partnerships_{model}_add")).status_code == 200


def test_nothing_is_deleted(client, staff):
    city = CityFactory()
    url = reverse("admin:partnerships_city_delete", args=[city.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
    page = client.get(reverse("admin:partnerships_city_changelist")).content.decode()
    assert "delete_selected" not in page
    assert City.objects.filter(pk=city.pk).exists()


def test_city_is_found_without_accents(client, staff):
    CityFactory(name="Växjö")
    CityFactory(name="Lund")
    page = said(client.get(reverse("admin:partnerships_city_changelist"), {"q": "vaxjo"}))
    assert "Växjö" in page
    assert "Lund" not in page


def verify(client, *memberships: Membership):
    return client.post(
        reverse("admin:partnerships_membership_changelist"),
        {"action": "verify", "_selected_action": [membership.pk for membership in memberships]},
        follow=True,
    )


def test_verifying_notes_who_and_when_and_keeps_the_first(client, staff):
    waiting = MembershipFactory(verified_at=None, verified_by=None)
    known = MembershipFactory()
    page = verify(client, waiting, known).content.decode()
    assert "1 membership is verified." in page
    first = known.verified_at
    waiting.refresh_from_db()
    known.refresh_from_db()
    assert waiting.verified_by == staff
    assert waiting.verified_at is not None
    assert known.verified_at == first
    assert known.verified_by != staff


def test_a_person_who_may_only_look_cannot_verify(client):
    client.force_login(UserFactory(is_staff=True))
    waiting = MembershipFactory(verified_at=None, verified_by=None)
    assert verify(client, waiting).status_code == 403
    waiting.refresh_from_db()
    assert waiting.verified_at is None


def test_visitors_do_not_reach_the_lists(client):
    assert client.get(reverse("admin:partnerships_city_changelist")).status_code == 302
