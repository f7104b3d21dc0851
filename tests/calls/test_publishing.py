"""Publishing: who may, and what is refused."""

from datetime import UTC, datetime

import pytest

from calls.access import NotAllowed
from calls.models import Call, CallText
from calls.operations.publishing import publish_call
from calls.operations.status import NotPossible
from cooperation.accounts.models import User
from tests.calls.desk_world import staff_person
from tests.factories import CallFactory


@pytest.fixture
def marta(db) -> User:
    return staff_person("marta@example.org", "change_call")


@pytest.fixture
def call(db) -> Call:
    return CallFactory()


def test_staff_without_the_right_do_not_publish(call):
    reader = staff_person("reader@example.org")
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
