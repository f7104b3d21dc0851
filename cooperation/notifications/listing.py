"""A reader's messages as a list: which there are, and how their mail fared in words."""

import re
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cooperation.notifications.kinds import KINDS, Topic, kind_of
from cooperation.notifications.models import Message, MessageState

# Columns that a line of the list shows; a text may be long.
SHOWN = ("kind", "subject", "action", "state", "last_error", "created_at", "read_at", "digest__state")


@dataclass(frozen=True)
class Asked:
    """What a reader wants to see: everything, or what is unread, needs action or is about a topic."""

    show: str = ""
    topic: str = ""

    @classmethod
    def read(cls, given: dict[str, str]) -> "Asked":
        """From an address; what is not known there asks for nothing."""
        show, topic = given.get("show", ""), given.get("topic", "")
        known = topic in Topic.values
        return cls(show if show in ("unread", "action") else "", topic if known else "")


def messages_of(reader_id: int, asked: Asked) -> QuerySet[Message]:
    """A reader's messages, newest first."""
    rows = Message.objects.in_inbox_of(reader_id).select_related("digest").only(*SHOWN)
    if asked.show == "unread":
        rows = rows.unread()
    if asked.show == "action":
        rows = rows.filter(action=True)
    if asked.topic == Topic.OWN:
        # a kind that nobody registered is the reader's own
        rows = rows.exclude(kind__in=[kind.name for kind in KINDS.values() if kind.optional])
    elif asked.topic:
        rows = rows.filter(kind__in=[kind.name for kind in KINDS.values() if kind.topic == asked.topic])
    return rows.order_by("-created_at", "-pk")


def topic_of(message: Message) -> Topic:
    """What a message is about."""
    return kind_of(message.kind).topic


def how_mail_fared(message: Message) -> str:
    """A sentence where the mail of a message did not simply arrive; empty where it did."""
    mail = message.digest if message.state == MessageState.DIGESTED and message.digest else message
    if mail.state == MessageState.DEAD:
        return _("The mail could not be delivered: %(reason)s") % {
            "reason": _said(mail.last_error) or _("unknown")
        }
    if mail.state == MessageState.UNCERTAIN:
        return _("The mail may not have reached you.")
    return ""


def _said(error: str) -> str:
    """What the mail server said, such as "550 no such person here", out of what was recorded of it."""
    found = re.search(r"\(?([45]\d\d),? b?['\"]?(.*?)['\"]?\)*\}?$", error)
    return f"{found[1]} {found[2]}" if found else error


def where_it_went(message: Message) -> str:
    """How the message came, in words."""
    return {
        MessageState.SENT: _("Mailed to you"),
        MessageState.SENDING: _("Being mailed"),
        MessageState.DIGESTED: _("Mailed to you together with others"),
        MessageState.PORTAL: _("In the portal only, as you chose"),
        MessageState.UNCERTAIN: _("Mailed, but it may not have reached you"),
        MessageState.DEAD: _("Not delivered by mail"),
    }.get(MessageState(message.state), "")
