"""What a form sent, as it was sent, for a page that offers to send it again."""

import re
from dataclasses import dataclass

from django.http import HttpRequest, RawPostDataException, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

# A page never shows these, nor sends them on: who logs in begins again.
SECRET = re.compile(r"password|^code$")


@dataclass(frozen=True)
class Typed:
    """The fields in their order, the texts among them that a person wrote, and whether files came along."""

    fields: list[tuple[str, str]]
    texts: list[str]
    had_files: bool


def typed_in(request: HttpRequest) -> Typed | None:
    """What was sent; None where it cannot be read, held a secret, or was no form."""
    try:
        posted, files = request.POST, request.FILES
    except (OSError, MultiPartParserError, RawPostDataException, UnreadablePostError, ValueError):
        return None
    fields = [(name, value) for name, values in posted.lists() for value in values]
    if not fields or any(SECRET.search(name.lower()) for name, _value in fields):
        return None
    return Typed(fields, [value for _name, value in fields if _is_text(value)], bool(files))


def _is_text(value: str) -> bool:
    """Words, not the names and numbers that a form carries along."""
    return len(value.split()) > 1
