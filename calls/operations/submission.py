"""Submitting: one transaction that checks, seals a snapshot, changes the status and posts the receipt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from calls.access import NotAllowed, require_submitter
from calls.models import Application, Attempt, Snapshot
from calls.models.webhook import WebhookEvent
from calls.operations.applications import title_in
from calls.operations.correcting_submissions import answer_correction
from calls.operations.places import take_places
from calls.operations.receipt_mail import post_receipts
from calls.operations.status import NotPossible, change_status, lock
from calls.operations.webhook_events import tell_webhooks
from calls.queries.answers import Problem
from calls.queries.document_slots import with_documents
from calls.queries.parties import with_cities
from calls.queries.readiness import Readiness, readiness_of
from calls.queries.statement import canonical, sha256_of
from calls.queries.submission_content import said_by
from calls.queries.webhook_events import of_submission
from calls.workflow import Status
from cooperation.accounts.models import User
from cooperation.web.transactions import atomic_again

LONGEST_REASON = 300  # characters, of the history; the page has every point


class NotComplete(Exception):
    """Points keep the application from being submitted; `problems` names each with its field."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(_("Some points keep you from submitting."))
        self.problems = problems


@dataclass(frozen=True)
class Outcome:
    """What a submission attempt led to; `snapshot` is None when it was refused."""

    snapshot: Snapshot | None
    refusal: Exception | None = None


def submit(*, application: Application, version: int | None, by: User, at: datetime) -> Snapshot:
    """Submit what was received at `at`, the instant on the database's clock when the request arrived.

    Counts only strictly before the applicant's closing instant. Until then it may be submitted again, and
    the last submission counts. A second click, tab or retry, and a submission that says nothing new, give
    the same snapshot and are no attempts of their own; every other attempt is kept. `version` is the one
    the submitting page showed, None for a caller that saw no page. Raises NotAllowed, NotPossible,
    NotComplete.
    """
    outcome = _attempt(application, version, by, at)
    if outcome.snapshot is None:
        raise outcome.refusal or NotPossible()
    return outcome.snapshot


@atomic_again
def _attempt(application: Application, version: int | None, by: User, at: datetime) -> Outcome:
    """The refusal is returned, not raised, so that its record is committed."""
    current = lock(application)
    # read once for the check, the places, the snapshot and the receipts
    prefetch_related_objects([current], with_cities(), with_documents(), "call__rules", "call__texts")
    try:
        require_submitter(by, current)
        if known := _known_already(current, version):
            return Outcome(known)
        _require_open(current, version, at)
        readiness = readiness_of(current, at)
        if readiness.problems:
            raise NotComplete(readiness.problems)
        take_places(current)
    except (NotAllowed, NotPossible, NotComplete) as refusal:
        reason = _reason(refusal)[:LONGEST_REASON]
        Attempt.objects.create(application=current, at=at, by=by, accepted=False, reason=reason)
        return Outcome(None, refusal)
    snapshot, new = _seal(current, readiness, by, at)
    if new:
        Attempt.objects.create(application=current, at=at, by=by, accepted=True)
        post_receipts(current, snapshot, readiness.standings, at=at)
        _tell_webhooks(current, snapshot)
    return Outcome(snapshot)


def _tell_webhooks(application: Application, snapshot: Snapshot) -> None:
    tell_webhooks(
        WebhookEvent.APPLICATION_SUBMITTED,
        programme_id=application.call.programme_id,
        cause=f"{application.reference}:{snapshot.number}",
        data=lambda: of_submission(application, snapshot),
        at=snapshot.received_at,
    )


def _reason(refusal: Exception) -> str:
    """What the history keeps of a refusal: the sentence, and each point that was not settled."""
    points = [problem.sentence for problem in refusal.problems] if isinstance(refusal, NotComplete) else []
    return " ".join([str(refusal), *points])


def _known_already(application: Application, version: int | None) -> Snapshot | None:
    """The snapshot that this very page has led to before, and any snapshot once nothing can change."""
    if application.status in (Status.DRAFT, Status.WITHDRAWN):
        return None
    newest = _newest(application)
    if newest is None or application.status != Status.SUBMITTED:
        return newest
    return newest if version is not None and version == newest.version else None


def _newest(application: Application) -> Snapshot | None:
    """The newest submission; asks nothing of an application that was never submitted."""
    return application.snapshots.order_by("-number").first() if application.submitted_at else None


def _require_open(application: Application, version: int | None, at: datetime) -> None:
    if not application.is_editable_status:
        raise NotPossible(_("%(reference)s is no longer a draft.") % {"reference": application.reference})
    # read under the application's lock, for which whoever cancels the call waits: never an earlier state
    application.call.refresh_from_db(fields=["editorial"])
    if application.call.cancelled:
        raise NotPossible(
            _("The call was cancelled before this submission arrived. The draft is kept, readable.")
        )
    if not application.is_open(at):
        raise NotPossible(_("The call closed before this submission arrived. The draft is kept, readable."))
    if version is not None and version != application.version:
        raise NotPossible(_("Somebody changed the application since you opened this page. Read it again."))


def _seal(application: Application, readiness: Readiness, by: User, at: datetime) -> tuple[Snapshot, bool]:
    """The snapshot of what is said now, and whether it is a new one."""
    said = said_by(application, readiness)
    said_sha256 = sha256_of(canonical(said))
    newest = _newest(application)
    if newest and application.status == Status.SUBMITTED and newest.said_sha256 == said_sha256:
        return newest, False
    number = newest.number + 1 if newest else 1
    content = canonical(snapshot_content(application, said, readiness, number=number, by=by, at=at))
    snapshot = Snapshot.objects.create(
        application=application,
        number=number,
        content=content,
        sha256=sha256_of(content),
        version=application.version,
        said_sha256=said_sha256,
        received_at=at,
        submitted_by=by,
    )
    _mark_submitted(application, by, at)
    if newest:  # a first submission answers nothing, and asks nothing
        answer_correction(application, snapshot, at=at)
    return snapshot, True


def _mark_submitted(application: Application, by: User, at: datetime) -> None:
    """The title is from now on the one that was submitted, whatever is written before the next submission."""
    application.submitted_at = at
    application.title = title_in(application.answers) or application.title
    if application.status == Status.SUBMITTED:
        application.version += 1
        application.save(update_fields=["submitted_at", "title", "version"])
    else:
        change_status(application, Status.SUBMITTED, by=by, at=at, fields=("submitted_at", "title"))


def snapshot_content(
    application: Application,
    said: Mapping[str, Any],
    readiness: Readiness,
    *,
    number: int,
    by: User,
    at: datetime,
) -> dict[str, Any]:
    """Everything that counts, as JSON types: what is said, by whom, when, and what the rules found."""
    return {
        **said,
        "format": 2,
        "submission": number,
        "received_at": at.isoformat(),
        "submitted_by": by.email,
        "form_version": application.form_version,
        "language": application.language,
        "assessment": readiness.assessment.to_dict(),
    }
