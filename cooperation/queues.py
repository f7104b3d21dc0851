"""Which queue a task goes through, so that nothing long stands before mail. Pure: names in, names out.

Four queues, each named after CELERY_QUEUE: short sweeps in the one of just that name, mail, long jobs, and
webhooks, whose receivers may hang. A worker without `--queues` takes all of them.
"""

MAIL, JOBS, WEBHOOKS = "mail", "jobs", "webhooks"
LANES = ("", MAIL, JOBS, WEBHOOKS)
# By the name of the task; what is not named here is short.
LANE_OF = {
    "notifications.*": MAIL,
    "calls.execute_pairing_run": JOBS,
    "calls.execute_assigning_run": JOBS,
    "calls.rescue_assigning_runs": JOBS,
    "calls.make_export": JOBS,
    "calls.rescue_exports": JOBS,
    "calls.press_printouts": JOBS,
    "jobs.scan_waiting": JOBS,
    "partnerships.import_populations": JOBS,
    "partnerships.refresh_suggestions": JOBS,
    "calls.deliver_webhooks": WEBHOOKS,
}
LOOK_AROUND = "jobs.look_around"


def queue_name(prefix: str, lane: str) -> str:
    """`portal` and `mail` give `portal-mail`; the lane without a name is the prefix alone."""
    return f"{prefix}-{lane}" if lane else prefix


def queue_names(prefix: str) -> list[str]:
    """Every queue, the one of the short sweeps first."""
    return [queue_name(prefix, lane) for lane in LANES]


def routes(prefix: str) -> dict[str, dict[str, str]]:
    """Celery's table of routes, by task name or pattern."""
    return {name: {"queue": queue_name(prefix, lane)} for name, lane in LANE_OF.items()}


def watches(prefix: str) -> dict[str, dict[str, object]]:
    """A task every half minute through each queue: whoever does it shows that the queue is worked."""
    return {
        f"look-around-{lane or 'short'}": {
            "task": LOOK_AROUND,
            "schedule": 30.0,
            "options": {"queue": queue_name(prefix, lane), "expires": 28},
        }
        for lane in LANES
    }
