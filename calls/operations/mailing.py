"""Messages about applications, in each reader's language, through the outbox."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import override

from calls.models import Application, PartnerInvitation, TeamMember
from calls.models.team import EDITORS
from calls.queries.receipts import deadline_clocks
from cooperation.accounts.models import User
from cooperation.notifications.operations import Letter, post_all
from partnerships.models import Membership
from partnerships.models.organisation import WRITERS


def readers_of(application: Application) -> list[User]:
    """Who is told: the lead's verified officers and approvers, and the team that writes."""
    members = Membership.objects.verified().filter(organisation=application.lead, role__in=WRITERS)
    team = application.team.active().filter(role__in=EDITORS)
    told = Q(pk__in=members.values("user")) | Q(pk__in=team.values("user"))
    return list(User.objects.filter(told, is_active=True).order_by("pk"))


def told_of(reader_id: int) -> Q:
    """The applications of which one reader is told, as a condition on them."""
    members = Membership.objects.verified().filter(user=reader_id, role__in=WRITERS)
    team = TeamMember.objects.active().filter(user=reader_id, role__in=EDITORS)
    return Q(lead__in=members.values("organisation")) | Q(pk__in=team.values("application"))


def post_to_lead(
    application: Application,
    *,
    kind: str,
    at: datetime,
    context: Mapping[str, Any] | Callable[[User], Mapping[str, Any]],
    cause: str = "",
    expires_at: datetime | None = None,
) -> int:
    """Post one message of a kind to each reader of the lead; return how many were new.

    A `context` that holds words is a function of the reader, called in the reader's language.
    `cause` tells messages of one kind apart, such as the submission's number or the deadline's revision.
    """
    letters = letters_to_lead(application, kind=kind, context=context, cause=cause, expires_at=expires_at)
    return post_all(letters, at=at)


def letters_to_lead(
    application: Application,
    *,
    kind: str,
    context: Mapping[str, Any] | Callable[[User], Mapping[str, Any]],
    cause: str = "",
    expires_at: datetime | None = None,
) -> Iterator[Letter]:
    """The messages that `post_to_lead` posts, for who posts others with them."""
    for reader in readers_of(application):
        yield letter_to_reader(
            application, reader, kind=kind, context=context, cause=cause, expires_at=expires_at
        )


def letter_to_reader(
    application: Application,
    reader: User,
    *,
    kind: str,
    context: Mapping[str, Any] | Callable[[User], Mapping[str, Any]],
    cause: str = "",
    expires_at: datetime | None = None,
) -> Letter:
    """The message of a kind to one reader of the lead."""
    with override(reader.language):
        clocks = deadline_clocks(application, reader)
        words = context(reader) if callable(context) else context
    return Letter(
        key=f"{kind}:{application.pk}:{cause or application.version}:{reader.pk}",
        kind=kind,
        reader=reader,
        recipient=reader.email,
        language=reader.language,
        template=f"calls/mail/{kind}.txt",
        context={
            "application": application,
            "call": application.call,
            "reader": reader,
            "clocks": clocks,
            **words,
        },
        about={"application": application.pk, **_deadline(application)},
        expires_at=expires_at,
    )


def letters_to_partners(
    application: Application,
    *,
    kind: str,
    invitations: Iterable[PartnerInvitation],
    context: Callable[[PartnerInvitation], Mapping[str, Any]],
    cause: str,
) -> Iterator[Letter]:
    """One message of a kind for each invitation, in its language."""
    for row in invitations:
        with override(row.language):
            words = context(row)
        yield Letter(
            key=f"{kind}:{application.pk}:{cause}:i{row.pk}",
            kind=kind,
            recipient=row.email,
            language=row.language,
            template=f"calls/mail/{kind}.txt",
            context={"application": application, "call": application.call, "invitation": row, **words},
            about={"application": application.pk},
        )


def _deadline(application: Application) -> dict[str, str | None]:
    closes_at = application.closes_at
    return {"closes_at": closes_at.isoformat() if closes_at else None}
