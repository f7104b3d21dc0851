"""When the scheduler wakes which job. Every job may run twice or late: each asks the clock what is due."""

from celery.schedules import crontab

SCHEDULE = {
    "seal-history": {"task": "history.seal", "schedule": 60.0, "options": {"expires": 50}},
    # without an end, so that mail leaves by a worker whose clock is wrong as well
    "deliver-mail": {"task": "notifications.sweep", "schedule": 30.0},
    "gather-digests": {
        "task": "notifications.gather",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 240},
    },
    # the reminders of calls: drafts, consents, documents, corrections, answers, reviews
    "remind": {
        "task": "calls.remind",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 280},
    },
    "remind-of-partnership-reports": {
        "task": "partnerships.remind_of_reports",
        "schedule": crontab(minute=35),
        "options": {"expires": 3000},
    },
    "refresh-suggestions": {
        "task": "partnerships.refresh_suggestions",
        "schedule": crontab(minute=50),
        "options": {"expires": 3000},
    },
    "remind-of-commitments": {
        "task": "partnerships.remind_of_commitments",
        "schedule": crontab(minute=50, hour="*/6"),
        "options": {"expires": 3000},
    },
    "rescue-pairing-runs": {
        "task": "calls.rescue_pairing_runs",
        "schedule": 30.0,
        "options": {"expires": 25},
    },
    "lapse-unanswered-proposals": {
        "task": "calls.lapse_unanswered_proposals",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 240},
    },
    "rescue-exports": {
        "task": "calls.rescue_exports",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "press-printouts": {
        "task": "calls.press_printouts",
        "schedule": 10.0,
        "options": {"expires": 8},
    },
    "deliver-webhooks": {"task": "calls.deliver_webhooks", "schedule": 30.0, "options": {"expires": 25}},
    "sweep-webhooks": {
        "task": "calls.sweep_webhooks",
        "schedule": crontab(minute=40),
        "options": {"expires": 3000},
    },
    "scan-documents": {
        "task": "jobs.scan_waiting",
        "schedule": 30.0,
        "options": {"expires": 25},
    },
    "rescue-imports": {
        "task": "partnerships.rescue_imports",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "sweep-alerts": {
        "task": "calls.sweep_alerts",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 240},
    },
}
