"""What would come in a flood: when many messages that may wait are due for a reader at once, one mail of all.

Asked before each delivery, of kinds that keep quiet hours and may be switched off: never of receipts,
decisions and what waits for an answer.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet

from cooperation.notifications.digests import MOST_PARTS, PREPARED, post_digest, still_matters
from cooperation.notifications.gathering import MOST_READERS, locked, one_by_one
from cooperation.notifications.kinds import KINDS
from cooperation.notifications.models import Message, MessageState

FLOOD = 3  # so many come one by one


def calm_floods(*, at: datetime, most: int = MOST_READERS) -> int:
    """Put together what would flood a reader; return how many messages went into a mail of several."""
    due = _due(at).filter(reader__isnull=False).order_by().values("reader").annotate(number=Count("pk"))
    readers = due.filter(number__gt=FLOOD).values_list("reader", flat=True)[:most]
    return sum(one_by_one(list(readers), lambda reader: _calm(reader, at)))


def _due(at: datetime) -> QuerySet[Message]:
    kinds = [kind.name for kind in KINDS.values() if kind.quiet and kind.optional and not kind.twice]
    return Message.objects.filter(state=MessageState.WAITING, kind__in=kinds, not_before__lte=at)


@transaction.atomic
def _calm(reader_id: int, at: datetime) -> int:
    reader = locked(reader_id)
    if reader is None:
        return 0
    due = _due(at).filter(reader=reader).select_for_update(skip_locked=True, of=("self",))
    rows = list(due.select_related("reader").order_by("created_at", "pk")[:MOST_PARTS])
    together = [row for row in rows if still_matters(row, at)]
    Message.objects.bulk_update([row for row in rows if row.state == MessageState.LAPSED], PREPARED)
    if len(together) <= FLOOD:
        return 0
    # each message goes into one mail at most, so that the oldest names it
    key = f"flood:{reader.pk}:{min(row.pk for row in together)}"
    post_digest(key=key, reader=reader, parts=together, at=at, not_before=at)
    return len(together)
