"""A city's people hear of a report before it is due, and once when it is late. Each message once, by key."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db import OperationalError, transaction

from cooperation.notifications.operations import Letter, post_all
from partnerships.access import city_editors
from partnerships.models import Commitment
from partnerships.queries.report_clock import ReportState, grace_ends, lapses, state_of_due
from partnerships.queries.reporting import cycle_of, due_next

logger = structlog.get_logger("portal.reminders")


def remind_of_commitments(*, at: datetime) -> int:
    """Post what is due on a day; return how many messages were new. A second run posts nothing."""
    rows = Commitment.objects.shown().filter(cycle_years__isnull=False)
    posted = 0
    for row in rows.select_related("city").prefetch_related("reports"):
        try:
            posted += _remind(row, at)
        except OperationalError:
            raise
        except Exception:
            logger.exception("city not reminded of a report", commitment=row.pk)
    return posted


def step_of(commitment: Commitment, on: date) -> str:
    """Which reminder holds on a day: its days before the due day, "late", or "" for none.

    Of several whose day has passed only the nearest, so that a pause brings one message and not three.
    """
    due_on, cycle = due_next(commitment), cycle_of(commitment)
    if due_on is None:
        return ""
    state = state_of_due(due_on, cycle, on)
    if state is ReportState.MISSED:
        return "late"
    if state is not ReportState.WAITING:
        return ""
    passed = [days for days in commitment.reminder_days if due_on - on <= timedelta(days=days)]
    return str(min(passed)) if passed else ""


@transaction.atomic
def _remind(commitment: Commitment, at: datetime) -> int:
    step = step_of(commitment, at.date())
    return post_all(_letters(commitment, step), at=at) if step else 0


def _letters(commitment: Commitment, step: str) -> Iterator[Letter]:
    due_on, cycle = due_next(commitment), cycle_of(commitment)
    if due_on is None:
        return
    readers = {row.user_id: row.user for row in city_editors(commitment.city).select_related("user")}
    for reader in readers.values():
        yield Letter(
            key=f"commitment_due:{commitment.pk}:{due_on.isoformat()}:{step}:{reader.pk}",
            kind="commitment_due",
            reader=reader,
            recipient=reader.email,
            language=reader.language,
            template="partnerships/mail/commitment_due.txt",
            context={
                "commitment": commitment,
                "city": commitment.city,
                "due_on": due_on,
                "precision": commitment.joined_precision,
                "late": step == "late",
                "grace": grace_ends(due_on, cycle) != due_on,
                "lapses_on": lapses(due_on, cycle),
            },
            about={"commitment": commitment.pk, "due_on": due_on.isoformat(), "step": step},
        )


def reminder_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """While that very report is the next one of a commitment that is shown, and no later step has come."""
    row = Commitment.objects.shown().filter(pk=about["commitment"]).prefetch_related("reports").first()
    if row is None:
        return False
    due_on = due_next(row)
    if due_on is None or due_on.isoformat() != about["due_on"]:
        return False
    return about.get("step") in (None, step_of(row, at.date()))
