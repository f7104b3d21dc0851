"""Staff look at what cities state: verify it, or refuse it with a reason that is mailed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from cooperation.accounts.models import User
from cooperation.notifications.operations import Letter, post_all
from partnerships.access import city_editors, require_verifier
from partnerships.models import City, PopulationStatement
from partnerships.models.stated import Stated
from partnerships.operations.refusals import NotPossible
from partnerships.queries.claims import KINDS, Claim, claim_of


@transaction.atomic
def verify_facts(*, chosen: Collection[tuple[str, int, str]], by: User, at: datetime) -> int:
    """Verify facts, each given as its kind, its id and the version that was looked at; return how many.

    What its city changed or took back since is left as it is: nobody has looked at that.
    """
    require_verifier(by)
    return sum(_verify(kind, pk, version, by, at) for kind, pk, version in chosen)


def _verify(kind: str, pk: int, version: str, by: User, at: datetime) -> bool:
    row = _waiting(kind, pk)
    if row is None or claim_of(kind, row).version != version:
        return False
    row.verified_at, row.verified_by = at, by
    row.save(update_fields=["verified_at", "verified_by"])
    if isinstance(row, PopulationStatement):
        City.objects.filter(pk=row.city_id).update(
            population=row.population, population_year=row.year, population_source=row.source
        )
    return True


@transaction.atomic
def refuse_fact(*, kind: str, pk: int, version: str, reason: str, by: User, at: datetime) -> Claim:
    """Take a stated fact off the city's page and mail the reason to whoever stated it.

    Raises NotPossible without a reason, and for what was changed, taken back or looked at since.
    """
    require_verifier(by)
    if not reason.strip():
        raise NotPossible(_("Give the reason: the city reads it."))
    row = _waiting(kind, pk)
    if row is None or claim_of(kind, row).version != version:
        raise NotPossible(_("The city changed this or took it back, or a colleague was faster. Look again."))
    row.refused_at, row.refused_by, row.refusal = at, by, reason.strip()
    row.save(update_fields=["refused_at", "refused_by", "refusal"])
    claim = claim_of(kind, row)
    post_all([_refusal(kind, row, reader, at) for reader in _told(row, claim.city)], at=at)
    return claim


def _waiting(kind: str, pk: int) -> Any:
    rows = KINDS[kind].rows().to_verify()
    return rows.select_for_update(of=("self",)).filter(pk=pk).first()


def _told(row: Stated, city: City) -> list[User]:
    """Whoever stated it while they keep the page, else everybody who does."""
    editors = [membership.user for membership in city_editors(city).select_related("user")]
    return [user for user in editors if user.pk == row.stated_by_id] or list(dict.fromkeys(editors))


def _refusal(kind: str, row: Any, reader: User, at: datetime) -> Letter:
    with override(reader.language):
        claim = claim_of(kind, row)
    return Letter(
        key=f"fact_refused:{kind}:{row.pk}:{int(at.timestamp())}:{reader.pk}",
        kind="fact_refused",
        reader=reader,
        recipient=reader.email,
        language=reader.language,
        template="partnerships/mail/fact_refused.txt",
        context={"city": claim.city, "what": claim.words, "reason": row.refusal},
        about={"city": claim.city.pk},
    )
