"""Messages about applications, in each reader's language, through the outbox."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import override

from calls.models import Application
from calls.queries.receipts import deadline_clocks
from cooperation.accounts.models import User
from cooperation.notifications.operations import post
from partnerships.models import Membership
from partnerships.models.organisation import WRITERS


def readers_of(application: Application) -> list[User]:
    """The verified officers and approvers of the lead organisation."""
    memberships = Membership.objects.verified().filter(
        organisation=application.lead, role__in=WRITERS, user__is_active=True
    )
    return [membership.user for membership in memberships.select_related("user").order_by("user_id")]


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
    posted = 0
    for reader in readers_of(application):
        with override(reader.language):
            clocks = deadline_clocks(application, reader)
            words = context(reader) if callable(context) else context
        posted += post(
            key=f"{kind}:{application.pk}:{cause or application.version}:{reader.pk}",
            kind=kind,
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
            at=at,
            expires_at=expires_at,
        )
    return posted


def _deadline(application: Application) -> dict[str, str | None]:
    closes_at = application.call.closes_at
    return {"closes_at": closes_at.isoformat() if closes_at else None}
