"""Recording what cities already share: networks, offices, commitments, partnerships, exchanges of people.

Founding is for what begins in this portal; recording is for what happened elsewhere and has a source.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from cooperation.accounts.access import require_staff
from cooperation.accounts.models import User
from partnerships.models import (
    City,
    Commitment,
    Exchange,
    Network,
    NetworkMembership,
    Office,
    Partnership,
    Report,
    Theme,
)
from partnerships.models.partnership import PartnershipKind, Stage
from partnerships.operations.founding import Party, free_slug, seat


@transaction.atomic
def record_theme(*, slug: str, names: Mapping[str, str], sdgs: Sequence[int], by: User) -> Theme:
    """Add a theme, or rename a known one. `sdgs` are the numbers of the goals it serves, 1 to 17."""
    require_staff(by)
    theme, _created = Theme.objects.update_or_create(
        slug=slug, defaults={"names": dict(names), "sdgs": list(sdgs)}
    )
    return theme


@transaction.atomic
def record_network(
    *, slug: str, name: str, short_name: str, by: User, founded_year: int | None = None, website: str = ""
) -> Network:
    """Add a network of cities."""
    require_staff(by)
    return Network.objects.create(
        slug=slug, name=name, short_name=short_name, founded_year=founded_year, website=website
    )


@transaction.atomic
def record_network_member(
    *,
    network: Network,
    city: City,
    by: User,
    founder: bool = False,
    since_year: int | None = None,
    basis: str = "",
) -> NetworkMembership:
    """Record that a city belongs to a network and how this is known; known members stay as they are."""
    require_staff(by)
    membership, _created = NetworkMembership.objects.get_or_create(
        network=network,
        city=city,
        defaults={"founder": founder, "since_year": since_year, "basis": basis},
    )
    return membership


@transaction.atomic
def record_office(
    *,
    membership: NetworkMembership,
    titles: Mapping[str, str],
    since_year: int,
    by: User,
    until_year: int | None = None,
) -> Office:
    """Record an office that a member city holds or held."""
    require_staff(by)
    return Office.objects.create(
        membership=membership, titles=dict(titles), since_year=since_year, until_year=until_year
    )


@transaction.atomic
def record_commitment(
    *, city: City, fields: Mapping[str, Any], reports: Iterable[Mapping[str, Any]], by: User
) -> Commitment:
    """Record a commitment with its reports, both given as model fields."""
    require_staff(by)
    commitment = Commitment.objects.create(city=city, **fields)
    Report.objects.bulk_create(Report(commitment=commitment, **report) for report in reports)
    return commitment


@transaction.atomic
def record_partnership(
    *,
    titles: Mapping[str, str],
    kind: PartnershipKind,
    stage: Stage,
    parties: Sequence[Party],
    source: str,
    by: User,
    slug: str = "",
    fields: Mapping[str, Any] | None = None,
    themes: Iterable[str] = (),
) -> Partnership:
    """Record a partnership that exists outside this portal.

    `fields` are further model fields, such as years, funder and summaries; `themes` are slugs.
    Raises ValueError without a party or without a source.
    """
    require_staff(by)
    if not parties:
        raise ValueError("a partnership has at least one party")
    if not source.strip():
        raise ValueError("a recorded partnership names its source")
    partnership = Partnership.objects.create(
        slug=free_slug(slug or next(iter(titles.values()))),
        titles=dict(titles),
        kind=kind,
        stage=stage,
        source=source,
        **(fields or {}),
    )
    partnership.themes.set(Theme.objects.filter(slug__in=list(themes)))
    seat(partnership, parties)
    return partnership


@transaction.atomic
def complete_partnership(*, partnership: Partnership, end_year: int, by: User) -> Partnership:
    """Record that a partnership has come to its end. Raises ValueError for a year before its start."""
    require_staff(by)
    current = Partnership.objects.select_for_update().get(pk=partnership.pk)
    if current.start_year and end_year < current.start_year:
        raise ValueError("the end lies before the start")
    current.stage, current.end_year = Stage.COMPLETED, end_year
    current.save(update_fields=["stage", "end_year"])
    return current


@transaction.atomic
def record_exchange(*, city: City, fields: Mapping[str, Any], by: User) -> Exchange:
    """Record people sent to learn or received to teach, given as model fields."""
    require_staff(by)
    return Exchange.objects.create(city=city, **fields)


@transaction.atomic
def describe_city(*, city: City, by: User, **fields: Any) -> City:
    """Correct what is known of a city, such as its population with year and source."""
    require_staff(by)
    for name, value in fields.items():
        setattr(city, name, value)
    city.save(update_fields=[*fields, "search_text"])
    return city
