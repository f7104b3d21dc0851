"""One mail that holds several messages of a reader.

It is a message of the outbox like any other. Its parts are settled in the transaction that posts it: each
says which mail it went into, and is listed in the reader's inbox by itself.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.urls import reverse
from django.utils.translation import override

from cooperation.accounts.models import User
from cooperation.notifications.kinds import Kind, Topic, kind_of, register_kind
from cooperation.notifications.models import DIGEST, Message, MessageState
from cooperation.notifications.operations import Letter, post_all
from cooperation.notifications.preparing import Pointless, prepare

MOST_PARTS = 100  # a mail; what is beyond comes with the next
PREPARED = ["state", "subject", "body", "html", "path", "action"]
TEMPLATE = "notifications/mail/digest.txt"
logger = structlog.get_logger("portal.outbox")


def still_matters(message: Message, at: datetime) -> bool:
    """Ask a message again, and word it, before it becomes a part; if not, its state says what it is now.

    One that cannot be asked or worded waits for the delivery, which counts its attempts and shows its error.
    """
    try:
        with transaction.atomic():
            prepare(message, at)
    except Pointless:
        message.state = MessageState.LAPSED
        return False
    except (OperationalError, InterfaceError):
        raise  # the database's fault, and not this message's
    except Exception as error:
        logger.warning("not worded for a digest", message=message.pk, error=type(error).__name__)
        message.state = MessageState.WAITING
        return False
    if not message.subject:
        message.state = MessageState.WAITING
    return bool(message.subject)


def post_digest(
    *, key: str, reader: User, parts: Iterable[Message], at: datetime, not_before: datetime
) -> None:
    """Post the mail of these worded messages, what needs action first, and settle each as a part of it.

    Inside the transaction that has locked the parts. Raises ValueError for a key that was posted before.
    """
    rows = sorted(parts, key=lambda row: (not row.action, row.created_at, row.pk))
    if post_all([_letter(key, reader, rows)], at=at) != 1:
        raise ValueError(f"{key} was posted before")
    digest = Message.objects.get(key=key)
    digest.not_before = not_before
    digest.save(update_fields=["not_before"])
    for row in rows:
        row.state, row.digest = MessageState.DIGESTED, digest
    Message.objects.bulk_update(rows, [*PREPARED, "digest"])


def _letter(key: str, reader: User, rows: list[Message]) -> Letter:
    with override(reader.language):
        inbox, choices = reverse("notifications:inbox"), reverse("notifications:preferences")
        shown = [_shown(row) for row in rows]
    topics = {kind_of(row.kind).topic for row in rows}
    action = any(row.action for row in rows)
    return Letter(
        key=key,
        kind=DIGEST,
        recipient=reader.email,
        language=reader.language,
        template=TEMPLATE,
        context={
            "shown": shown,
            "more": len(rows) - 1,
            "inbox": inbox,
            "choices": choices,
            "action": action,
        },
        about={"parts": [row.pk for row in rows], "topics": sorted(topic.value for topic in topics)},
        reader=reader,
        path=inbox,
        action=action,
    )


def _shown(row: Message) -> dict[str, Any]:
    """A part in the mail: its subject, the fact that its text begins with, and where it leads."""
    fact = row.body.partition("\n")[0].strip()
    path = row.path or reverse("notifications:message", args=[row.pk])
    return {"subject": row.subject, "action": row.action, "path": path, "fact": fact}


def digest_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """A digest matters while one of its parts does."""
    parts = Message.objects.filter(pk__in=about["parts"]).select_related("reader")
    return any(_matters(part, at) for part in parts)


def _matters(part: Message, at: datetime) -> bool:
    try:
        prepare(part, at)
    except Pointless:
        return False
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # asked before, and one part keeps back no others
        logger.warning("a part of a digest not asked", message=part.pk, error=type(error).__name__)
    return True


def register() -> None:
    """Add the kind of a digest. Its parts are optional, one by one; it is not."""
    register_kind(Kind(DIGEST, Topic.OWN, matters=digest_matters))
