"""Who has a place and has not answered hears of it three days before the due date, once."""

from datetime import datetime, timedelta

import structlog
from django.db import OperationalError, transaction

from calls.models import Decision
from calls.operations.mailing import post_to_lead
from calls.queries.deadlines import clocks
from calls.queries.decisions import to_answer
from calls.queries.receipts import zones_of

BEFORE = timedelta(days=3)
logger = structlog.get_logger("portal.reminders")


def remind_of_answers(*, at: datetime) -> int:
    """Post what is due at an instant; return how many messages were new. A second run posts nothing."""
    rows = to_answer().filter(acceptance_due_at__gt=at, acceptance_due_at__lte=at + BEFORE)
    rows = rows.select_related("application__call").prefetch_related("application__call__texts")
    posted = 0
    for row in rows:
        try:
            posted += _remind(row, at)
        except OperationalError:
            raise
        except Exception:
            logger.exception("city not reminded of its answer", application=row.application_id)
    return posted


@transaction.atomic
def _remind(decision: Decision, at: datetime) -> int:
    due, application = decision.acceptance_due_at, decision.application
    if due is None:
        return 0
    return post_to_lead(
        application,
        kind="answer_due",
        at=at,
        cause=f"{int(due.timestamp())}",
        expires_at=due,
        context=lambda reader: {"decision": decision, "due": clocks(due, zones_of(application, reader))},
    )
