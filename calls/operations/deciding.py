"""Deciding: one person recommends, another approves."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require, require_decider, require_recommender
from calls.models import Application, Decision
from calls.models.decision import Outcome
from calls.operations.overtaking import require_current
from calls.operations.status import NotPossible, lock
from calls.workflow import Status, transition
from cooperation.accounts.models import User

RECOMMENDABLE = frozenset({Status.REVIEWED, Status.RESERVE})


@transaction.atomic
def recommend(
    *,
    application: Application,
    outcome: Outcome,
    reason: str,
    by: User,
    at: datetime,
    version: int | None = None,
) -> Decision:
    """Recommend an outcome for a reviewed application; a later recommendation replaces an open one.

    Raises the application's version, so that nobody approves a recommendation that they have not read.
    """
    require_recommender(by)
    current = lock(application)
    require_current(current, version)
    if current.status not in RECOMMENDABLE:
        raise NotPossible(_("%(reference)s is not reviewed yet.") % {"reference": current.reference})
    if transition(current.status, outcome) is None:
        raise NotPossible(_("From the reserve list an application can only be selected."))
    if not reason.strip():
        raise NotPossible(_("Give the reason: the city reads it."))
    decision, _created = Decision.objects.update_or_create(
        application=current,
        defaults={
            "outcome": outcome,
            "reason": reason.strip(),
            "recommended_at": at,
            "recommended_by": by,
            "approved_at": None,
            "approved_by": None,
            "published_at": None,
            "published_by": None,
        },
    )
    current.version += 1
    current.save(update_fields=["version"])
    return decision


@transaction.atomic
def approve(*, application: Application, by: User, at: datetime, version: int | None = None) -> Decision:
    """Approve the open recommendation. The city hears of it when the results are published, with all others.

    Raises NotAllowed for the person who recommended, NotPossible without an open recommendation.
    """
    require_decider(by)
    current = lock(application)
    require_current(current, version)
    decision = (
        Decision.objects.select_for_update().filter(application=current, approved_at__isnull=True).first()
    )
    if decision is None:
        raise NotPossible(_("%(reference)s has no open recommendation.") % {"reference": current.reference})
    require(
        decision.recommended_by_id != by.pk,
        _("A second person approves: you recommended this outcome yourself."),
    )
    decision.approved_at, decision.approved_by = at, by
    decision.save(update_fields=["approved_at", "approved_by"])
    current.version += 1
    current.save(update_fields=["version"])
    return decision
