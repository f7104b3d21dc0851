"""Milestones: planned, moved, happened, dropped."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cooperation.accounts.models import User
from partnerships.access import require_seat
from partnerships.models import Milestone, Partnership
from partnerships.operations.editing import save_changes
from partnerships.operations.refusals import NotPossible
from partnerships.operations.stages import lock, require_live

MOST_MILESTONES = 100


@transaction.atomic
def plan_milestone(
    *, partnership: Partnership, facts: Mapping[str, object], by: User, at: datetime
) -> Milestone:
    """Add a milestone, given as model fields. Raises NotAllowed, NotPossible."""
    current = lock(partnership)
    require_seat(by, current)
    require_live(current)
    if current.milestones.count() >= MOST_MILESTONES:
        raise NotPossible(
            _("A partnership has at most %(count)s milestones. Change one that is there.")
            % {"count": MOST_MILESTONES}
        )
    _require_known_day(facts, at)
    return Milestone.objects.create(partnership=current, **facts)


@transaction.atomic
def change_milestone(
    *, milestone: Milestone, facts: Mapping[str, object], version: int, by: User, at: datetime
) -> Milestone:
    """Change a milestone: its day, where it takes place, when it happened, or why it does not.

    What was planned first stays in the history. Raises NotAllowed, NotPossible, ChangedMeanwhile.
    """
    current = lock(milestone.partnership)
    require_seat(by, current)
    row = current.milestones.filter(pk=milestone.pk).first()
    if row is None:
        raise NotPossible(_("This milestone is not there any more."))
    _require_known_day(facts, at)
    return save_changes(row, facts, version)


def _require_known_day(facts: Mapping[str, object], at: datetime) -> None:
    happened = facts.get("actual_on")
    if happened and happened > at.date():  # type: ignore[operator]
        raise NotPossible(_("A day to come cannot have happened. Give it as planned."))
