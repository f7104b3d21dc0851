"""A call is cancelled while somebody submits, or begins: received before, with its receipt, or refused."""

from datetime import timedelta
from functools import partial

import pytest

from calls.models import Amendment, Application, Call, Snapshot
from calls.operations.applications import start
from calls.operations.cancelling import cancel_call
from calls.operations.status import NotPossible
from calls.operations.submission import submit
from cooperation.notifications.models import Message
from tests.calls.desk_world import staff_person
from tests.calls.worlds import World, small_world
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = [pytest.param(3, id="quick"), pytest.param(100, id="thorough", marks=pytest.mark.thorough)]
REASONS = {"en": "No funds."}


def published_anew(world: World) -> None:
    """The call as before, with nothing in it and nobody told."""
    Call.objects.update(editorial="published", cancelled_at=None, cancelled_by=None)
    Application.objects.update(status="withdrawn")
    Message.objects.all().delete()


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_submission_beside_the_cancelling_is_kept_or_refused(rounds: int) -> None:
    world, marta = small_world(), staff_person("marta@example.org", "change_call")
    for _round in range(rounds):
        published_anew(world)
        draft, at = world.complete(), world.call.opens_at
        sent, cancelled = together(
            partial(submit, application=draft, version=None, by=world.officer, at=at + timedelta(seconds=1)),
            partial(cancel_call, call=world.call, reasons=REASONS, by=marta, at=at),
        )
        assert isinstance(cancelled, Amendment), cancelled
        call, draft = Call.objects.get(pk=world.call.pk), Application.objects.get(pk=draft.pk)
        receipts = Message.objects.filter(kind="receipt", about__application=draft.pk).exists()
        assert Message.objects.filter(kind="call_cancelled", recipient=world.officer.email).exists()
        if isinstance(sent, Snapshot):
            assert (draft.status, receipts) == ("submitted", True)
            assert call.cancelled_at >= sent.received_at
        else:
            assert isinstance(sent, NotPossible)
            assert "cancelled" in str(sent)
            assert (draft.status, receipts) == ("draft", False)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_who_begins_beside_the_cancelling_is_told_or_refused(rounds: int) -> None:
    world, marta = small_world(), staff_person("marta@example.org", "change_call")
    for _round in range(rounds):
        published_anew(world)
        begun, cancelled = together(
            partial(start, call=world.call, lead=world.lead, by=world.officer, at=world.call.opens_at),
            partial(cancel_call, call=world.call, reasons=REASONS, by=marta, at=world.call.opens_at),
        )
        assert isinstance(cancelled, Amendment), cancelled
        told = Message.objects.filter(kind="call_cancelled", about__call=world.call.pk)
        assert told.filter(recipient=world.officer.email).exists() == isinstance(begun, Application)
        assert isinstance(begun, Application | NotPossible), begun
