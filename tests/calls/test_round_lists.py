"""The decisions of a large round: the head of each list, the rest page by page."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.admin.round_lists import AT_ONCE
from calls.models import Decision
from tests.calls.desk_world import Desk
from tests.factories import ApplicationFactory

pytestmark = pytest.mark.django_db
MORE = 2


@pytest.fixture
def desk() -> Desk:
    """Two recommendations more than a list shows at once; REF-0001 is the first, and one is approved."""
    desk, now = Desk(), timezone.now()
    for number in range(1, AT_ONCE + MORE + 2):
        row = ApplicationFactory(
            call=desk.call,
            reference=f"REF-{number:04d}",
            status="reviewed",
            submitted_at=now,
            created_by=desk.marta,
        )
        last = number == AT_ONCE + MORE + 1
        approved = {"approved_at": now, "approved_by": desk.helena} if last else {}
        Decision.objects.create(
            application=row,
            outcome="rejected",
            reason="Weak.",
            recommended_at=now,
            recommended_by=desk.marta,
            **approved,
        )
    return desk


def drawn(page) -> list[str]:
    """The references on a page, each once."""
    return sorted(set(re.findall(r"REF-\d{4}", page.content.decode())))


def test_a_long_list_shows_its_head_and_leads_to_the_rest(desk, client):
    client.force_login(desk.helena)
    address = reverse("admin:calls_call_decisions", args=[desk.call.pk])
    whole = client.get(address)
    approved = f"REF-{AT_ONCE + MORE + 1:04d}"
    assert drawn(whole) == [*(f"REF-{number:04d}" for number in range(1, AT_ONCE + 1)), approved]
    assert f"Show all {AT_ONCE + MORE} in this list" in whole.content.decode()
    assert f"Approve all {AT_ONCE + MORE}" in whole.content.decode()
    rest = client.get(address, {"list": "open", "page": "2"})
    assert drawn(rest) == [f"REF-{number:04d}" for number in range(AT_ONCE + 1, AT_ONCE + MORE + 1)]


@pytest.mark.parametrize("asked", [{"list": "nothing"}, {"page": "-1"}, {"page": "9" * 5_000}])
def test_an_unreadable_address_shows_the_lists(desk, client, asked):
    client.force_login(desk.helena)
    page = client.get(reverse("admin:calls_call_decisions", args=[desk.call.pk]), asked)
    assert page.status_code == 200
    assert "REF-" in page.content.decode()


def test_what_was_typed_far_down_comes_back(desk, client):
    client.force_login(desk.helena)
    last = desk.call.applications.get(reference=f"REF-{AT_ONCE + MORE:04d}")
    page = client.post(
        reverse("admin:calls_call_send_back", args=[desk.call.pk, last.pk]),
        {"version": last.version + 7, "reason": "The second city is missing."},
    )
    assert page.status_code == 409
    assert last.reference in drawn(page)
    assert "The second city is missing." in page.content.decode()
