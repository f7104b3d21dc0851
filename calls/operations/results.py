"""Publishing results: every approved decision at once, with its letter."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_decider
from calls.models import Application, Call, Decision
from calls.models.call import Process
from calls.models.decision import Outcome
from calls.operations.mailing import post_to_lead
from calls.operations.status import NotPossible, change_status, lock
from calls.queries.eligibility import application_facts
from calls.queries.invitations import invitation_after, stage_clocks
from calls.workflow import Status
from cooperation.accounts.models import User
from partnerships.models import Partnership, Theme
from partnerships.models.partnership import MemberRole, PartnershipKind
from partnerships.operations.founding import Party, found_partnership


@transaction.atomic
def publish_results(*, call: Call, by: User, at: datetime) -> list[Decision]:
    """Publish what is approved and not published yet: status, letter, partnership.

    Raises NotAllowed, and NotPossible when nothing is approved.
    """
    require_decider(by)
    call = Call.objects.select_for_update().get(pk=call.pk)
    waiting = Decision.objects.select_for_update(of=("self",)).filter(
        application__call=call, approved_at__isnull=False, published_at__isnull=True
    )
    published = [_publish(row, by, at) for row in waiting.order_by("application_id")]
    if not published:
        raise NotPossible(_("Nothing is approved that is not published yet."))
    call.results_published_at = at
    call.save(update_fields=["results_published_at"])
    return published


def _publish(decision: Decision, by: User, at: datetime) -> Decision:
    current = lock(decision.application)
    change_status(current, Status(decision.outcome), by=by, at=at, note=decision.reason)
    decision.published_at, decision.published_by = at, by
    if decision.outcome == Outcome.SELECTED and _founds_a_partnership(current.call):
        decision.partnership = _found(current, at)
    decision.save(update_fields=["published_at", "published_by", "partnership"])
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
