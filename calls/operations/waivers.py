"""Waivers: one rule is held not against one application, for a reason that everybody concerned can read."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_screener
from calls.models import Application, EligibilityRule, Waiver
from calls.operations.status import NotPossible, lock
from cooperation.accounts.models import User


@transaction.atomic
def waive(*, application: Application, rule: EligibilityRule, reason: str, by: User, at: datetime) -> Waiver:
    """Waive a rule of the call for this application. What was frozen at a submission stays as it was.

    Raises NotAllowed, and NotPossible without a reason, for a rule that no longer holds, or a second time.
    """
    current = lock(application)
    require_screener(by)
    if not reason.strip():
        raise NotPossible(_("Give the reason: the city and the reviewers read it."))
    if not current.call.rules.filter(pk=rule.pk).exists():
        raise NotPossible(_("This rule no longer holds for the call. Open the page again."))
    if current.waivers.filter(rule=rule, ended_at__isnull=True).exists():
        raise NotPossible(_("This rule is waived already. End that waiver first to give another reason."))
    return Waiver.objects.create(application=current, rule=rule, reason=reason.strip(), at=at, by=by)


@transaction.atomic
def end_waiver(*, waiver: Waiver, by: User, at: datetime) -> Waiver:
    """The rule counts again from now on; ending twice changes nothing. Raises NotAllowed."""
    lock(waiver.application)
    require_screener(by)
    Waiver.objects.filter(pk=waiver.pk, ended_at__isnull=True).update(ended_at=at, ended_by=by)
    waiver.refresh_from_db()
    return waiver
