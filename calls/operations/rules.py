"""Rules of a call: written freely while it is a draft, corrected by amendment once it is published."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_call_staff
from calls.eligibility import check_parameters
from calls.models import Amendment, Call, EligibilityRule
from calls.models.call import Editorial
from calls.operations.amending import announce, lock_published, number_amendment, require_reason
from calls.operations.setting_up import require_seen
from calls.operations.status import NotPossible
from calls.queries.set_up import row_fields
from cooperation.accounts.models import User

Fields = Mapping[str, Any]  # kind, parameters, hard, clauses, source, version


@transaction.atomic
def add_rule(*, call: Call, fields: Fields, by: User) -> EligibilityRule:
    """Add a rule at the end of a draft call. Raises NotAllowed, NotPossible."""
    current = _lock_draft(call, by)
    require_sound(fields)
    last = current.rules.order_by("-position").first()
    return EligibilityRule.objects.create(call=current, position=last.position + 1 if last else 0, **fields)


@transaction.atomic
def change_rule(*, rule: EligibilityRule, fields: Fields, seen: str, by: User) -> EligibilityRule:
    """Change a rule of a draft call, as it was `seen`. Raises NotAllowed, NotPossible, ChangedMeanwhile."""
    _lock_draft(rule.call, by)
    require_sound(fields)
    rows = EligibilityRule.objects.filter(pk=rule.pk)
    if current := rows.first():
        require_seen(seen, row_fields(current))
    _require_there(rows.update(**fields))
    return EligibilityRule.objects.get(pk=rule.pk)


@transaction.atomic
def remove_rule(*, rule: EligibilityRule, by: User) -> None:
    """Take a rule out of a draft call; taking it out twice changes nothing."""
    _lock_draft(rule.call, by)
    EligibilityRule.objects.filter(pk=rule.pk).delete()


@transaction.atomic
def move_rule(*, rule: EligibilityRule, up: bool, by: User) -> None:
    """Change places with the neighbour; at an end nothing moves."""
    current = _lock_draft(rule.call, by)
    rows = list(current.rules.all())
    places = [row.pk for row in rows]
    _require_there(places.count(rule.pk))
    here = places.index(rule.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    for position, row in enumerate(rows):
        row.position = position
    EligibilityRule.objects.bulk_update(rows, ["position"])


@transaction.atomic
def correct_rule(
    *,
    call: Call,
    rule: EligibilityRule | None,
    fields: Fields | None,
    reasons: Mapping[str, str],
    by: User,
    at: datetime,
) -> Amendment:
    """Correct a rule of a published call as a new row; without `rule` add one, without `fields` end one.

    The old row is superseded, so that what was assessed by it stays explained. An amendment is numbered
    and announced. Waivers hold for the row they were given for. Raises NotAllowed, NotPossible.
    """
    current = lock_published(call, by=by)
    require_reason(reasons)
    position = current.rules.count()
    if rule is not None:
        _require_changed(rule, fields)
        standing = EligibilityRule.every.filter(pk=rule.pk, call=current, superseded_at__isnull=True)
        _require_there(standing.update(superseded_at=at))
        position = rule.position
    if fields is not None:
        require_sound(fields)
        EligibilityRule.objects.create(call=current, position=position, **fields)
    amendment = number_amendment(current, reasons, current.day_of(at))
    announce(amendment, at=at)
    return amendment


def require_sound(fields: Fields) -> None:
    """Raises NotPossible naming what is wrong; the form says it first, beside the field."""
    if problems := check_parameters(fields["kind"], fields["parameters"]):
        raise NotPossible(_("This rule is not complete: %(problems)s.") % {"problems": ", ".join(problems)})


def _lock_draft(call: Call, by: User) -> Call:
    current = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    require_call_staff(by)
    if current.editorial != Editorial.DRAFT:
        raise NotPossible(
            _("The call was published in between. Correct the rule with a reason: everybody is told.")
        )
    return current


def _require_changed(rule: EligibilityRule, fields: Fields | None) -> None:
    if fields is not None and all(getattr(rule, name) == value for name, value in fields.items()):
        raise NotPossible(_("Nothing is different. Change the rule first."))


def _require_there(count: int) -> None:
    if not count:
        raise NotPossible(_("Somebody else changed this rule in between. Open the list of rules again."))
