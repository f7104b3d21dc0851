"""The panel of a call: added, given another load, taken out."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_assigner
from calls.models import Assignment, Call, PanelMember, Reviewer
from calls.operations.status import NotPossible
from calls.queries.panels import why_waiting
from cooperation.accounts.models import User

MOST_APPLICATIONS = 1000  # more than anybody reads in a round


@transaction.atomic
def add_to_panel(
    *, call: Call, user: User, minimum: int, maximum: int, by: User, at: datetime
) -> PanelMember:
    """Somebody reviews in this call: an expert who has not declined or retired, or staff.

    An invited expert may be added before they accept. Again changes nothing. Raises NotAllowed, NotPossible.
    """
    require_assigner(by)
    _check(minimum, maximum)
    reviewer = Reviewer.objects.filter(user=user).first()
    if reviewer is None and not user.is_staff:
        raise NotPossible(
            _("%(person)s is neither an expert nor staff. Invite them first.") % {"person": user}
        )
    waiting_is_fine = reviewer and not (reviewer.declined_at or reviewer.retired_at) and user.is_active
    if not waiting_is_fine and (sentence := why_waiting(user, reviewer)):
        raise NotPossible(sentence)
    member, _new = PanelMember.objects.get_or_create(
        call=call,
        user=user,
        defaults={"minimum": minimum, "maximum": maximum, "added_at": at, "added_by": by},
    )
    return member


@transaction.atomic
def change_load(*, member: PanelMember, minimum: int, maximum: int, by: User, at: datetime) -> PanelMember:
    """Another load in this call. What stands stays, also above the new maximum. Raises NotPossible."""
    require_assigner(by)
    _check(minimum, maximum)
    current = PanelMember.objects.select_for_update().get(pk=member.pk)
    current.minimum, current.maximum = minimum, maximum
    current.save(update_fields=["minimum", "maximum"])
    return current


@transaction.atomic
def remove_from_panel(*, member: PanelMember, by: User, at: datetime) -> None:
    """Out of the panel, once nothing stands. Raises NotAllowed, NotPossible."""
    require_assigner(by)
    current = PanelMember.objects.select_for_update().get(pk=member.pk)
    standing = Assignment.objects.standing().filter(application__call=current.call_id, user=current.user_id)
    if count := standing.count():
        raise NotPossible(
            _("%(person)s has %(count)s applications in this call. Take them back first.")
            % {"person": current.user, "count": count}
        )
    current.delete()


def _check(minimum: int, maximum: int) -> None:
    if not 0 <= minimum <= maximum:
        raise NotPossible(_("The least is more than the most. Change one of them."))
    if maximum > MOST_APPLICATIONS:
        raise NotPossible(
            _("Nobody reviews more than %(count)s applications in a round.") % {"count": MOST_APPLICATIONS}
        )
