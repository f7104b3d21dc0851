"""Who was asked for a correction and has not answered hears of it once more, two days before it is due."""

from datetime import datetime, timedelta

import structlog
from django.db import OperationalError, transaction
from django.db.models import F

from calls.models import CorrectionRequest
from calls.operations.mailing import post_to_lead
from calls.queries.correction_reasons import sentences
from calls.queries.corrections import unanswered
from calls.queries.deadlines import clocks
from calls.queries.receipts import zones_of
from calls.workflow import Status

BEFORE = timedelta(days=2)
logger = structlog.get_logger("portal.reminders")


def remind_of_corrections(*, at: datetime) -> int:
    """Post what is due at an instant, once each; return how many messages were new.

    A request that gave less than this time reminds of nothing: it said so itself a moment ago.
    """
    rows = unanswered().filter(
        application__status=Status.SUBMITTED,
        due_at__gt=at,
        due_at__lte=at + BEFORE,
        asked_at__lt=F("due_at") - BEFORE,
    )
    posted = 0
    for row in rows.select_related("application__call", "application__lead__city"):
        try:
            posted += _remind(row, at)
        except OperationalError:
            raise
        except Exception:
            logger.exception("correction not reminded", correction=row.pk)
    return posted


@transaction.atomic
def _remind(row: CorrectionRequest, at: datetime) -> int:
    return post_to_lead(
        row.application,
        kind="correction_reminder",
        at=at,
        cause=str(row.pk),
        expires_at=row.due_at,
        context=lambda reader: {
            "correction": row,
            "sentences": sentences(row.reasons),
            "due_clocks": clocks(row.due_at, zones_of(row.application, reader)),
        },
    )
