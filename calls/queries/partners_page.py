"""The partners of an application as its page lists them: what each is, and where its consent stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from calls.models import Application, Consent, PartnerInvitation, Section
from calls.queries.consent_changes import labels_by_city
from calls.queries.consents import Standing, standings_of
from calls.queries.eligibility_terms import kind
from calls.queries.statement import canonical, sha256_of, statement_of


@dataclass(frozen=True)
class PartnerRow:
    """One partner. `changed` names the questions that differ from the text it agreed to."""

    standing: Standing
    kind: str
    changed: list[str]


def partner_rows(application: Application, sections: Sequence[Section] | None = None) -> list[PartnerRow]:
    """Every partner in order; the same few queries for any number of them."""
    standings = standings_of(application, sections)
    reopened = [row.consent for row in standings if row.consent and row.state == "reopened"]
    changed = labels_by_city(application, reopened, sections)
    return [
        PartnerRow(row, kind(row.partner.kind), changed.get(row.partner.city_id, [])) for row in standings
    ]


def open_invitations(application: Application) -> Sequence[PartnerInvitation]:
    """Links whose reader has not said yet which city it is."""
    rows = application.invitations.filter(city__isnull=True, revoked_at__isnull=True)
    return list(rows.select_related("sent_by"))


def text_with(application: Application, sha256: str) -> str | None:
    """The exact bytes with a hash: the text as it is now, or one that a partner answered."""
    text = canonical(statement_of(application))
    if sha256_of(text) == sha256:
        return text
    rows = Consent.objects.filter(application=application, sha256=sha256)
    return rows.values_list("text", flat=True).first()
