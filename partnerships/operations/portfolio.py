"""A city's own people keep its page: what they state stands there at once, and counts once staff verify it.

Every change is given `seen`, the fingerprint of what its page showed; one that changed since is not
overwritten. Changes of one city wait for each other.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from cooperation.accounts.models import User
from partnerships.models import (
    City,
    Commitment,
    Exchange,
    NetworkMembership,
    Office,
    Partnership,
    PopulationStatement,
    Theme,
)
from partnerships.models.partnership import MemberRole
from partnerships.models.stated import Stated
from partnerships.operations.cities import state_interests
from partnerships.operations.founding import Party, free_slug, seat
from partnerships.operations.keeping import keep, lock_city, refuse_changed, row_to_change
from partnerships.operations.refusals import NotPossible
from partnerships.queries.editing import interests_of, plain

SOURCE = "The city's own page"


@transaction.atomic
def describe(*, city: City, fields: Mapping[str, Any], seen: str, by: User, at: datetime) -> City:
    """Change the description, the website and the counts that the city states without proof."""
    current = lock_city(city, by, at)
    refuse_changed(plain(current), seen)
    for name, value in fields.items():
        setattr(current, name, value)
    current.kept_at = at
    current.save(update_fields=[*fields, "kept_at", "search_text"])
    return current


@transaction.atomic
def choose_interests(
    *, city: City, learn: Iterable[str], teach: Iterable[str], seen: str, by: User, at: datetime
) -> None:
    """What the city wants to learn and can teach, by theme. Raises NotPossible for an unknown theme."""
    current = lock_city(city, by, at)
    refuse_changed(interests_of(current), seen)
    learn, teach = list(learn), list(teach)
    wanted = {*learn, *teach}
    if Theme.objects.filter(slug__in=wanted).count() != len(wanted):
        raise NotPossible(_("One of these themes no longer exists. Choose again."))
    state_interests(city=current, learn=learn, teach=teach)


@transaction.atomic
def state_population(
    *, city: City, population: int, year: int, source: str, by: User, at: datetime
) -> PopulationStatement:
    """State the number of inhabitants. An earlier statement that nobody has looked at is replaced."""
    current = lock_city(city, by, at)
    current.population_statements.to_verify().delete()
    return PopulationStatement.objects.create(
        city=current, population=population, year=year, source=source, stated_at=at, stated_by=by
    )


@transaction.atomic
def state_membership(
    *, city: City, fields: Mapping[str, Any], by: User, at: datetime, pk: int | None = None, seen: str = ""
) -> NetworkMembership:
    """State that the city belongs to a network, or change since when. Once for each network."""
    current = lock_city(city, by, at)
    row = row_to_change(NetworkMembership.objects.filter(city=current), pk) or NetworkMembership(
        city=current, basis=SOURCE
    )
    others = current.network_memberships.exclude(pk=row.pk).select_related("network")
    if other := others.filter(network=fields["network_id"]).first():
        raise NotPossible(
            _("%(city)s is listed in %(network)s already. Change that entry.")
            % {"city": current, "network": other.network}
        )
    return keep(row, fields, seen=seen, by=by, at=at)


@transaction.atomic
def state_office(
    *,
    membership: NetworkMembership,
    fields: Mapping[str, Any],
    by: User,
    at: datetime,
    pk: int | None = None,
    seen: str = "",
) -> Office:
    """State an office that the city holds or held in a network."""
    lock_city(membership.city, by, at)
    row = row_to_change(membership.offices.all(), pk) or Office(membership=membership)
    return keep(row, fields, seen=seen, by=by, at=at)


@transaction.atomic
def state_commitment(
    *, city: City, fields: Mapping[str, Any], by: User, at: datetime, pk: int | None = None, seen: str = ""
) -> Commitment:
    """State a commitment of the city, or change what is said of it. Each is listed once."""
    current = lock_city(city, by, at)
    row = row_to_change(Commitment.objects.filter(city=current), pk) or Commitment(city=current)
    if current.commitments.exclude(pk=row.pk).filter(name__iexact=fields["name"]).exists():
        raise NotPossible(_("%(name)s is listed already. Change that entry.") % {"name": fields["name"]})
    return keep(row, fields, seen=seen, by=by, at=at)


@transaction.atomic
def state_exchange(
    *, city: City, fields: Mapping[str, Any], by: User, at: datetime, pk: int | None = None, seen: str = ""
) -> Exchange:
    """State people sent to learn or received to teach."""
    current = lock_city(city, by, at)
    row = row_to_change(Exchange.objects.filter(city=current), pk) or Exchange(city=current)
    return keep(row, fields, seen=seen, by=by, at=at)


@transaction.atomic
def state_agreement(
    *,
    city: City,
    fields: Mapping[str, Any],
    by: User,
    at: datetime,
    partner: City | None = None,
    partner_name: str = "",
    pk: int | None = None,
    seen: str = "",
) -> Partnership:
    """State an agreement or a twinning made outside this portal; `partner` is a city, else a name.

    It stands on the city's own page, and in the partner's and every list once staff have verified it.
    """
    current = lock_city(city, by, at)
    if partner is not None and partner.pk == current.pk:
        raise NotPossible(_("A city makes no agreement with itself. Name the other city."))
    row = row_to_change(current.stated_partnerships.all(), pk)
    if row is not None:
        return keep(row, fields, seen=seen, by=by, at=at)
    other = partner.name if partner else partner_name
    row = Partnership(slug=free_slug(f"{current.name} {other} {fields['kind']}"), source=SOURCE)
    row.stated_city = current
    keep(row, fields, seen="", by=by, at=at)
    seat(
        row,
        [
            Party(MemberRole.PARTNER, city=current),
            Party(MemberRole.PARTNER, city=partner, display_name="" if partner else partner_name),
        ],
    )
    return row


@transaction.atomic
def take_back(*, row: Model, city: City, by: User, at: datetime) -> None:
    """Remove what the city stated. What staff verified stays: it ends, or is corrected, but is not unsaid."""
    current = lock_city(city, by, at)
    kept = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if kept is None:
        return
    if isinstance(kept, Stated) and kept.is_verified:
        raise NotPossible(_("This is verified and stays on record. Change it, or say when it ended."))
    if isinstance(kept, Partnership) and kept.stated_city_id != current.pk:
        raise NotPossible(_("Another city stated this."))
    try:
        with transaction.atomic():
            kept.delete()
    except ProtectedError as error:
        raise NotPossible(_("Work has begun on this, so it stays. Say when it ended instead.")) from error
