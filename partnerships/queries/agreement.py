"""How the agreement of a partnership stands: the version in force, the newest, who signed and who has not."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from partnerships.models import AgreementVersion, Member, Partnership, Signature
from partnerships.queries.statement import names_parties, parties_of


@dataclass(frozen=True)
class Place:
    """One member's place under a version: its signature, or None."""

    member: Member
    signature: Signature | None


@dataclass(frozen=True)
class Agreement:
    """All versions, newest first, and the places under the newest."""

    versions: Sequence[AgreementVersion]
    places: Sequence[Place]
    current: bool  # the newest was drafted between the members of today

    @property
    def newest(self) -> AgreementVersion | None:
        return self.versions[0] if self.versions else None

    @property
    def in_force(self) -> AgreementVersion | None:
        """The version that everybody signed last."""
        return next((row for row in self.versions if row.in_force_at), None)

    @property
    def to_sign(self) -> list[Place]:
        """Who has not signed the newest version, while it can be signed."""
        if self.newest is None or not self.current:
            return []
        return [place for place in self.places if place.signature is None]


def agreement_of(partnership: Partnership) -> Agreement:
    """Three queries, however many versions there are."""
    signatures = Signature.objects.select_related("member__city", "member__organisation")
    rows = partnership.agreement_versions.select_related(
        "file", "drafted_by", "drafted_for__city", "drafted_for__organisation"
    )
    versions = list(rows.prefetch_related(Prefetch("signatures", signatures)))
    parties = parties_of(partnership)
    if not versions:
        return Agreement([], [], True)
    signed = {row.member_id: row for row in versions[0].signatures.all()}
    places = [Place(member, signed.get(member.pk)) for member in parties]
    return Agreement(versions, places, names_parties(versions[0], parties))
