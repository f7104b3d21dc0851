"""More time for a city to answer whether it takes its place, with the reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_recommender
from calls.models import AnswerExtension, Application
from calls.operations.answering import asked_place
from calls.operations.mailing import post_to_lead
from calls.operations.status import NotPossible, lock
from calls.queries.deadlines import clocks, word_instant
from calls.queries.receipts import zones_of
from cooperation.accounts.models import User


@transaction.atomic
def extend_acceptance(
    *, application: Application, due_at: datetime, reason: str, by: User, at: datetime
) -> AnswerExtension:
    """Move the day until which a city accepts or declines its place, also after it passed. The city is told.

    Never to an earlier one: the city relies on what it was told. An answer that is under way counts by the
    day that it met. Raises NotAllowed; NotPossible without a place that waits for an answer.
    """
    current = lock(application)
    require_recommender(by)
    decision = asked_place(current)
    if decision.acceptance_due_at is None:
        raise NotPossible(_("%(reference)s is not asked for an answer.") % {"reference": current.reference})
    if due_at <= at:
        raise NotPossible(_("This time has passed. Choose a later one."))
    if due_at <= decision.acceptance_due_at:
        until = word_instant(decision.acceptance_due_at, current.call.zone)
        raise NotPossible(_("The city can answer until %(due)s. Choose a later time.") % {"due": until})
    if not reason.strip():
        raise NotPossible(_("Give the reason: the city reads it."))
    extension = AnswerExtension.objects.create(
        application=current,
        due_from=decision.acceptance_due_at,
        due_to=due_at,
        reason=reason.strip(),
        at=at,
        by=by,
    )
    decision.acceptance_due_at = due_at
    decision.save(update_fields=["acceptance_due_at"])
    _tell(current, extension, at)
    return extension


def _tell(application: Application, extension: AnswerExtension, at: datetime) -> None:
    post_to_lead(
        application,
        kind="answer_extended",
        at=at,
        cause=str(extension.pk),
        context=lambda reader: {
            "extension": extension,
            "due": clocks(extension.due_to, zones_of(application, reader)),
        },
    )
