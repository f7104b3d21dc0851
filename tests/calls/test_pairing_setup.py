"""How a call pairs, entered in the set-up: fields, sums, conflicts, what a run takes from it."""

import pytest
from django.urls import reverse

from calls.models import Call
from calls.queries.pairing_settings import pairing_settings
from calls.queries.set_up import fingerprint
from tests.calls.desk_world import staff_person
from tests.calls.pairing_board_world import words
from tests.calls.pairing_world import published, solved
from tests.factories import CallFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lena(client):
    person = staff_person("lena@example.org", "add_call", "change_call")
    client.force_login(person)
    return person


def address(call: Call) -> str:
    return reverse("admin:calls_call_setup_pairing", args=[call.pk])


def form_of(client, call: Call) -> dict[str, str]:
    """What the page shows, as it would be sent back."""
    context = client.get(address(call)).context
    found = {field.name: field.value() for field in context["form"]}
    found |= {"seen": context["seen"]}
    return {name: str(value) for name, value in found.items() if value is not None and value is not False}


def test_what_a_call_says_is_kept_as_it_is_when_nothing_changes(client, pairing_call, lena):
    answer = client.post(address(pairing_call), form_of(client, pairing_call))
    assert answer.status_code == 302, answer.context["form"].errors
    pairing_call.refresh_from_db()
    assert pairing_call.pairing == {}


def test_a_pool_in_trios_with_its_own_weights_is_what_the_next_run_is_told(client, pairing_call, lena):
    typed = form_of(client, pairing_call) | {
        "shape": "pool",
        "smallest": "3",
        "largest": "3",
        "most_per_country": "2",
        "minimum_score": "12.5",
        "weight_wishes": "5",
        "weight_languages": "17.5",
        "prefer_distance": "far",
        "answer_days": "30",
    }
    assert client.post(address(pairing_call), typed).status_code == 302
    pairing_call.refresh_from_db()
    kept = pairing_settings(pairing_call)
    assert (kept.shape, kept.smallest, kept.largest, kept.most_per_country) == ("pool", 3, 3, 2)
    assert (kept.minimum_score, kept.answer_days, kept.prefer["distance"]) == (12_500, 30, "far")
    assert (kept.weights["wishes"], kept.weights["languages"]) == (5_000, 17_500)
    assert solved(pairing_call, lena).shape == "pool"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"weight_wishes": "14"}, "The points sum to 100. Now they are 99."),
        ({"weight_wishes": "-1"}, "greater than or equal to 0"),
        ({"weight_wishes": "1.2345"}, "no more than 3 decimal places"),
        ({"smallest": "4", "largest": "3"}, "The largest group cannot be smaller"),
        ({"largest": "99"}, "less than or equal to 12"),
        ({"answer_days": "0"}, "greater than or equal to 1"),
        ({"shape": "ring"}, "ring is not one of the available choices"),
        ({"most_per_country": "none"}, "Enter a whole number."),
    ],
)
def test_settings_that_cannot_be_are_refused_beside_their_field(client, pairing_call, lena, typed, said):
    answer = client.post(address(pairing_call), form_of(client, pairing_call) | typed)
    assert answer.status_code == 422
    assert said in words(answer)
    pairing_call.refresh_from_db()
    assert pairing_call.pairing == {}


def test_what_somebody_else_kept_in_between_is_not_overwritten(client, pairing_call, lena):
    typed = form_of(client, pairing_call)
    Call.objects.filter(pk=pairing_call.pk).update(pairing={"answer_days": 40})
    answer = client.post(address(pairing_call), typed | {"answer_days": "10"})
    assert answer.status_code == 409
    assert "Somebody else changed this" in words(answer)
    pairing_call.refresh_from_db()
    assert pairing_call.pairing == {"answer_days": 40}


def test_settings_that_nobody_can_read_are_entered_anew(client, pairing_call, lena):
    Call.objects.filter(pk=pairing_call.pk).update(pairing={"shape": "ring"})
    assert "cannot be read" in words(client.get(reverse("admin:calls_call_setup", args=[pairing_call.pk])))
    assert client.post(address(pairing_call), form_of(client, pairing_call)).status_code == 302
    pairing_call.refresh_from_db()
    assert pairing_settings(pairing_call).shape == "sides"


def test_once_proposals_are_with_the_cities_the_settings_stay(client, pairing_call, lena):
    helena = staff_person("helena@example.org", "decide_application")
    published(solved(pairing_call, lena), lena, helena)
    found = client.get(address(pairing_call))
    assert all(field.field.disabled for field in found.context["form"])
    typed = {"seen": fingerprint({}), "answer_days": "9"}
    assert client.post(address(pairing_call), typed).status_code in (409, 422, 302)
    pairing_call.refresh_from_db()
    assert pairing_call.pairing == {}


def test_staff_who_only_read_change_nothing_and_other_calls_have_no_such_page(client, pairing_call):
    client.force_login(staff_person())
    typed = form_of(client, pairing_call) | {"answer_days": "9"}
    assert client.post(address(pairing_call), typed).status_code == 403
    assert client.get(address(CallFactory())).status_code == 404
