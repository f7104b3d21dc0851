"""Requests for correction as staff and cities read them: what was asked, and what the answer changed."""

from dataclasses import dataclass, field
from datetime import datetime

from calls.models import Application, CorrectionRequest
from calls.queries.changes import Change, changes_between
from calls.queries.correction_reasons import labels, sentences
from calls.queries.corrections import open_correction
from calls.queries.eligibility_wording import Vocabulary


@dataclass(frozen=True)
class CorrectionShown:
    """One request: `state` is asked, overdue, answered or closed; `changes` is what its answer changed."""

    row: CorrectionRequest
    state: str
    labels: list[str]
    sentences: list[str]
    changes: list[Change] = field(default_factory=list)


def corrections_of(application: Application, at: datetime) -> list[CorrectionShown]:
    """Every request, the newest first; of an open and answered one also what changed since it was asked."""
    rows = application.corrections.select_related("asked_by", "closed_by", "answer__submitted_by")
    return [shown(application, row, at) for row in rows.order_by("-asked_at", "-id")]


def correction_for_city(application: Application, at: datetime) -> CorrectionShown | None:
    """The request that is open, for those who write; nothing to ask of what was never submitted."""
    if not (application.submitted_at and application.is_editable_status):
        return None
    row = open_correction(application)
    return CorrectionShown(row, _state(row, at), labels(row.reasons), sentences(row.reasons)) if row else None


def shown(application: Application, row: CorrectionRequest, at: datetime) -> CorrectionShown:
    state = _state(row, at)
    changes = _changes(application, row) if state == "answered" else []
    return CorrectionShown(row, state, labels(row.reasons), sentences(row.reasons), changes)


def _state(row: CorrectionRequest, at: datetime) -> str:
    if row.closed_at:
        return "closed"
    if row.answered_at:
        return "answered"
    return "asked" if at < row.due_at else "overdue"


def _changes(application: Application, row: CorrectionRequest) -> list[Change]:
    """Between what staff had read when they asked and the newest submission."""
    snapshots = list(application.snapshots.order_by("number"))
    read = [snapshot for snapshot in snapshots if snapshot.received_at <= row.asked_at]
    if not read or read[-1] == snapshots[-1]:
        return []
    newest = snapshots[-1]
    newest.application = application
    return changes_between(read[-1], newest, Vocabulary.current())
