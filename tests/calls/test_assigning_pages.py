"""The pages of a review round: what they offer, where they lead, and what a refused form keeps."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Assignment, Conflict
from tests.calls.review_round_world import Round

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client) -> Round:
    """Staff who assign are at the pages."""
    desk = Round()
    client.force_login(desk.marta)
    return desk


def page(name: str, *keys: int) -> str:
    return reverse(f"admin:calls_{name}", args=keys)


def test_a_closed_round_offers_nothing_to_save(desk, client):
    application = desk.reviewed("Ale")
    desk.seated("ines@example.org")
    matrix, one = (
        page("call_assignments", desk.call.pk),
        page("call_assign_one", desk.call.pk, application.pk),
    )
    body = client.get(matrix).content.decode()
    assert "The review of 1 application is closed" in body
    assert "Save the assignments" not in body + client.get(one).content.decode()
    desk.eligible("Lund")
    assert "Save the assignments" in client.get(matrix).content.decode()


def test_a_refused_conflict_keeps_what_was_typed_in_its_own_field(desk, client):
    application, ines = desk.eligible("Ale"), desk.seated("ines@example.org")
    address = page("call_conflict", desk.call.pk, application.pk)
    body = client.post(address, {"user": "", "reason": "Her brother."}).content.decode()
    assert "Choose whom the conflict concerns." in body
    assert "Her brother.</textarea>" in body
    assert 'value="Her brother."' not in body
    body = client.post(address, {"user": ines.pk, "reason": " "}).content.decode()
    assert f'<option value="{ines.pk}" selected>' in body
    conflict = Conflict.objects.create(
        application=application, user=ines, reason="x", at=timezone.now(), by=ines
    )
    lifted = page("call_lift_conflict", desk.call.pk, application.pk, conflict.pk)
    body = client.post(lifted, {"reason": "a" * 10_001}).content.decode()
    assert f'id="lift-{conflict.pk}" name="reason" maxlength="2000" value="aaa' in body


def test_a_conflict_that_was_found_leads_to_its_records(desk, client):
    application = desk.eligible("Ale")
    ines = desk.seated("ines@example.org", city=application.lead.city)
    body = client.get(page("call_assign_one", desk.call.pk, application.pk)).content.decode()
    assert "Comes from a party’s city, Ale." in body
    assert page("reviewer_change", ines.reviewer.pk) in body


def test_the_page_of_a_reviewer_leads_to_pages_that_are_there(desk, client):
    ines = desk.seated("ines@example.org")
    open_one, closed_one = desk.eligible("Ale"), desk.decided("Lund")
    for application in (open_one, closed_one):
        Assignment.objects.create(
            application=application, user=ines, assigned_at=timezone.now(), assigned_by=desk.marta
        )
    body = client.get(page("reviewer_change", ines.reviewer.pk)).content.decode()
    wanted = [
        page("call_assign_one", desk.call.pk, open_one.pk),
        page("application_change", closed_one.pk),
    ]
    assert all(address in body and client.get(address).status_code == 200 for address in wanted)
    assert page("call_assign_one", desk.call.pk, closed_one.pk) not in body


@pytest.mark.parametrize("load", ["x", "9"])
def test_a_refused_load_comes_back_as_it_was_typed(desk, client, load):
    desk.seated("ines@example.org")
    member = desk.call.panel.get()
    address = page("call_panel_change", desk.call.pk, member.pk)
    body = client.post(address, {"minimum": load, "maximum": "3"}).content.decode()
    assert f'name="minimum" inputmode="numeric" size="4" value="{load}"' in body
    assert 'name="maximum" inputmode="numeric" size="4" value="3"' in body
    added = {"email": "nobody@example.org", "minimum": "1", "maximum": "7"}
    body = client.post(page("call_panel_add", desk.call.pk), added).content.decode()
    assert 'value="nobody@example.org"' in body
    assert 'size="4" value="7"' in body
