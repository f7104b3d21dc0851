"""The reminder job: who has not filed a report hears of it on the partnership's own days, once each."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import structlog
from django.db import OperationalError, transaction

from partnerships.models import DueReport, Member, Partnership
from partnerships.models.partnership import MemberRole
from partnerships.models.reminder_days import MOST_DAYS
from partnerships.operations.partnership_mail import post_to_members
from partnerships.workflow import TELLING

# Days after the due day; who has not filed by then was told, or the report is an old record. A reminder that
# comes later still has a week to be sent.
FORGOTTEN, WEEK = 30, 7
logger = structlog.get_logger("portal.reminders")


def remind_of_reports(*, at: datetime) -> int:
    """Post what is due on the day of an instant; return how many messages were new.

    Of several days that have passed only the nearest is mailed; the key holds the due day, so that a moved
    day reminds anew. A report that cannot be worded is logged and holds up nobody else's reminder.
    """
    posted = 0
    for report, days in due_reminders(at=at):
        try:
            posted += _remind(report, days, at)
        except OperationalError:
            raise
        except Exception:
            logger.exception("report not reminded", report=report.pk)
    return posted


def due_reminders(*, at: datetime) -> Iterator[tuple[DueReport, int]]:
    """Reports to write, each with the offset in days that is due now; below zero after the due day."""
    today = at.date()
    span = (today - timedelta(days=MOST_DAYS + FORGOTTEN), today + timedelta(days=MOST_DAYS))
    rows = DueReport.objects.to_write().filter(due_on__range=span)
    rows = rows.filter(partnership__in=Partnership.objects.listed().filter(stage__in=TELLING))
    for report in rows.select_related("partnership", "responsible"):
        days = days_due(report, today)
        if days is not None and (report.due_on - today).days >= min(-FORGOTTEN, days - WEEK):
            yield report, days


def days_due(report: DueReport, today: date) -> int | None:
    """The offset that holds on a day: of those that have passed the nearest; None before the first."""
    left = (report.due_on - today).days
    return min((days for days in report.partnership.report_reminder_days if left <= days), default=None)


@transaction.atomic
def _remind(report: DueReport, days: int, at: datetime) -> int:
    return post_to_members(
        report.partnership,
        kind="report_due",
        cause=f"{report.pk}-{report.due_on.isoformat()}-{days}",
        context={"report": report, "days": (report.due_on - at.date()).days},
        members=_told(report),
        about={"report": report.pk, "due_on": report.due_on.isoformat(), "days": days},
        at=at,
    )


def _told(report: DueReport) -> list[Member]:
    """The member that coordinates and the one responsible; all of them where there is neither."""
    present = list(report.partnership.members.present())
    told = [row for row in present if row.role == MemberRole.COORDINATOR or row.pk == report.responsible_id]
    return told or present
