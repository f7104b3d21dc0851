"""What staff do not read of a message: texts that are not theirs."""

from collections.abc import Callable, Mapping
from typing import Any

from cooperation.notifications.models import DIGEST, Message

# Why the text of a message stays closed to a person of staff, by its `about`; an empty sentence: it does not.
Closed = Callable[[Mapping[str, Any], Any], str]
CLOSED: list[Closed] = []


def closed_when(check: Closed) -> None:
    """Register the question why somebody does not read the text of a message."""
    CLOSED.append(check)


def why_closed(message: Message, user: Any) -> str:
    """Why this person does not read the text, empty where they may; a digest is closed with any part."""
    abouts = [message.about]
    if message.kind == DIGEST:
        abouts += Message.objects.filter(pk__in=message.about["parts"]).values_list("about", flat=True)
    reasons = (check(about, user) for about in abouts for check in CLOSED)
    return " ".join(dict.fromkeys(filter(None, reasons)))
