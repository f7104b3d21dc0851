"""The reminder job: whoever has left something undone hears of it as the call's rules say, once each.

One statement for each sort of reminder, however many people it reaches. The words come when a message is
sent (`reminder_letters`), from what is missing then.
"""

from datetime import datetime

import structlog
from django.db import OperationalError, transaction

from calls.queries.reminder_audiences import SORTS, Sort
from calls.queries.reminder_steps import due_now
from cooperation.notifications.bulk import post_found

logger = structlog.get_logger("portal.reminders")


def remind(*, at: datetime) -> int:
    """Post what is due at an instant; return how many messages are new. A second run posts nothing.

    A sort that fails is logged and holds up no other.
    """
    posted = 0
    for sort in SORTS:
        try:
            posted += remind_of(sort, at=at)
        except OperationalError:
            raise
        except Exception:
            logger.exception("not reminded", kind=sort.kind)
    return posted


@transaction.atomic
def remind_of(sort: Sort, *, at: datetime) -> int:
    """Post the reminders of one sort; return how many are new."""
    found = due_now(sort, at=at)
    return post_found(sort.kind, found, at=at) if found else 0
