"""What staff do not read of a message: texts that are not theirs, and the secrets of links."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from cooperation.notifications.models import DIGEST, Message

# Why the text of a message stays closed to a person of staff, by its `about`; an empty sentence: it does not.
Closed = Callable[[Mapping[str, Any], Any], str]
CLOSED: list[Closed] = []
# A part of an address as long as the secrets of links: it opens a page for its recipient, not for staff.
SECRET = re.compile(r"(?<=/)[\w:-]{43,}(?=/)", re.ASCII)


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


def without_secrets(text: str) -> str:
    """Words or HTML without the secrets in their addresses."""
    return SECRET.sub("…", text)
