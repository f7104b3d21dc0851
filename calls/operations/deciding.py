"""Deciding: one person recommends, another approves; a selected joint application founds a partnership."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require, require_decider, require_staff
from calls.models import Application, Call, Decision
from calls.models.call import Process
from calls.models.decision import Outcome
from calls.operations.mailing import post_to_lead
from calls.operations.overtaking import require_current
from calls.operations.status import NotPossible, change_status, lock
from calls.queries.eligibility import application_facts
from calls.queries.invitations import invitation_after, stage_clocks
from calls.workflow import Status, transition
from cooperation.accounts.models import User
from partnerships.models import Partnership, Theme
from partnerships.models.partnership import MemberRole, PartnershipKind
from partnerships.operations.founding import Party, found_partnership

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
    require_staff(by)
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
        },
    )
    current.version += 1
    current.save(update_fields=["version"])
    return decision


@transaction.atomic
def approve(*, application: Application, by: User, at: datetime, version: int | None = None) -> Decision:
    """Approve the open recommendation: status, letter and, when selected jointly, the partnership.

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
    change_status(current, Status(decision.outcome), by=by, at=at, note=decision.reason)
    decision.approved_at, decision.approved_by = at, by
    if decision.outcome == Outcome.SELECTED and _founds_a_partnership(current.call):
        decision.partnership = _found(current, at)
    decision.save(update_fields=["approved_at", "approved_by", "partnership"])
    invitation = invitation_after(current, at) if decision.outcome == Outcome.SELECTED else None
    post_to_lead(
        current,
        kind="decision",
        at=at,
        context=lambda reader: {
            "decision": decision,
            "invitation": invitation,
            "invitation_clocks": stage_clocks(invitation, current, reader) if invitation else [],
        },
    )
    return decision


def _founds_a_partnership(call: Call) -> bool:
    """Pairs found theirs by the pairing; a stage that leads to another one decides nothing final."""
    return call.process != Process.PAIRING and call.promotes_to_id is None


def _found(application: Application, at: datetime) -> Partnership | None:
    partners = [partner.city for partner in application.partners.select_related("city")]
    if not partners:
        return None
    lead = Party(MemberRole.COORDINATOR, city=application.lead.city, organisation=application.lead)
    return found_partnership(
        title=application.title or application.reference,
        kind=PartnershipKind.PROJECT,
        programme=application.call.programme.name,
        funder=", ".join(application.call.programme.funders),
        parties=[lead, *(Party(MemberRole.PARTNER, city=city) for city in partners)],
        source=application.reference,
        at=at,
        themes=Theme.objects.filter(slug__in=application_facts(application, on=at.date()).themes),
    )
