"""Submitting: one transaction that checks, seals a snapshot, changes the status and posts the receipt."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import NotAllowed, require_writer
from calls.models import Application, Attempt, Snapshot
from calls.models.call import Phase
from calls.operations.mailing import post_to_lead
from calls.operations.status import NotPossible, change_status, lock
from calls.queries.answers import Problem, problems_of
from calls.queries.eligibility import assess_application
from calls.queries.receipts import moments, zones_of
from calls.workflow import Status
from cooperation.accounts.models import User


class NotComplete(Exception):
    """Answers keep the application from being submitted; `problems` names each with its field."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(_("Some answers keep you from submitting."))
        self.problems = problems


@dataclass(frozen=True)
class Outcome:
    """What a submission attempt led to; `snapshot` is None when it was refused."""

    snapshot: Snapshot | None
    refusal: Exception | None = None


def canonical(content: dict[str, Any]) -> str:
    """JSON with sorted keys and no spaces: the same content always gives the same bytes."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def submit(*, application: Application, version: int | None, by: User, at: datetime) -> Snapshot:
    """Submit a draft received at `at`, the instant on the database's clock when the request arrived.

    Counts only strictly before the call's closing instant. A second click, tab or retry returns the
    same snapshot and is no attempt of its own; every other one is kept. Raises NotAllowed, NotPossible,
    NotComplete.
    """
    outcome = _attempt(application, version, by, at)
    if outcome.snapshot is None:
        raise outcome.refusal or NotPossible()
    return outcome.snapshot


@transaction.atomic
def _attempt(application: Application, version: int | None, by: User, at: datetime) -> Outcome:
    """The refusal is returned, not raised, so that its record is committed."""
    current = lock(application)
    try:
        require_writer(by, current)
        if existing := _submitted_already(current):
            return Outcome(existing)
        _check(current, version, at)
    except (NotAllowed, NotPossible, NotComplete) as refusal:
        Attempt.objects.create(application=current, at=at, by=by, accepted=False, reason=str(refusal)[:300])
        return Outcome(None, refusal)
    snapshot = _seal(current, by, at)
    Attempt.objects.create(application=current, at=at, by=by, accepted=True)
    post_to_lead(
        current,
        kind="receipt",
        at=at,
        context=lambda reader: {"snapshot": snapshot, "received": moments(at, zones_of(current, reader))},
    )
    return Outcome(snapshot)


def _submitted_already(application: Application) -> Snapshot | None:
    if application.status in (Status.DRAFT, Status.WITHDRAWN):
        return None
    return application.snapshots.order_by("-number").first()


def _check(application: Application, version: int | None, at: datetime) -> None:
    if application.status != Status.DRAFT:
        raise NotPossible(_("%(reference)s is no longer a draft.") % {"reference": application.reference})
    if application.call.phase(at) is not Phase.OPEN:
        raise NotPossible(_("The call closed before this submission arrived. The draft is kept, readable."))
    if version is not None and version != application.version:
        raise NotPossible(_("Somebody changed the application since you opened this page. Read it again."))
    if problems := problems_of(application):
        raise NotComplete(problems)


def _seal(application: Application, by: User, at: datetime) -> Snapshot:
    number = application.snapshots.count() + 1
    content = canonical(snapshot_content(application, number=number, by=by, at=at))
    application.submitted_at = at
    change_status(application, Status.SUBMITTED, by=by, at=at, fields=("submitted_at",))
    return Snapshot.objects.create(
        application=application,
        number=number,
        content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        received_at=at,
        submitted_by=by,
    )


def snapshot_content(application: Application, *, number: int, by: User, at: datetime) -> dict[str, Any]:
    """Everything that counts, as JSON types: who, what was answered to which question, the assessment."""
    sections = application.call.sections.prefetch_related("questions")
    return {
        "format": 1,
        "reference": application.reference,
        "submission": number,
        "received_at": at.isoformat(),
        "submitted_by": by.email,
        "call": application.call.slug,
        "form_version": application.form_version,
        "lead": {"name": application.lead.name, "country": str(application.lead.country)},
        "partners": [
            {"name": partner.city.name, "country": str(partner.city.country)}
            for partner in application.partners.select_related("city")
        ],
        "answers": [
            {"section": section.key, "question": question.key, "asked": question.labels, "answer": answer}
            for section in sections
            for question in section.questions.all()
            if (answer := application.answers.get(question.key)) is not None
        ],
        "assessment": assess_application(application, on=at.date()).to_dict(),
    }
