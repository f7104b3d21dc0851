"""Writing to the outbox, inside the transaction of the change that causes the message."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils.translation import override

from cooperation.notifications.models import Message

Relevance = Callable[[Mapping[str, Any]], bool]
RELEVANCE: dict[str, Relevance] = {}


def relevant_when(kind: str, check: Relevance) -> None:
    """Register the question asked just before sending: does this message still matter?"""
    RELEVANCE[kind] = check


@dataclass(frozen=True)
class Letter:
    """One message to one reader, before it is rendered.

    `template` names a text file whose first line is the subject.
    """

    key: str
    kind: str
    recipient: str
    language: str
    template: str
    context: Mapping[str, Any]
    about: Mapping[str, Any]
    expires_at: datetime | None = None


def post_all(letters: Iterable[Letter], *, at: datetime, all_new: bool = False) -> int:
    """Render and store what was not posted before, by key; return how many were new. Two queries.

    One query where they are `all_new`: their keys name what came to be in this very transaction.
    Nothing is sent here: a nudge after commit and the sweep do that.
    """
    wanted = {letter.key: letter for letter in letters}
    known = set() if all_new else set(Message.objects.filter(key__in=wanted).values_list("key", flat=True))
    new = [_message(letter, at) for key, letter in wanted.items() if key not in known]
    if new:
        Message.objects.bulk_create(new, ignore_conflicts=True)
        _nudge_after_commit()
    return len(new)


def rendered(letter: Letter) -> tuple[str, str]:
    """Subject and text of a letter as it is posted, for whoever reads it before it is."""
    return _render(letter.template, letter.context, letter.language)


def _message(letter: Letter, at: datetime) -> Message:
    subject, body = rendered(letter)
    return Message(
        key=letter.key,
        kind=letter.kind,
        recipient=letter.recipient,
        language=letter.language,
        subject=subject[:250],
        body=body,
        about=dict(letter.about),
        not_before=at,
        expires_at=letter.expires_at,
        created_at=at,
        message_id=_message_id(letter.key),
    )


def post(
    *,
    key: str,
    kind: str,
    recipient: str,
    language: str,
    template: str,
    context: Mapping[str, Any],
    about: Mapping[str, Any],
    at: datetime,
    expires_at: datetime | None = None,
) -> bool:
    """Render and store one message; True when it is new, False when its key was posted before."""
    letter = Letter(key, kind, recipient, language, template, context, about, expires_at)
    return post_all([letter], at=at) == 1


def _render(template: str, context: Mapping[str, Any], language: str) -> tuple[str, str]:
    with override(language):
        text = render_to_string(template, {**context, "SITE_URL": settings.SITE_URL})
    subject, _, body = text.strip().partition("\n")
    return " ".join(subject.split()), body.strip() + "\n"


def _message_id(key: str) -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def _nudge_after_commit() -> None:
    """One nudge a transaction, however many messages it posts."""
    if not any(hook[1] is _nudge for hook in connection.run_on_commit):
        transaction.on_commit(_nudge, robust=True)


def _nudge() -> None:
    """Ask a worker to deliver now. A broker that does not answer costs about a second, never a message."""
    # by name: the task stands above the operations
    current_app.send_task("notifications.sweep", expires=25, retry=False)
