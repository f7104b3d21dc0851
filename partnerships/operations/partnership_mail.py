"""Messages to the people of a partnership's members, in each reader's language, through the outbox."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from cooperation.accounts.models import User
from cooperation.notifications.operations import Letter, post_all
from partnerships.models import City, Member, Membership, Organisation, Partnership
from partnerships.models.organisation import APPLYING, WRITERS


def people_of(cities: Iterable[City | int], organisations: Iterable[Organisation | int]) -> list[User]:
    """The verified officers and approvers of these cities and organisations."""
    rows = Membership.objects.verified().filter(role__in=WRITERS, user__is_active=True)
    standing = Q(organisation__city__in=list(cities), organisation__kind__in=APPLYING)
    told = rows.filter(standing | Q(organisation__in=list(organisations)))
    return list(User.objects.filter(pk__in=told.values("user")).order_by("pk"))


def people_of_members(members: Iterable[Member]) -> list[User]:
    """Those of some members of a partnership."""
    rows = list(members)
    return people_of(
        [row.city_id for row in rows if row.city_id],
        [row.organisation_id for row in rows if row.organisation_id],
    )


def post_to_members(
    partnership: Partnership,
    *,
    kind: str,
    cause: str,
    at: datetime,
    context: Mapping[str, Any],
    members: Iterable[Member] | None = None,
    about: Mapping[str, Any] | None = None,
) -> int:
    """Post one message of a kind to the people of all members, or of some; return how many were new.

    `cause` tells messages of one kind apart: the same cause is mailed once.
    """
    told = partnership.members.present() if members is None else members
    readers = people_of_members(told)
    return post_all(letters_to(readers, partnership, kind, cause, context, about or {}), at=at)


def letters_to(
    readers: Iterable[User],
    partnership: Partnership,
    kind: str,
    cause: str,
    context: Mapping[str, Any],
    about: Mapping[str, Any],
) -> Iterator[Letter]:
    """One letter to each reader."""
    for reader in readers:
        yield Letter(
            key=f"partnership_{kind}:{partnership.pk}:{cause}:{reader.pk}",
            kind=f"partnership_{kind}",
            reader=reader,
            recipient=reader.email,
            language=reader.language,
            template=f"partnerships/mail/{kind}.txt",
            context={"partnership": partnership, "reader": reader, **context},
            about={"partnership": partnership.pk, **about},
        )
