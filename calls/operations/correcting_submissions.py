"""A request for correction: the city is told what to correct and by when, and submits again."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from calls.access import require_screener
from calls.models import Application, CorrectionRequest, Snapshot
from calls.models.call import Editorial
from calls.operations.extending import move_deadline
from calls.operations.mailing import post_to_lead
from calls.operations.overtaking import require_current
from calls.operations.screening import why_not_screen
from calls.operations.status import NotPossible, lock
from calls.queries.correction_reasons import OTHER, REASONS, labels, sentences
from calls.queries.corrections import open_correction
from calls.queries.deadlines import clocks, word_instant
from calls.queries.receipts import zones_of
from calls.workflow import Status
from cooperation.accounts.models import User


@transaction.atomic
def request_correction(
    *,
    application: Application,
    reasons: Collection[str],
    note: str,
    due_at: datetime,
    by: User,
    at: datetime,
    version: int | None = None,
) -> CorrectionRequest:
    """Ask the city to correct what it submitted, and let it submit again until `due_at`.

    `reasons` are keys of `correction_reasons.REASONS`. One request is open at a time; one that was answered,
    or whose time has passed, is closed by the next. `version` is the one that the reader saw.
    Raises NotAllowed, NotPossible, Overtaken.
    """
    current = lock(application)
    require_screener(by)
    require_current(current, version)
    if why_not := why_not_ask(current, at):
        raise NotPossible(why_not)
    if due_at <= at:
        raise NotPossible(_("This time has passed. Choose a later one."))
    keys = _require_reasons(reasons, note)
    current.corrections.filter(closed_at__isnull=True).update(closed_at=at, closed_by=by)
    row = CorrectionRequest.objects.create(
        application=current, reasons=keys, note=note.strip(), asked_at=at, asked_by=by, due_at=due_at
    )
    if current.closes_at and current.closes_at < due_at:
        _open_until(current, row, by=by, at=at)
    _raise_version(current)
    _tell(current, row, "correction", at)
    return row


def answer_correction(application: Application, snapshot: Snapshot, *, at: datetime) -> None:
    """A new submission of a LOCKED application answers what is open."""
    rows = application.corrections.filter(closed_at__isnull=True, answered_at__isnull=True)
    rows.update(answered_at=at, answer=snapshot)


@transaction.atomic
def close_correction(
    *, application: Application, by: User, at: datetime, version: int | None = None
) -> CorrectionRequest:
    """End the open request. One without an answer is taken back: its later deadline ends, the city is told.

    Raises NotAllowed, Overtaken, and NotPossible when none is open.
    """
    current = lock(application)
    require_screener(by)
    require_current(current, version)
    row = open_correction(current)
    if row is None:
        raise NotPossible(_("%(reference)s has no open request for correction.") % _named(current))
    row.closed_at, row.closed_by = at, by
    row.save(update_fields=["closed_at", "closed_by"])
    if row.answered_at is None and at < row.due_at and current.is_editable_status:
        _take_back_deadline(current, row, by=by, at=at)
        _tell(current, row, "correction_closed", at)
    _raise_version(current)
    return row


def why_not_ask(application: Application, at: datetime) -> str:
    """The sentence that says why no correction can be asked now; empty when it can."""
    if application.status != Status.SUBMITTED:
        return _("%(reference)s is “%(status)s”: a correction is asked only before it is screened.") % {
            **_named(application),
            "status": application.get_status_display(),
        }
    if application.call.editorial != Editorial.PUBLISHED:
        return _("The call is archived or cancelled, so nothing can be submitted to it any more.")
    row = open_correction(application)
    if row and row.answered_at is None and at < row.due_at:
        about = {"when": word_instant(row.due_at, application.call.zone)}
        return _("A correction was asked already, by %(when)s. Take that request back first.") % about
    return why_not_screen(application, at)


def _require_reasons(reasons: Collection[str], note: str) -> list[str]:
    """The reasons once each, in the order of the list."""
    if unknown := set(reasons) - set(REASONS):
        raise NotPossible(_("No such reason: %(reasons)s.") % {"reasons": ", ".join(sorted(unknown))})
    keys = [key for key in REASONS if key in reasons]
    if not keys:
        raise NotPossible(_("Choose at least one reason."))
    if OTHER in keys and not note.strip():
        raise NotPossible(_("Say in the comment what else is to be corrected."))
    return keys


def _open_until(application: Application, row: CorrectionRequest, *, by: User, at: datetime) -> None:
    """The applicant's own later deadline, on record like any other one, in the application's language."""
    closes_from = application.closes_at
    if closes_from is None:
        return
    with override(application.language):
        reason = _("Request for correction: %(reasons)s") % {"reasons": "; ".join(labels(row.reasons))}
    move_deadline(application, closes_from, row.due_at, reason=reason, by=by, at=at)


def _take_back_deadline(application: Application, row: CorrectionRequest, *, by: User, at: datetime) -> None:
    if application.extended_to != row.due_at:
        return
    with override(application.language):
        reason = _("The request for correction was taken back.")
    move_deadline(application, row.due_at, at, reason=reason, by=by, at=at)


def _raise_version(application: Application) -> None:
    """So that nobody screens or submits by a page that does not know of the request."""
    application.version += 1
    application.save(update_fields=["version"])


def _tell(application: Application, row: CorrectionRequest, kind: str, at: datetime) -> None:
    post_to_lead(
        application,
        kind=kind,
        at=at,
        cause=str(row.pk),
        expires_at=row.due_at if kind == "correction" else None,
        context=lambda reader: {
            "correction": row,
            "sentences": sentences(row.reasons),
            "due_clocks": clocks(row.due_at, zones_of(application, reader)),
        },
    )


def _named(application: Application) -> dict[str, str]:
    return {"reference": application.reference}
