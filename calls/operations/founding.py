"""What follows when a city has its place for good: a partnership, and the partners hear of it."""

from collections.abc import Sequence
from datetime import datetime

from calls.models import Application, Call
from calls.models.call import Process
from calls.models.webhook import WebhookEvent
from calls.operations.mailing import letters_to_partners
from calls.operations.webhook_events import tell_webhooks
from calls.queries.eligibility import application_facts
from calls.queries.webhook_events import of_partnership
from cooperation.notifications.operations import post_all
from partnerships.models import Partnership, Theme
from partnerships.models.partnership import MemberRole, PartnershipKind
from partnerships.operations.founding import Party, found_partnership


def founds_a_partnership(call: Call) -> bool:
    """Pairs found theirs by the pairing; a stage that leads to another one decides nothing final."""
    return call.process != Process.PAIRING and call.promotes_to_id is None


def found_for(application: Application, at: datetime) -> Partnership | None:
    """Found the partnership of lead and partners; None where none is founded."""
    partners = [partner.city for partner in application.partners.select_related("city")]
    if not partners or not founds_a_partnership(application.call):
        return None
    lead = Party(MemberRole.COORDINATOR, city=application.lead.city, organisation=application.lead)
    partnership = found_partnership(
        title=application.title or application.reference,
        kind=PartnershipKind.PROJECT,
        programme=application.call.programme.name,
        funder=", ".join(application.call.programme.funders),
        parties=[lead, *(Party(MemberRole.PARTNER, city=city) for city in partners)],
        source=application.reference,
        at=at,
        themes=Theme.objects.filter(slug__in=application_facts(application, on=at.date()).themes),
        report_reminder_days=application.call.report_reminder_days,
    )
    tell_of_founding(partnership, [application], at)
    return partnership


def tell_of_founding(partnership: Partnership, applications: Sequence[Application], at: datetime) -> None:
    """The programme's own systems hear of a partnership that its call led to."""
    tell_webhooks(
        WebhookEvent.PARTNERSHIP_FOUNDED,
        programme_id=applications[0].call.programme_id,
        cause=partnership.slug,
        data=lambda: of_partnership(partnership, applications),
        at=at,
    )


def tell_partners(application: Application, at: datetime) -> int:
    """Partners that were invited with a city hear that the lead has its place; how many messages are new."""
    rows = application.invitations.filter(revoked_at__isnull=True, city__isnull=False).select_related("city")
    letters = letters_to_partners(
        application, kind="place_partner", invitations=rows, context=lambda _row: {}, cause="place"
    )
    return post_all(letters, at=at)
