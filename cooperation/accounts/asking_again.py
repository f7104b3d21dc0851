"""Which pages ask again who is there, when the last proof is older than settings.PROOF_MINUTES.

The apps name their own: decisions, publishing, and whatever takes applications out of the portal.
"""

from django.http import HttpRequest

SENDING = frozenset({"POST"})
READING = frozenset({"GET", "HEAD", "POST"})
# Of everybody, not of staff alone.
OWN_AFFAIRS = ("account_set_password",)
ASKED: dict[str, frozenset[str]] = {}


def ask_again_before(*names: str, reading: bool = False) -> None:
    """Let these pages, by URL name, ask again before something is sent to them; `reading`: on GET, too."""
    ASKED.update(dict.fromkeys(names, READING if reading else SENDING))


def asks_again(request: HttpRequest) -> bool:
    """Whether this request is one of those."""
    match = request.resolver_match
    return match is not None and request.method in ASKED.get(match.view_name, frozenset())
