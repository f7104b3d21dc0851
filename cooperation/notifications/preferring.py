"""How a reader wants to be told. The last choice counts: it is one person's own."""

from collections.abc import Mapping

from django.db import transaction

from cooperation.accounts.models import User
from cooperation.notifications.kinds import KINDS, Topic
from cooperation.notifications.models import Message, MessageState, Mode, Preference, Quiet
from cooperation.notifications.timing import QUIET_FROM, QUIET_UNTIL, Hours

CHOOSABLE = tuple(topic for topic in Topic if topic != Topic.OWN)


@transaction.atomic
def choose_topics(*, reader: User, modes: Mapping[Topic, Mode]) -> None:
    """Set how a reader is told of topics; others stay. What waits or is held follows the choice.

    Raises ValueError for what cannot be switched off.
    """
    if Topic.OWN in modes:
        raise ValueError("receipts, decisions and invitations are always mailed")
    # one choice after the other, and never while a digest is put together
    User.objects.select_for_update(no_key=True).get(pk=reader.pk)
    rows = Preference.objects.filter(reader=reader)
    rows.filter(topic__in=[topic for topic, mode in modes.items() if mode == Mode.AT_ONCE]).delete()
    Preference.objects.bulk_create(
        [
            Preference(reader=reader, topic=topic.value, mode=mode)
            for topic, mode in modes.items()
            if mode != Mode.AT_ONCE
        ],
        update_conflicts=True,
        unique_fields=["reader", "topic"],
        update_fields=["mode"],
    )
    _hold_what_waits(reader, [topic for topic, mode in modes.items() if mode != Mode.AT_ONCE])


def _hold_what_waits(reader: User, topics: list[Topic]) -> None:
    """What waits to be mailed is held: the gathering decides by the choice that then holds."""
    kinds = [kind.name for kind in KINDS.values() if kind.topic in topics]
    waiting = Message.objects.filter(kind__in=kinds, reader=reader, state=MessageState.WAITING)
    waiting.update(state=MessageState.HELD)


@transaction.atomic
def choose_quiet_hours(*, reader: User, hours: Hours) -> None:
    """Set a reader's quiet hours, from and until, on the reader's clock; the same hour twice: none."""
    if hours == (QUIET_FROM, QUIET_UNTIL):
        Quiet.objects.filter(reader=reader).delete()
        return
    begins, ends = hours
    Quiet.objects.update_or_create(reader=reader, defaults={"from_hour": begins, "until_hour": ends})


def quiet_hours_of(reader: User) -> Hours:
    """A reader's quiet hours as they are set."""
    row = Quiet.objects.filter(reader=reader).first()
    return (row.from_hour, row.until_hour) if row else (QUIET_FROM, QUIET_UNTIL)


def modes_of(reader: User) -> dict[Topic, Mode]:
    """How a reader is told of each topic that leaves a choice."""
    chosen = dict(Preference.objects.filter(reader=reader).values_list("topic", "mode"))
    return {topic: Mode(chosen.get(topic.value, Mode.AT_ONCE)) for topic in CHOOSABLE}
