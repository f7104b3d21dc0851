"""When the scheduler wakes which job. Every job may run twice or late: each asks the clock what is due."""

from typing import Any

from celery.schedules import crontab


def _entry(task: str, schedule: float | crontab, *, expires: int | None = None) -> dict[str, Any]:
    """A task every so many seconds or at times of the clock, dropped after `expires` seconds in the queue."""
    return {"task": task, "schedule": schedule, "options": {"expires": expires} if expires else {}}


FIVE_MINUTES = crontab(minute="*/5")
SCHEDULE = {
    "seal-history": _entry("history.seal", 60.0, expires=50),
    # without an end, so that mail leaves by a worker whose clock is wrong as well
    "deliver-mail": _entry("notifications.sweep", 30.0),
    "gather-digests": _entry("notifications.gather", FIVE_MINUTES, expires=240),
    # the reminders of calls: drafts, consents, documents, corrections, answers, reviews
    "remind": _entry("calls.remind", FIVE_MINUTES, expires=280),
    "remind-of-partnership-reports": _entry(
        "partnerships.remind_of_reports", crontab(minute=35), expires=3000
    ),
    "refresh-suggestions": _entry("partnerships.refresh_suggestions", crontab(minute=50), expires=3000),
    "remind-of-commitments": _entry(
        "partnerships.remind_of_commitments", crontab(minute=50, hour="*/6"), expires=3000
    ),
    "rescue-pairing-runs": _entry("calls.rescue_pairing_runs", 30.0, expires=25),
    "lapse-unanswered-proposals": _entry("calls.lapse_unanswered_proposals", FIVE_MINUTES, expires=240),
    "rescue-assigning-runs": _entry("calls.rescue_assigning_runs", 60.0, expires=50),
    "rescue-exports": _entry("calls.rescue_exports", 60.0, expires=50),
    "press-printouts": _entry("calls.press_printouts", 10.0, expires=8),
    "deliver-webhooks": _entry("calls.deliver_webhooks", 30.0, expires=25),
    "sweep-webhooks": _entry("calls.sweep_webhooks", crontab(minute=40), expires=3000),
    "scan-documents": _entry("jobs.scan_waiting", 30.0, expires=25),
    "rescue-imports": _entry("partnerships.rescue_imports", 60.0, expires=50),
    "sweep-alerts": _entry("calls.sweep_alerts", FIVE_MINUTES, expires=240),
}
