"""What no honest form sends when reviewers are chosen and assigned: words and a status, never a 500."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Assignment, Conflict
from calls.operations.assigning import assign
from tests.calls.review_round_world import Round
from tests.web.test_bad_input import HUGE, NUL

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client) -> Round:
    desk = Round()
    client.force_login(desk.marta)
    return desk


def post(client, name: str, *args, **data) -> int:
    return client.post(reverse(f"admin:calls_call_{name}", args=args), data).status_code


@pytest.mark.parametrize("value", [NUL, HUGE], ids=["nul", "huge"])
def test_reasons_that_cannot_be_kept(client, desk, value):
    application, expert = desk.eligible(), desk.seated("ada@example.org")
    row = assign(application=application, reviewer=expert, by=desk.marta, at=timezone.now())
    where = desk.call.pk, application.pk
    assert post(client, "unassign", desk.call.pk, row.pk, reason=value) == 409
    assert post(client, "assign_one", *where, reason=value) == 409
    assert post(client, "assignments", desk.call.pk, row=application.pk, reason=value) == 409
    assert post(client, "conflict", *where, user=expert.pk, reason=value) == 409
    conflict = Conflict.objects.create(
        application=application, user=desk.helena, reason="R.", by=desk.helena, at=timezone.now()
    )
    assert post(client, "lift_conflict", *where, conflict.pk, reason=value) == 409
    assert Assignment.objects.standing().get() == row
    assert Conflict.objects.get().lifted_at is None


@pytest.mark.parametrize("value", ["", NUL, f"a{NUL}@example.org", "x" * 400])
def test_addresses_of_nobody(client, desk, value):
    assert post(client, "panel_add", desk.call.pk, email=value, minimum="0", maximum="3") == 422
    assert post(client, "panel_add", desk.call.pk, user=value, minimum="0", maximum="3") == 422
    assert not desk.call.panel.exists()


@pytest.mark.parametrize("value", [NUL, f"RF-1{NUL};a@example.org", f"RF-1;a{NUL}@example.org"])
def test_a_table_with_characters_that_no_table_has(client, desk, value):
    assert post(client, "assign_csv", desk.call.pk, text=value) == 422
    assert post(client, "assign_csv", desk.call.pk, text=value, confirm="1", stamp=value) == 409
    assert not Assignment.objects.exists()
