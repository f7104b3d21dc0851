"""What every change by a city's own people shares: the lock, the versions, and when a fact is stated anew."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from cooperation.accounts.models import User
from partnerships.access import require_city_editor
from partnerships.models import City, Commitment, NetworkMembership, Partnership
from partnerships.models.stated import Stated
from partnerships.operations.refusals import ChangedMeanwhile, NotPossible
from partnerships.queries.editing import fingerprint, plain

# What rules look at, or what others are told: a change of it is verified again.
COUNTING: dict[type[Model], frozenset[str]] = {
    NetworkMembership: frozenset({"founder", "since_year", "until_year"}),
    Commitment: frozenset({"name", "joined_on"}),
    Partnership: frozenset({"titles", "kind", "stage", "start_year", "signed_on"}),
}


def lock_city(city: City, by: User, at: datetime) -> City:
    """The city as it is now, held until the transaction ends; noted as changed by its people."""
    current = City.objects.select_for_update(no_key=True).get(pk=city.pk)
    require_city_editor(by, current)
    City.objects.filter(pk=city.pk).update(kept_at=at)
    return current


def refuse_changed(now: Any, seen: str) -> None:
    if seen != fingerprint(now):
        raise ChangedMeanwhile(
            _("Somebody else saved while you were writing. Both versions stand below."), now
        )


def row_to_change(rows: Any, pk: int | None) -> Any:
    """The row to change, locked; None for a new one. Raises NotPossible when it is gone."""
    if pk is None:
        return None
    row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotPossible(_("This entry was taken back meanwhile. Add it again if it is true."))
    return row


def keep(row: Any, fields: Mapping[str, Any], *, seen: str, by: User, at: datetime) -> Any:
    """Save what differs. A counting fact that changes is stated anew, and so is one that was refused."""
    new = row.pk is None
    if not new:
        refuse_changed(plain(row), seen)
    changed = {name for name, value in fields.items() if new or getattr(row, name) != value}
    for name in changed:
        setattr(row, name, fields[name])
    if isinstance(row, Stated) and (new or row.is_refused or changed & COUNTING[type(row)]):
        _restate(row, by, at)
    if new or changed:
        row.save()
    return row


def _restate(row: Stated, by: User, at: datetime) -> None:
    row.stated_at, row.stated_by = at, by
    row.verified_at, row.verified_by = None, None
    row.refused_at, row.refused_by, row.refusal = None, None, ""
