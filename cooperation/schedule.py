"""When the scheduler wakes which job. Every job may run twice or late: each asks the clock what is due."""

from celery.schedules import crontab

SCHEDULE = {
    "seal-history": {"task": "history.seal", "schedule": 60.0, "options": {"expires": 50}},
    "deliver-mail": {"task": "notifications.sweep", "schedule": 30.0, "options": {"expires": 25}},
    "gather-digests": {
        "task": "notifications.gather",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 240},
    },
    "remind-of-deadlines": {
        "task": "calls.remind_of_deadlines",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
    },
    "remind-of-corrections": {
        "task": "calls.remind_of_corrections",
        "schedule": crontab(minute="5-59/15"),
        "options": {"expires": 600},
    },
    "remind-of-answers": {
        "task": "calls.remind_of_answers",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
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
    "remind-of-proposals": {
        "task": "calls.remind_of_proposals",
        "schedule": crontab(minute="10-59/15"),
        "options": {"expires": 600},
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
    "remind-reviewers": {
        "task": "calls.remind_reviewers",
        "schedule": crontab(minute=20),
        "options": {"expires": 3000},
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
}
