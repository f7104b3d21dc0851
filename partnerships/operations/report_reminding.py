"""The reminder job: a report that is not filed is due in 30 days, in 7, or was due yesterday; once each."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog
from django.db import OperationalError, transaction

from partnerships.models import DueReport, Member, Partnership
from partnerships.models.partnership import MemberRole
from partnerships.operations.partnership_mail import post_to_members
from partnerships.workflow import TELLING

DAYS_BEFORE = (30, 7, -1)
FORGOTTEN = 30  # days after the due day; who has not filed by then was told, or the report is an old record
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
    """Reports to write, each with the offset in days that is due now; -1 the day after."""
    today = at.date()
    span = (today - timedelta(days=FORGOTTEN), today + timedelta(days=max(DAYS_BEFORE)))
    rows = DueReport.objects.to_write().filter(due_on__range=span)
    rows = rows.filter(partnership__in=Partnership.objects.listed().filter(stage__in=TELLING))
    for report in rows.select_related("partnership", "responsible"):
        left = (report.due_on - today).days
        yield report, min(days for days in DAYS_BEFORE if left <= days or days == max(DAYS_BEFORE))


@transaction.atomic
def _remind(report: DueReport, days: int, at: datetime) -> int:
    return post_to_members(
        report.partnership,
        kind="report_due",
        cause=f"{report.pk}-{report.due_on.isoformat()}-{days}",
        context={"report": report, "days": (report.due_on - at.date()).days},
        members=_told(report),
        about={"report": report.pk, "due_on": report.due_on.isoformat()},
        at=at,
    )


def _told(report: DueReport) -> list[Member]:
    """The member that coordinates and the one responsible; all of them where there is neither."""
    present = list(report.partnership.members.present())
    told = [row for row in present if row.role == MemberRole.COORDINATOR or row.pk == report.responsible_id]
    return told or present
