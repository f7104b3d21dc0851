"""Why a run failed, in the reader's language. `PairingRun.error` holds a code and its detail."""

from django.utils.translation import gettext_lazy

from calls.models import PairingRun

LEFT = "left"
FAILURES = {
    "time": gettext_lazy(
        "It took longer than %(detail)s seconds and was stopped. "
        "Ask for a higher limit, or pair fewer cities."
    ),
    "memory": gettext_lazy(
        "It needed more than %(detail)s MB of memory and was stopped. "
        "Ask for a higher limit, or pair fewer cities."
    ),
    LEFT: gettext_lazy(
        "%(detail)s left the round while the run was under way, so its result answers a question of before. "
        "Start a new run."
    ),
    "stopped": gettext_lazy("The solver ended in the middle (%(detail)s). Start the run again."),
    "workers": gettext_lazy("%(detail)s workers stopped while solving. Tell whoever runs the portal."),
    "unproven": gettext_lazy(
        "The result did not pass the independent check (%(detail)s) and was thrown away."
    ),
    "fault": gettext_lazy("The run met a fault: %(detail)s. Tell whoever runs the portal."),
}


def failure(code: str, detail: object = "") -> str:
    """What `PairingRun.error` holds for a cause of FAILURES; cut to what the column takes."""
    return f"{code}|{detail}"[:300]


def why_failed(run: PairingRun) -> str:
    """The cause of a failed run as a sentence; empty when it did not fail."""
    code, _bar, detail = run.error.partition("|")
    return str(FAILURES[code]) % {"detail": detail} if code in FAILURES else run.error
