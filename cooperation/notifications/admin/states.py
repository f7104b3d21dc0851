"""The state of a message as a dot and a word, and its life as a list of instants."""

from datetime import datetime
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cooperation.notifications.models import Message, MessageState
from cooperation.web.templatetags.portal import state

LOOKS = {
    MessageState.WAITING: "progress",
    MessageState.HELD: "looked",
    MessageState.SENDING: "progress",
    MessageState.SENT: "success",
    MessageState.DIGESTED: "success",
    MessageState.PORTAL: "looked",
    MessageState.UNCERTAIN: "attention",
    MessageState.LAPSED: "closed",
    MessageState.DEAD: "error",
    MessageState.CANCELLED: "closed",
}


class Step(NamedTuple):
    """Something that happened to a message, or will."""

    words: str
    at: datetime
    hint: str = ""


def state_shown(message: Message) -> SafeString:
    """A dot and the state's word."""
    known = MessageState(message.state)
    return state(LOOKS[known], capfirst(str(known.label)))


def life_of(message: Message) -> list[Step]:
    """What happened when, in order; what is still to come last."""
    waits = message.state in (MessageState.WAITING, MessageState.HELD)
    past = [
        (_("Posted"), message.created_at, ""),
        (_("Handed to the mail server"), message.handed_at, ""),
        (_("Sent"), message.sent_at, ""),
        (_("Read in the portal"), message.read_at, ""),
        (_("Tried again"), message.retried_at, str(message.retried_by or "")),
        (_("Called off"), message.cancelled_at, f"{message.cancelled_by}: {message.cancel_reason}"),
    ]
    steps = sorted((Step(words, at, hint) for words, at, hint in past if at), key=lambda step: step.at)
    if waits:
        steps.append(Step(_("Leaves, at the earliest"), message.not_before))
    if message.expires_at:
        steps.append(Step(_("Lapses where it has not left by"), message.expires_at))
    return steps
