"""The life of a partnership: the one writer of its stage, and the steps people take."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cooperation.accounts.access import require_staff
from cooperation.accounts.models import User
from partnerships.access import require_coordinator, require_seat
from partnerships.models import Partnership, StageChange
from partnerships.models.partnership import Stage
from partnerships.operations.partnership_mail import post_to_members
from partnerships.operations.refusals import ChangedMeanwhile, NotPossible
from partnerships.workflow import LIVE, transitions

# the mail that follows a stage, by its template
MAILS = {
    Stage.AGREED: "agreed",
    Stage.EXTENDED: "extended",
    Stage.COMPLETED: "ended",
    Stage.ENDED_EARLY: "ended",
}


class ReasonMissing(NotPossible):
    """This step is taken with a reason only."""


def lock(partnership: Partnership) -> Partnership:
    """The same partnership, read afresh and locked until the transaction ends."""
    return Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)


def require_live(partnership: Partnership) -> None:
    """Raise NotPossible once a partnership has ended."""
    if partnership.stage not in LIVE:
        raise NotPossible(
            _("The partnership is “%(stage)s”. What was agreed and planned stays as it is.")
            % {"stage": partnership.get_stage_display()}
        )


def change_stage(
    partnership: Partnership,
    target: Stage,
    operation: str,
    *,
    by: User,
    at: datetime,
    reason: str = "",
    fields: tuple[str, ...] = (),
) -> StageChange:
    """Move a LOCKED partnership along the table, write the row of its history, tell the members.

    Also saves `fields`, set by the caller, and raises the version. Raises NotPossible for a step that the
    table does not have, ReasonMissing where one is asked and none is given.
    """
    steps = [step for step in transitions(partnership.stage, target) if step.operation == operation]
    if not steps:
        raise NotPossible(
            _("The partnership is “%(stage)s” now; this step is not possible. Reload the page.")
            % {"stage": partnership.get_stage_display()}
        )
    if steps[0].reason and not reason.strip():
        raise ReasonMissing(_("Say why. The members and the public record keep the reason."))
    change = StageChange.objects.create(
        partnership=partnership, source=partnership.stage, target=target, at=at, by=by, reason=reason.strip()
    )
    partnership.stage, partnership.version = target, partnership.version + 1
    partnership.save(update_fields=["stage", "version", *fields])
    if mail := MAILS.get(target):
        post_to_members(partnership, kind=mail, cause=str(change.pk), context={"change": change}, at=at)
    return change


@transaction.atomic
def propose(*, partnership: Partnership, by: User, at: datetime) -> StageChange:
    """Turn talks into a proposal. Raises NotAllowed, NotPossible."""
    current = lock(partnership)
    require_seat(by, current)
    return change_stage(current, Stage.PROPOSED, "propose", by=by, at=at)


@transaction.atomic
def begin(*, partnership: Partnership, by: User, at: datetime) -> StageChange:
    """Say that the work has begun. Raises NotAllowed, NotPossible."""
    current = lock(partnership)
    require_coordinator(by, current)
    current.start_year = current.start_year or at.year
    return change_stage(current, Stage.ACTIVE, "begin", by=by, at=at, fields=("start_year",))


@transaction.atomic
def extend(*, partnership: Partnership, renewal_on: date, reason: str, by: User, at: datetime) -> StageChange:
    """Give a partnership more time, until a day, for a reason. Raises NotAllowed, NotPossible."""
    current = lock(partnership)
    require_coordinator(by, current)
    if renewal_on <= max(at.date(), current.renewal_on or date.min):
        raise NotPossible(_("The new last day lies before the present one. Choose a later day."))
    current.renewal_on, current.end_year = renewal_on, max(renewal_on.year, current.start_year or 0)
    changed = ("renewal_on", "end_year")
    return change_stage(current, Stage.EXTENDED, "extend", by=by, at=at, reason=reason, fields=changed)


@transaction.atomic
def complete(*, partnership: Partnership, by: User, at: datetime) -> StageChange:
    """Bring a partnership to its end as planned; reports stay due. Raises NotAllowed, NotPossible."""
    current = lock(partnership)
    require_coordinator(by, current)
    return _end(current, Stage.COMPLETED, "complete", by, at, "")


@transaction.atomic
def end_early(*, partnership: Partnership, reason: str, by: User, at: datetime) -> StageChange:
    """End a partnership before its time; the reason stays on record. Raises NotAllowed, NotPossible."""
    current = lock(partnership)
    require_coordinator(by, current)
    return _end(current, Stage.ENDED_EARLY, "end_early", by, at, reason)


@transaction.atomic
def settle(*, partnership: Partnership, target: Stage, reason: str, by: User, at: datetime) -> StageChange:
    """Staff say where a partnership is: what was signed on paper, what was recorded or ended by mistake."""
    require_staff(by)
    current = lock(partnership)
    if target in (Stage.COMPLETED, Stage.ENDED_EARLY):
        return _end(current, target, "settle", by, at, reason)
    fields: tuple[str, ...] = ()
    if target == Stage.ACTIVE and current.stage in (Stage.COMPLETED, Stage.ENDED_EARLY):
        current.end_year, fields = None, ("end_year",)
    return change_stage(current, target, "settle", by=by, at=at, reason=reason, fields=fields)


def _end(
    current: Partnership, target: Stage, operation: str, by: User, at: datetime, reason: str
) -> StageChange:
    current.end_year = max(at.year, current.start_year or 0)
    return change_stage(current, target, operation, by=by, at=at, reason=reason, fields=("end_year",))


@transaction.atomic
def describe(
    *, partnership: Partnership, facts: dict[str, object], version: int, by: User, at: datetime
) -> Partnership:
    """Correct what the page says of the partnership, given as model fields.

    Raises NotAllowed, and ChangedMeanwhile when somebody else saved since `version`.
    """
    current = lock(partnership)
    require_coordinator(by, current)
    if current.version != version:
        raise ChangedMeanwhile(_("Somebody else saved this page while you were writing."), current)
    for name, value in facts.items():
        setattr(current, name, value)
    current.version += 1
    current.save(update_fields=[*facts, "version"])
    return current
