"""Writing to the outbox, inside the transaction of the change that causes the message."""

import hashlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.db import connection, transaction

from cooperation.accounts.models import User
from cooperation.notifications.kinds import kind_of
from cooperation.notifications.models import Message
from cooperation.notifications.rendering import render
from cooperation.notifications.timing import Choices, choices_for, not_before, state_for

PAUSE_AFTER_REFUSAL = 30.0  # seconds without a nudge after the broker did not take one
logger = structlog.get_logger("portal.outbox")


@dataclass(frozen=True)
class Letter:
    """One message to one reader, before it is rendered.

    `template` names a text file whose first line is the subject. `reader` is the person whose inbox shows it,
    None for an address without an account. `path` is where it leads and `action` says that something waits
    for the reader by a date: where they are not given, the template says both (`rendering.Words`).
    `unsubscribe_path` is for what has an ending of its own, such as one saved search.
    """

    key: str
    kind: str
    recipient: str
    language: str
    template: str
    context: Mapping[str, Any]
    about: Mapping[str, Any]
    expires_at: datetime | None = None
    reader: User | None = None
    path: str = ""
    action: bool = False
    unsubscribe_path: str = ""


def post_all(letters: Iterable[Letter], *, at: datetime, all_new: bool = False) -> int:
    """Render and store what was not posted before, by key; return how many were new.

    Of two that post a key in the same moment one is stored, and both count it.
    Two queries, one where the letters are `all_new` (their keys name what came to be in this very
    transaction), and one more where a kind leaves the reader a choice. Nothing is sent here: a nudge after
    commit and the sweep do that.
    """
    wanted = {letter.key: letter for letter in letters}
    known = set() if all_new else set(Message.objects.filter(key__in=wanted).values_list("key", flat=True))
    new = [letter for key, letter in wanted.items() if key not in known]
    if new:
        choices = choices_for(new)
        Message.objects.bulk_create([_message(row, at, choices) for row in new], ignore_conflicts=True)
        nudge_after_commit()
    return len(new)


def rendered(letter: Letter) -> tuple[str, str, str]:
    """Subject, text and HTML of a letter as it is posted, for whoever reads it before it is."""
    words = render(letter.template, letter.context, letter.language)
    return words.subject, words.body, words.html


def _message(letter: Letter, at: datetime, choices: Choices) -> Message:
    words = render(letter.template, letter.context, letter.language)
    kind = kind_of(letter.kind)
    return Message(
        key=letter.key,
        kind=letter.kind,
        recipient=letter.recipient,
        reader=letter.reader,
        language=letter.language,
        subject=words.subject,
        body=words.body,
        html=words.html,
        path=letter.path or words.path,
        action=letter.action or words.action,
        unsubscribe_path=letter.unsubscribe_path,
        about=dict(letter.about),
        state=state_for(kind, letter.reader, choices),
        not_before=not_before(kind, letter.reader, at, letter.expires_at, choices),
        expires_at=letter.expires_at,
        created_at=at,
        message_id=message_id(letter.key),
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
    reader: User | None = None,
    path: str = "",
    action: bool = False,
) -> bool:
    """Render and store one message; True when it is new, False when its key was posted before."""
    letter = Letter(
        key, kind, recipient, language, template, context, about, expires_at, reader, path, action
    )
    return post_all([letter], at=at) == 1


def message_id(key: str) -> str:
    """The Message-ID of a message: the same key always has the same one."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{mail_domain()}>"


def mail_domain() -> str:
    """The domain of the portal's own address."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def nudge_after_commit() -> None:
    """One nudge a transaction, however many messages it posts."""
    if not any(hook[1] is _nudge for hook in connection.run_on_commit):
        transaction.on_commit(_nudge, robust=True)


def _nudge() -> None:
    """Ask a worker to deliver now; a message never depends on it.

    A broker that does not answer costs about a second, so after a failure this process asks nobody for a
    while: the sweep delivers.
    """
    global _asked_again_at
    if time.monotonic() < _asked_again_at:
        return
    try:
        # By name: the task stands above the operations. Without an end: a worker whose clock is ahead of
        # ours would do nothing, and a sweep that finds nothing is cheap.
        current_app.send_task("notifications.sweep", retry=False)
    except Exception as error:
        _asked_again_at = time.monotonic() + PAUSE_AFTER_REFUSAL
        logger.warning("worker not asked", error=type(error).__name__)


_asked_again_at = 0.0
