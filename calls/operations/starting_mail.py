"""The way back to a new draft, by mail, to the person who started it."""

from datetime import datetime

from django.utils.translation import override

from calls.models import Application
from calls.queries.receipts import deadline_clocks
from cooperation.accounts.models import User
from cooperation.notifications.operations import post


def post_way_back(application: Application, *, by: User, at: datetime) -> bool:
    """One message for each draft; the outbox sends it after the commit. True when it is new."""
    with override(by.language):
        clocks = deadline_clocks(application, by)
    return post(
        key=f"draft_started:{application.pk}",
        kind="draft_started",
        reader=by,
        recipient=by.email,
        language=by.language,
        template="calls/mail/draft_started.txt",
        context={"application": application, "call": application.call, "reader": by, "clocks": clocks},
        about={"application": application.pk},
        at=at,
        expires_at=application.closes_at,
    )
