"""A declined place goes to the next on the reserve list: recommended with one press, approved by another."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from calls.access import require_recommender
from calls.models import Application, Decision
from calls.models.decision import Outcome
from calls.operations.deciding import lock_call, recommend
from calls.operations.status import NotPossible
from calls.queries.decisions import freed_places
from calls.queries.reserve_line import next_for
from cooperation.accounts.models import User


@transaction.atomic
def recommend_next(*, declined: Decision, expected: Application, by: User, at: datetime) -> Decision:
    """Recommend the next on the reserve list for a declined place.

    `expected` is who the page named. Raises NotPossible when it is somebody else's turn by now.
    """
    call = lock_call(declined.application.call_id)
    require_recommender(by)
    place = freed_places(call).filter(pk=declined.pk).first()
    if place is None:
        raise NotPossible(_("Somebody is recommended for this place already."))
    found = next_for(place)
    if found is None or found.pk != expected.pk:
        raise NotPossible(_("It is another city’s turn now. Read the list again below."))
    with override(found.language):
        reason = _("A selected city declined its place. Your application was the next on the reserve list.")
    return recommend(application=found, outcome=Outcome.SELECTED, reason=reason, by=by, at=at, replaces=place)
