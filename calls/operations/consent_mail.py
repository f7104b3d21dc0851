"""Mails about consent: the request, the answer for the lead, and the partner's own copy of it."""

from datetime import datetime

from django.utils.translation import override

from calls.models import Consent, PartnerInvitation
from calls.operations.mailing import post_to_lead
from calls.queries.consent_changes import changed_labels
from calls.queries.deadlines import UTC, clocks
from calls.queries.receipts import moments
from cooperation.notifications.operations import post


def post_request(invitation: PartnerInvitation, token: str, *, at: datetime) -> None:
    """The link, with what is asked, until when, and what changed since an earlier answer."""
    application = invitation.application
    with override(invitation.language):
        times = clocks(application.closes_at, _zones(invitation)) if application.closes_at else []
        changed = changed_labels(application, invitation.city) if invitation.city else []
    post(
        key=f"consent_request:{invitation.pk}",
        kind="consent_request",
        recipient=invitation.email,
        language=invitation.language,
        template="calls/mail/consent_request.txt",
        context={
            "application": application,
            "call": application.call,
            "invitation": invitation,
            "clocks": times,
            "changed": changed,
            "token": token,
        },
        about={"invitation": invitation.pk},
        at=at,
        expires_at=application.closes_at,
    )


def post_answer(consent: Consent, token: str, *, at: datetime) -> None:
    """The lead learns the answer; who gave it gets a copy with the hash, as evidence."""
    application, invitation = consent.application, consent.invitation
    post_to_lead(
        application,
        kind="consent_answer",
        at=at,
        cause=f"c{consent.pk}",
        context=lambda reader: {"consent": consent, "given": moments(at, _zones(invitation))},
    )
    with override(invitation.language):
        given = moments(at, _zones(invitation))
        times = clocks(application.closes_at, _zones(invitation)) if application.closes_at else []
    post(
        key=f"consent_copy:{consent.pk}",
        kind="consent_copy",
        recipient=invitation.email,
        language=invitation.language,
        template="calls/mail/consent_copy.txt",
        context={
            "application": application,
            "call": application.call,
            "consent": consent,
            "given": given,
            "clocks": times,
            "token": token,
        },
        about={"consent": consent.pk},
        at=at,
    )


def _zones(invitation: PartnerInvitation) -> list[tuple[str, str]]:
    """The call's clock, the partner's own, UTC."""
    zone, city = invitation.application.call.zone, invitation.city
    own = [(city.time_zone, city.name)] if city else []
    return [(zone, ""), *own, (UTC, "")]
