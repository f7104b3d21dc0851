"""Assessing a submission again: a row beside what was frozen when it arrived, which is never rewritten."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_screener
from calls.models import Application, Reassessment
from calls.operations.status import NotPossible
from calls.queries.eligibility import assess_submission
from cooperation.accounts.models import User


@transaction.atomic
def reassess(*, application: Application, on: date, by: User, at: datetime) -> Reassessment:
    """Hold the newest submission against the rules as they are now, and the cities' records as of a day.

    Raises NotAllowed, and NotPossible without a submission or for a day to come.
    """
    require_screener(by)
    newest = application.snapshots.order_by("-number").first()
    if newest is None:
        raise NotPossible(_("Nothing was submitted yet, so there is nothing to assess again."))
    if on > application.call.day_of(at):
        raise NotPossible(_("This day has not come yet. Choose today or a day before."))
    assessment = assess_submission(newest, on=on)
    return Reassessment.objects.create(
        snapshot=newest, on=on, verdict=assessment.verdict, content=assessment.to_dict(), at=at, by=by
    )
