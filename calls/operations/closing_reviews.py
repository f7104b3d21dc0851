"""Closing the reviews of a call at once: all that can be closed, or none."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_assigner
from calls.models import Application, Call
from calls.operations.reviewing import finish_review
from calls.operations.status import NotPossible
from calls.queries.closable import closable
from cooperation.accounts.models import User


@transaction.atomic
def close_reviews(*, call: Call, expected: Sequence[str], by: User, at: datetime) -> list[Application]:
    """Close the review of every application that is ready. `expected`: the references that the page named.

    Raises NotAllowed, and NotPossible when others are ready by now: nothing was closed then.
    """
    require_assigner(by)
    rows = list(closable(call))
    if sorted(row.reference for row in rows) != sorted(expected):
        raise NotPossible(_("Other applications are ready by now. Nothing was closed. Read the list again."))
    if not rows:
        raise NotPossible(_("No application has all its reviews finished."))
    # in the order in which every list of applications is locked, so that nobody waits in a circle
    return [finish_review(application=row, by=by, at=at) for row in sorted(rows, key=lambda row: row.pk)]
