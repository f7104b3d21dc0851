"""The reminder job: who has not submitted a draft hears 7, 3 and 1 days before the deadline, once each."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import ceil

import structlog
from django.db import OperationalError, transaction
from django.db.models import F, Q

from calls.models import Application, Call
from calls.models.call import Editorial
from calls.operations.mailing import post_to_lead
from calls.queries.readiness import readiness_of
from calls.workflow import Status

DEFAULT_DAYS = (7, 3, 1)
logger = structlog.get_logger("portal.reminders")


def remind_of_deadlines(*, at: datetime) -> int:
    """Post what is due at an instant; return how many messages were new.

    Of several offsets that have passed, only the nearest is sent: after a pause nobody gets three at once.
    The key holds the deadline, so that a moved deadline reminds anew and a second run does not.
    A draft that cannot be worded is logged and holds up nobody else's reminder.
    """
    posted = 0
    for draft, days in due_drafts(at=at):
        try:
            posted += _remind(draft, days, at)
        except OperationalError:
            raise
        except Exception:
            logger.exception("draft not reminded", application=draft.pk)
    return posted


def due_drafts(*, at: datetime) -> Iterator[tuple[Application, int]]:
    """Drafts that can still be submitted, with the offset, in days, that is due now.

    A draft with a deadline of its own is reminded by that one, also after the call has closed.
    """
    drafts = Application.objects.filter(status=Status.DRAFT, call__editorial=Editorial.PUBLISHED)
    drafts = drafts.select_related("call", "lead").prefetch_related("call__texts")
    own = Q(extended_to__gt=F("call__closes_at"))
    for call in Call.objects.open(at).filter(editorial=Editorial.PUBLISHED, closes_at__isnull=False):
        days = offset_due(call, at=at)
        if days is not None:
            yield from ((draft, days) for draft in drafts.filter(call=call).exclude(own))
    for draft in drafts.filter(own, extended_to__gt=at):
        days = offset_due(draft.call, at=at, closes_at=draft.closes_at)
        if days is not None:
            yield draft, days


def offset_due(call: Call, *, at: datetime, closes_at: datetime | None = None) -> int | None:
    """The smallest offset in days whose instant has passed; None before the first."""
    closes_at = closes_at or call.closes_at
    if closes_at is None:
        return None
    left = closes_at - at
    passed = [days for days in DEFAULT_DAYS if left <= timedelta(days=days)]
    return min(passed, default=None)


@transaction.atomic
def _remind(draft: Application, days: int, at: datetime) -> int:
    closes_at = draft.closes_at
    if closes_at is None:
        return 0
    return post_to_lead(
        draft,
        kind="reminder",
        at=at,
        cause=f"{int(closes_at.timestamp())}-{days}",
        expires_at=closes_at,
        # what is left, not the offset: a draft may be begun after its first reminder was due
        context={
            "days": ceil((closes_at - at) / timedelta(days=1)),
            "problems": len(readiness_of(draft, at).problems),
        },
    )
