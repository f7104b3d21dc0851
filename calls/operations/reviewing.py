"""Score sheets: saved as they are, finished when every criterion has a score."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require, require_assigner
from calls.models import Application, Review, Score
from calls.models.review import HIGHEST_SCORE
from calls.operations.overtaking import require_current
from calls.operations.status import NotPossible, change_status, lock
from calls.workflow import Status
from cooperation.accounts.models import User


class StaleReview(Exception):
    """The sheet was saved elsewhere in between. `review` is the sheet as it is now; nothing was written."""

    def __init__(self, review: Review) -> None:
        super().__init__(_("You saved this sheet in another window. Nothing was overwritten."))
        self.review = review


@transaction.atomic
def save_review(
    *,
    application: Application,
    scores: Mapping[int, tuple[int, str]],
    recommendation: str,
    comment: str,
    version: int,
    finish: bool,
    by: User,
    at: datetime,
) -> Review:
    """Save the reader's own score sheet. `scores` maps a criterion's id to (0..5, note).

    A criterion left out is not scored yet. `version` is 0 for a first save. Raises NotPossible outside
    the review, StaleReview when the sheet was saved elsewhere since.
    """
    current = lock(application)
    assigned = by.is_active and current.assignments.standing().filter(user=by).exists()
    require(
        assigned,
        _("Only those to whom %(reference)s is assigned score it.") % {"reference": current.reference},
    )
    if current.status != Status.ELIGIBLE:
        raise NotPossible(_("%(reference)s is not under review.") % {"reference": current.reference})
    review = _own_review(current, version, by, at)
    review.recommendation, review.comment = recommendation, comment
    review.changed_at, review.version = at, review.version + 1
    _write_scores(review, scores)
    if finish:
        _require_whole(review)
        review.finished_at = at
    review.save(update_fields=["recommendation", "comment", "changed_at", "version", "finished_at"])
    return review


def _own_review(application: Application, version: int, by: User, at: datetime) -> Review:
    review, created = Review.objects.select_for_update().get_or_create(
        application=application, reviewer=by, defaults={"changed_at": at, "version": 0}
    )
    if not created and review.finished_at:
        raise NotPossible(_("You finished this review. It is read only."))
    if review.version != version:
        raise StaleReview(review)
    return review


def _write_scores(review: Review, scores: Mapping[int, tuple[int, str]]) -> None:
    known = set(review.application.call.criteria.values_list("id", flat=True))
    review.scores.exclude(criterion_id__in=scores).delete()
    for criterion_id, (value, note) in scores.items():
        if criterion_id not in known or not 0 <= value <= HIGHEST_SCORE:
            raise NotPossible(_("A score lies between 0 and %(highest)d.") % {"highest": HIGHEST_SCORE})
        Score.objects.update_or_create(
            review=review, criterion_id=criterion_id, defaults={"value": value, "note": note}
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
def finish_review(
    *, application: Application, by: User, at: datetime, version: int | None = None
) -> Application:
    """Close the review of an application that has at least one finished score sheet."""
    require_assigner(by)
    current = lock(application)
    require_current(current, version)
    if not current.reviews.filter(finished_at__isnull=False).exists():
        raise NotPossible(_("No reviewer has finished yet."))
    change_status(current, Status.REVIEWED, by=by, at=at)
    return current
