"""Where each partner's consent stands: to the text as it is now, to an earlier one, or not given."""

from collections.abc import Sequence
from dataclasses import dataclass

from calls.models import Application, ApplicationPartner, Consent, PartnerInvitation, Section
from calls.models.consent import ConsentAnswer
from calls.queries.statement import statement_sha256


@dataclass(frozen=True)
class Standing:
    """One partner and its newest answer, without the text it speaks about.

    `state` is `agreed`, `reopened` (agreed to a text that changed since), `change` (proposes a change),
    `declined`, `invited` or `not_invited`.
    """

    partner: ApplicationPartner
    state: str
    consent: Consent | None = None
    invitation: PartnerInvitation | None = None


def standings_of(application: Application, sections: Sequence[Section] | None = None) -> list[Standing]:
    """Every partner's standing, in the order of the partners; in two queries and those of the text."""
    partners = list(application.partners.all())
    if not partners:
        return []
    newest = {row.city_id: row for row in _newest_answers(application)}
    invited = {row.city_id: row for row in newest_invitations(application)}
    now = statement_sha256(application, sections)
    return [
        Standing(
            partner,
            _state(newest.get(partner.city_id), invited.get(partner.city_id), now),
            newest.get(partner.city_id),
            invited.get(partner.city_id),
        )
        for partner in partners
    ]


def newest_invitations(application: Application) -> Sequence[PartnerInvitation]:
    """The invitation of each city that counts: the newest that was not taken back."""
    rows = application.invitations.filter(revoked_at__isnull=True, city__isnull=False)
    return list(rows.order_by("city_id", "-sent_at", "-id").distinct("city_id"))


def _newest_answers(application: Application) -> Sequence[Consent]:
    rows = application.consents.order_by("city_id", "-at", "-id").distinct("city_id")
    return list(rows.defer("text"))


def _state(consent: Consent | None, invitation: PartnerInvitation | None, now: str) -> str:
    """An answer given before the city was asked again counts on: it says more than "asked"."""
    if consent is None:
        return "invited" if invitation else "not_invited"
    if consent.answer == ConsentAnswer.AGREED:
        return "agreed" if consent.sha256 == now else "reopened"
    return str(consent.answer)
