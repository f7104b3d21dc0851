"""The letter that tells a city its outcome. What staff preview and what is posted come from here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from calls.models import Call, Decision
from calls.models.decision import Outcome
from calls.operations.mailing import letters_to_lead, readers_of
from calls.queries.blinding import in_conflict
from calls.queries.complaints import COMPLAINABLE
from calls.queries.deadlines import clocks
from calls.queries.decisions import placed, to_publish
from calls.queries.feedback import FeedbackOf
from calls.queries.invitations import invitation_after, stage_clocks
from calls.queries.receipts import zones_of
from calls.queries.working_days import answer_due, complain_until
from cooperation.accounts.models import User
from cooperation.notifications.operations import Letter, rendered
from partnerships.models.wording import localise


@dataclass(frozen=True)
class Preview:
    """One letter before it is posted."""

    decision: Decision
    recipient: str
    language: str
    subject: str
    body: str
    html: str


def waiting_decisions(call: Call, reader: User | None = None) -> list[Decision]:
    """Approved and unpublished, with all that their letters read; `hidden` where a reader may not."""
    rows = to_publish(call)
    if reader is not None:
        rows = rows.annotate(hidden=in_conflict(reader, "application"))
    rows = rows.select_related("application__call__programme", "application__call__promotes_to")
    rows = rows.prefetch_related("application__call__texts", "application__partners__city")
    return list(rows.defer(None).order_by("application_id"))


def complete(rows: list[Decision], call: Call, at: datetime) -> None:
    """Set on each decision, unsaved, what publishing at an instant freezes: feedback and the due date."""
    coming = {row.application_id for row in rows if row.outcome == Outcome.SELECTED}
    feedback = FeedbackOf(call, coming | set(placed(call).values_list("pk", flat=True)))
    for row in rows:
        row.feedback = feedback.of(row.application)
        row.acceptance_due_at = answer_due(call, at) if row.outcome == Outcome.SELECTED else None


def letters_of(decision: Decision, at: datetime) -> Iterator[Letter]:
    """One letter to each reader of the lead, about a decision that is complete."""
    return letters_to_lead(
        decision.application, kind="decision", context=lambda reader: _context(decision, reader, at)
    )


def addressed(rows: list[Decision]) -> list[tuple[Decision, User]]:
    """Each decision with each person whom its letter goes to, in the order in which they are posted."""
    return [(row, reader) for row in rows for reader in readers_of(row.application)]


def preview(rows: list[Decision], decision: Decision, reader: User, call: Call, at: datetime) -> Preview:
    """The letter that publishing these decisions now would post to a reader. Nothing is kept."""
    complete(rows, call, at)
    letter = next(row for row in letters_of(decision, at) if row.recipient == reader.email)
    return Preview(decision, letter.recipient, letter.language, *rendered(letter))


def previews(call: Call, at: datetime) -> list[Preview]:
    """Every letter that publishing now would post."""
    rows = waiting_decisions(call)
    complete(rows, call, at)
    return [
        Preview(row, letter.recipient, letter.language, *rendered(letter))
        for row in rows
        for letter in letters_of(row, at)
    ]


def _context(decision: Decision, reader: User, at: datetime) -> dict[str, Any]:
    application, call = decision.application, decision.application.call
    zones = zones_of(application, reader)
    selected = decision.outcome == Outcome.SELECTED
    invitation = invitation_after(application, at) if selected else None
    complaints = complain_until(call, at) if decision.outcome in COMPLAINABLE else None
    return {
        "decision": decision,
        "paragraph": localise(call.letters.get(decision.outcome) or {}).strip(),
        "invitation": invitation,
        "invitation_clocks": stage_clocks(invitation, application, reader) if invitation else [],
        "due": clocks(decision.acceptance_due_at, zones) if decision.acceptance_due_at else [],
        "complaints": clocks(complaints, zones) if complaints else [],
        "has_feedback": bool(decision.feedback.get("reviews")),
    }
