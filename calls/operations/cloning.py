"""The next round of a call: everything copied into a draft, every date moved by whole weeks."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from calls.access import require_call_staff
from calls.models import Call, CallText, Criterion, CutOff, EligibilityRule, Milestone, Quota, ReminderRule
from calls.models.decision import Side
from calls.operations.publishing import write_form
from calls.operations.shifting import MOMENTS, Shift, moved_form, planned_day, shift_to
from calls.operations.status import NotPossible
from calls.queries.set_up import call_fields, form_data, row_fields
from cooperation.accounts.models import User

# Copied as they are; milestones and cut-offs carry dates, and sides people.
ALIKE: tuple[type[Any], ...] = (CallText, EligibilityRule, Criterion, Quota, ReminderRule)
# The next phase of the new round is a call of its own, and its form begins anew.
NOT_COPIED = frozenset({"slug", "predecessor_id", "promotes_to_id", "form_version"})


@transaction.atomic
def clone_call(*, call: Call, slug: str, opens_on: date, by: User, at: datetime) -> Call:
    """A draft of the next round, which opens about `opens_on`.

    Texts, rules, the newest form, criteria, quotas, milestones, cut-offs, letters, reminders, themes, sides
    and all settings are copied. Every date moves by the same number of weeks and keeps its wall-clock time in
    the call's zone. Rules keep the days that they name: a clause quotes them. Raises NotAllowed, NotPossible.
    """
    require_call_staff(by)
    source = Call.objects.get(pk=call.pk)
    shift = shift_to(source, opens_on)
    if shift.opens_on < source.day_of(at):
        raise NotPossible(_("The new round would have opened already. Choose a later day."))
    new = _create(source, slug, shift)
    new.themes.set(source.themes.all())
    for model in ALIKE:
        rows = model._default_manager.filter(call=source)
        model._default_manager.bulk_create(model(call=new, **row_fields(row)) for row in rows)
    _copy_dates(source, new, shift)
    _copy_sides(source, new)
    write_form(new, moved_form(form_data(source), shift), version=1)
    return new


def _create(source: Call, slug: str, shift: Shift) -> Call:
    fields = {name: value for name, value in call_fields(source).items() if name not in NOT_COPIED}
    for name in MOMENTS:
        if moment := fields[name]:
            fields[name], _gave_way = shift.moment(moment, source.zone)
    try:
        with transaction.atomic():
            return Call.objects.create(slug=slug, predecessor=source, **fields)
    except IntegrityError as taken:
        raise NotPossible(
            _("“%(address)s” is the address of another call. Choose another.") % {"address": slug}
        ) from taken


def _copy_dates(source: Call, new: Call, shift: Shift) -> None:
    milestones = []
    for row in source.milestones.all():
        day = planned_day(row)
        planned_on = shift.day(day) if day else None
        milestones.append(Milestone(call=new, key=row.key, labels=row.labels, planned_on=planned_on))
    Milestone.objects.bulk_create(milestones)
    CutOff.objects.bulk_create(
        CutOff(call=new, at=shift.moment(row.at, source.zone)[0], labels=row.labels)
        for row in source.cut_offs.all()
    )


def _copy_sides(source: Call, new: Call) -> None:
    for side in Side.objects.filter(call=source).prefetch_related("members"):
        copy = Side.objects.create(call=new, key=side.key, labels=side.labels)
        copy.members.set(side.members.all())
