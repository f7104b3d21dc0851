"""Does a copy in somebody's hands agree with what was received? Nothing else is told to anybody."""

import hashlib
from dataclasses import dataclass

from django.db.models import Q

from calls.models import Snapshot
from calls.queries.deadlines import UTC
from calls.queries.receipts import Moment, moments

DIGITS = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Match:
    """The submission that a fingerprint belongs to; `newest` is the number of the last one received."""

    sha256: str
    reference: str
    lead: str
    number: int
    newest: int
    received: list[Moment]

    @property
    def replaced(self) -> bool:
        return self.newest > self.number


def fingerprint_in(text: str) -> str | None:
    """The 64 signs in what was typed, its blanks and case ignored; None when it is no SHA-256."""
    signs = "".join(text.split()).lower()
    return signs if len(signs) == 64 and DIGITS.issuperset(signs) else None


def fingerprint_of(data: bytes) -> str:
    """The fingerprint of a file's bytes."""
    return hashlib.sha256(data).hexdigest()


def find_submission(sha256: str) -> Match | None:
    """The submission whose sealed copy or PDF has this fingerprint; in two queries."""
    rows = Snapshot.objects.filter(Q(sha256=sha256) | Q(printout__sha256=sha256))
    found = rows.select_related("application__call", "application__lead").order_by("pk").first()
    if found is None:
        return None
    application = found.application
    newest = application.snapshots.order_by("-number").values_list("number", flat=True)[:1]
    zones = dict.fromkeys([application.call.zone, UTC])
    return Match(
        sha256=found.sha256,
        reference=application.reference,
        lead=application.lead.name,
        number=found.number,
        newest=newest.get(),
        received=moments(found.received_at, [(zone, "") for zone in zones]),
    )
