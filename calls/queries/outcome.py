"""What a city finds about its outcome on its own pages: told only after publication."""

from dataclasses import dataclass
from datetime import datetime

from calls.models import Application, Decision
from calls.queries.complaints import Window, window_of
from calls.queries.decisions import RESULTS
from calls.queries.feedback import feedback_of
from calls.workflow import Status

TOLD = frozenset(str(status) for status in RESULTS)


@dataclass(frozen=True)
class Outcome:
    """The outcome that the city was told, and what it can do about it."""

    decision: Decision
    has_feedback: bool
    asked: bool
    overdue: bool
    window: Window
    complained: bool


def outcome_of(application: Application, at: datetime) -> Outcome | None:
    """None while the city knows of no outcome, whatever was recommended or approved."""
    if application.status not in TOLD:
        return None
    decision = Decision.objects.filter(application=application).first()
    if decision is None:
        return None
    due = decision.acceptance_due_at
    asked = application.status == Status.SELECTED and due is not None
    return Outcome(
        decision=decision,
        has_feedback=feedback_of(decision) is not None,
        asked=asked,
        overdue=bool(asked and due and at >= due),
        window=window_of(application, at),
        complained=application.complaints.exists(),
    )
