"""Score sheets: saved as they are, finished when every criterion has a score, reopened with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_assigner
from calls.models import Application, Review, Score
from calls.models.review import HIGHEST_SCORE
from calls.operations.declaring import require_assigned, take_back
from calls.operations.overtaking import require_current
from calls.operations.status import NotPossible, change_status, lock
from calls.queries.review_phase import ReviewPhase, phase_of, why_not_score
from calls.workflow import Status
from cooperation.accounts.models import User
from cooperation.web.transactions import atomic_again

# A criterion's id: its score, None while there is none, and the note beside it.
Scores = Mapping[int, tuple[int | None, str]]


@dataclass(frozen=True)
class Sheet:
    """What one sheet says."""

    scores: Scores
    recommendation: str
    comment: str
    feedback: str


EMPTY = Sheet({}, "", "", "")


class StaleReview(Exception):
    """The sheet was saved elsewhere in between. `review` is the sheet as it is now; nothing was written."""

    def __init__(self, review: Review) -> None:
        super().__init__(_("You saved this sheet in another window. Nothing was overwritten."))
        self.review = review


@atomic_again
def save_review(
    *,
    application: Application,
    scores: Scores,
    recommendation: str,
    comment: str,
    feedback: str = "",
    version: int,
    finish: bool,
    by: User,
    at: datetime,
) -> Review | None:
    """Save the reader's own score sheet. `scores` maps a criterion's id to (0..5 or None, note).

    `version` is 0 for a first save. The same sheet sent again, as after an answer that was lost, changes
    nothing. An empty sheet is not begun: None, and nothing is kept. Raises NotAllowed, NotPossible while
    the sheet is closed, StaleReview when it was saved elsewhere since.
    """
    current = lock(application)
    assignment = require_assigned(by, current)
    if closed := why_not_score(assignment, current):
        raise NotPossible(closed)
    sheet = Sheet(_said(scores), recommendation, comment, feedback)
    if sheet == EMPTY and not finish and not current.reviews.filter(reviewer=by).exists():
        return None
    review = _own_review(current, by, at)
    if review.version and not finish and sheet_of(review) == sheet:
        return review
    if review.version != version:
        raise StaleReview(review)
    _write(review, sheet)
    if finish:
        _require_whole(review)
        review.finished_at = at
    review.changed_at, review.version = at, review.version + 1
    review.save()
    return review


def sheet_of(review: Review) -> Sheet:
    """What a saved sheet says."""
    scores: dict[int, tuple[int | None, str]] = {
        row.criterion_id: (row.value, row.note) for row in review.scores.all()
    }
    scores |= {int(key): (None, note) for key, note in review.early_notes.items()}
    return Sheet(scores, review.recommendation, review.comment, review.feedback)


def _said(scores: Scores) -> Scores:
    return {key: said for key, said in scores.items() if said != (None, "")}


def _own_review(application: Application, by: User, at: datetime) -> Review:
    review, created = Review.objects.select_for_update().get_or_create(
        application=application, reviewer=by, defaults={"changed_at": at, "version": 0}
    )
    if not created and review.finished_at:
        raise NotPossible(_("You finished this review. It is read only."))
    return review


def _write(review: Review, sheet: Sheet) -> None:
    known = set(review.application.call.criteria.values_list("id", flat=True))
    for key, (value, _note) in sheet.scores.items():
        if key not in known or not (value is None or 0 <= value <= HIGHEST_SCORE):
            raise NotPossible(_("A score lies between 0 and %(highest)d.") % {"highest": HIGHEST_SCORE})
    scored = {key: (value, note) for key, (value, note) in sheet.scores.items() if value is not None}
    review.scores.exclude(criterion_id__in=scored).delete()
    for key, (value, note) in scored.items():
        Score.objects.update_or_create(
            review=review, criterion_id=key, defaults={"value": value, "note": note}
        )
    review.early_notes = {str(key): note for key, (value, note) in sheet.scores.items() if value is None}
    review.recommendation, review.comment, review.feedback = (
        sheet.recommendation,
        sheet.comment,
        sheet.feedback,
    )


def _require_whole(review: Review) -> None:
    missing = review.application.call.criteria.exclude(scores__review=review)
    if missing:
        names = "; ".join(str(criterion) for criterion in missing)
        raise NotPossible(
            _("Score every criterion before you finish. Missing: %(names)s.") % {"names": names}
        )
    if not review.recommendation:
        raise NotPossible(_("Choose a recommendation before you finish."))


@transaction.atomic
def reopen_review(*, application: Application, reason: str, by: User, at: datetime) -> Review:
    """Take back that one's own sheet is finished, with a reason that is kept.

    Only while everybody still scores alone: whoever has seen the others' scores changes none of their own.
    """
    current = lock(application)
    require_assigned(by, current)
    review = Review.objects.select_for_update().filter(application=current, reviewer=by).first()
    if review is None or review.finished_at is None:
        raise NotPossible(_("This review is not finished."))
    if phase_of(current, at) is not ReviewPhase.SCORING:
        raise NotPossible(_("A finished review can be reopened until the discussion begins, not after."))
    return take_back(review, reason, by, at)


@atomic_again
def finish_review(
    *, application: Application, by: User, at: datetime, version: int | None = None
) -> Application:
    """Close the review of an application that has at least one finished score sheet."""
    current = lock(application)
    require_assigner(by)
    require_current(current, version)
    if not current.reviews.filter(finished_at__isnull=False).exists():
        raise NotPossible(_("No reviewer has finished yet."))
    change_status(current, Status.REVIEWED, by=by, at=at)
    return current
