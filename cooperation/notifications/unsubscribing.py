"""One press in a mail that ends this kind of mail: RFC 8058, without logging in.

The address carries its right with it: reader and topics, signed, without an end. Whoever has the mail may
press; what it does can be taken back in the portal, and the messages are still read there.
"""

from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from cooperation.accounts.models import User
from cooperation.notifications.kinds import Topic, kind_of
from cooperation.notifications.models import DIGEST, Message, Mode
from cooperation.notifications.preferring import choose_topics

SALT = "notifications.unsubscribe"
LONGEST = 300  # characters of a token


class Unreadable(Exception):
    """The token is none of ours, or its reader is gone."""


@dataclass(frozen=True)
class Ending:
    """Who would no longer be mailed, and about what."""

    reader: User
    topics: list[Topic]


def unsubscribe_path_of(message: Message) -> str:
    """Where one press ends mail like this; empty for what cannot be switched off, or has no reader."""
    topics = _topics(message)
    if message.reader_id is None or not topics:
        return ""
    token = signing.dumps([message.reader_id, topics], salt=SALT)
    with override(message.language):
        return reverse("notifications:unsubscribe", args=[token])


def _topics(message: Message) -> list[str]:
    if message.kind == DIGEST:
        return list(message.about["topics"])
    kind = kind_of(message.kind)
    return [kind.topic.value] if kind.optional else []


def read_token(token: str) -> Ending:
    """What a token says. Raises Unreadable."""
    try:
        reader_id, topics = signing.loads(token[:LONGEST], salt=SALT)
        return Ending(User.objects.get(pk=reader_id), [Topic(topic) for topic in topics])
    except (signing.BadSignature, User.DoesNotExist, ValueError, TypeError) as error:
        raise Unreadable from error


@transaction.atomic
def unsubscribe(*, ending: Ending) -> None:
    """Keep messages of these topics in the portal only, also those that wait. Twice is the same as once."""
    choose_topics(reader=ending.reader, modes=dict.fromkeys(ending.topics, Mode.PORTAL))
