"""Writing to the outbox, inside the transaction of the change that causes the message."""

import hashlib
from collections.abc import Callable, Mapping
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
    """Render and store one message; True when it is new, False when its key was posted before.

    `template` names a text file whose first line is the subject. Nothing is sent here: a nudge after
    commit and the sweep do that.
    """
    subject, body = _render(template, context, language)
    row = Message(
        key=key,
        kind=kind,
        recipient=recipient,
        language=language,
        subject=subject[:250],
        body=body,
        about=dict(about),
        not_before=at,
        expires_at=expires_at,
        created_at=at,
        message_id=_message_id(key),
    )
    known = Message.objects.filter(key=key).exists()
    if not known:
        Message.objects.bulk_create([row], ignore_conflicts=True)
        _nudge_after_commit()
    return not known


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
