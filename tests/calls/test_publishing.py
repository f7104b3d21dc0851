"""Publishing and amending: who may, what is refused, and the deadline on the call's own clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from calls.access import NotAllowed
from calls.models import Call, CallText
from calls.operations.publishing import amend_call, instant, publish_call
from calls.operations.status import NotPossible
from cooperation.accounts.models import User
from tests.calls.desk_world import staff_person
from tests.factories import CallFactory

ON = date(2026, 11, 22)
REASONS = {"en": "More time for partners."}


@pytest.fixture
def marta(db) -> User:
    return staff_person("marta@example.org", "change_call")


@pytest.fixture
def call(db) -> Call:
    return CallFactory()


def amend(call: Call, by: User, **more: datetime):
    return amend_call(call=call, reasons=REASONS, published_on=ON, by=by, **more)


def test_a_moved_deadline_is_numbered_and_keeps_the_old_one(call, marta):
    before, later = call.closes_at, call.closes_at + timedelta(days=14)
    assert amend(call, marta).number == 1
    amendment = amend(call, marta, closes_to=later)
    call.refresh_from_db()
    assert (amendment.number, amendment.closes_from, amendment.closes_to) == (2, before, later)
    assert call.closes_at == later


def test_a_deadline_before_the_opening_is_refused(call, marta):
    with pytest.raises(NotPossible, match="Choose a later one"):
        amend(call, marta, closes_to=call.opens_at)
    assert not call.amendments.exists()


def test_a_draft_is_changed_and_not_amended(call, marta):
    Call.objects.update(editorial="draft", published_at=None)
    with pytest.raises(NotPossible, match="is a draft"):
        amend(call, marta)


def test_staff_without_the_right_neither_publish_nor_amend(call):
    reader = staff_person("reader@example.org")
    with pytest.raises(NotAllowed):
        amend(call, reader)
    Call.objects.update(editorial="draft", published_at=None)
    call.refresh_from_db()
    with pytest.raises(NotAllowed):
        publish_call(call=call, by=reader, at=datetime(2026, 11, 22, tzinfo=UTC))
    call.refresh_from_db()
    assert call.editorial == "draft"


def test_a_call_without_an_authoritative_text_is_not_published(call, marta):
    Call.objects.update(editorial="draft", published_at=None)
    CallText.objects.update(authoritative=False)
    call.refresh_from_db()
    with pytest.raises(NotPossible, match="authoritative"):
        publish_call(call=call, by=marta, at=datetime(2026, 11, 22, tzinfo=UTC))


def test_a_wall_clock_time_is_an_instant_of_its_zone():
    found = instant(datetime.fromisoformat("2026-12-15T23:59"), "Europe/Stockholm")
    assert found == datetime(2026, 12, 15, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "words"),
    [
        ("2026-03-29T02:30", "2026-03-29 02:30 does not exist in Europe/Stockholm"),
        ("2026-10-25T02:30", "2026-10-25 02:30 happens twice in Europe/Stockholm"),
    ],
)
def test_skipped_and_doubled_hours_are_refused(wall, words):
    with pytest.raises(NotPossible, match=words):
        instant(datetime.fromisoformat(wall), "Europe/Stockholm")
