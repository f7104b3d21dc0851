"""The decisions of one round on one page: what waits for whom, as counts, a sentence and lists."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import Application, Call, Decision
from calls.queries.blinding import in_conflict, word_conflict
from calls.queries.decisions import (
    decisions_of,
    fingerprint_of,
    freed_places,
    open_decisions,
    sent_back,
    to_answer,
    to_publish,
    without_recommendation,
)
from calls.queries.listed import Listed, in_order, listed, tally
from calls.queries.reserve_line import InLine, next_for, reserve_line
from cooperation.accounts.models import User


@dataclass(frozen=True)
class Row:
    """An outcome that waits, with the reason why this reader cannot approve it; empty when they can.

    `line`: where the list that it was taken from puts it; None for one of its own, or hidden from the reader.
    """

    decision: Decision
    why_not: str
    line: Listed | None


@dataclass(frozen=True)
class Freed:
    """A declined place, and who is next for it."""

    decision: Decision
    next: Application | None


@dataclass(frozen=True)
class Round:
    """Where the decisions of a call stand for one reader."""

    open: list[Row]
    approved: list[Row]
    returned: list[Decision]
    answers: list[tuple[Decision, bool]]
    published: list[Decision]
    reserve: list[InLine]
    freed: list[Freed]
    missing: int
    seen: str
    seen_approved: str

    @property
    def unrecommended(self) -> int:
        return self.missing + len(self.returned)

    @property
    def mine_to_approve(self) -> int:
        return sum(not row.why_not for row in self.open)

    @property
    def open_tally(self) -> list[tuple[str, str, int]]:
        return tally([row.decision for row in self.open])

    @property
    def approved_tally(self) -> list[tuple[str, str, int]]:
        return tally([row.decision for row in self.approved])

    @property
    def list_numbers(self) -> list[int]:
        """The computed lists that what waits was taken from."""
        return sorted({row.line.number for row in (*self.open, *self.approved) if row.line})

    @property
    def waiting(self) -> int:
        """Outcomes that publishing now would leave out."""
        return len(self.open) + self.unrecommended


def round_of(call: Call, reader: User, at: datetime) -> Round:
    """In a fixed number of queries for each declined place, and for everything else together."""
    decides = reader.has_perm("calls.decide_application")
    hidden = in_conflict(reader, "application")
    rows: list[Any] = list(open_decisions(call).annotate(hidden=hidden))
    approved: list[Any] = list(to_publish(call).annotate(hidden=hidden))
    lines = listed([row for row in (*rows, *approved) if not row.hidden])
    returned: list[Decision] = [*sent_back(call).annotate(hidden=hidden)]
    known = {row.application_id for row in returned}
    missing = without_recommendation(call).exclude(pk__in=known).count()
    return Round(
        open=[
            Row(row, why_not_approve(reader, row, decides=decides, hidden=row.hidden), line)
            for row, line in in_order(rows, lines)
        ],
        approved=[Row(row, "", line) for row, line in in_order(approved, lines)],
        returned=returned,
        answers=[(row, _passed(row, at)) for row in to_answer(call).order_by("acceptance_due_at", "pk")],
        published=list(decisions_of(call).published()),
        reserve=reserve_line(call),
        freed=[Freed(row, next_for(row)) for row in freed_places(call)],
        missing=missing,
        seen=fingerprint_of(rows),
        seen_approved=fingerprint_of(approved),
    )


def why_not_approve(user: User, decision: Decision, *, decides: bool = True, hidden: bool = False) -> str:
    """Why this person cannot approve, as a sentence; empty when they can.

    `decides`: has the right; `hidden`: declared a conflict of interest about the application.
    """
    if decision.recommended_by_id == user.pk:
        return _("You recommended this outcome. A second person approves it.")
    if not decides:
        return _("Only staff who approve decisions can do this.")
    return word_conflict(decision.application) if hidden else ""


def sentence_of(found: Round) -> str:
    """The state of the round in words, the next step first."""
    parts = []
    if count := found.unrecommended:
        parts.append(
            ngettext(
                "%(count)d application waits for a recommendation.",
                "%(count)d applications wait for a recommendation.",
                count,
            )
            % {"count": count}
        )
    if found.open:
        parts.append(
            ngettext(
                "%(count)d outcome is recommended and waits for a second person.",
                "%(count)d outcomes are recommended and wait for a second person.",
                len(found.open),
            )
            % {"count": len(found.open)}
        )
    if found.approved:
        parts.append(
            ngettext(
                "%(count)d is approved; its city does not know yet.",
                "%(count)d are approved; their cities do not know yet.",
                len(found.approved),
            )
            % {"count": len(found.approved)}
        )
    if count := sum(place.next is not None for place in found.freed):
        parts.append(
            ngettext(
                "%(count)d place is free for the next on the reserve list.",
                "%(count)d places are free for the next on the reserve list.",
                count,
            )
            % {"count": count}
        )
    return " ".join(parts) or _published_sentence(found)


def _published_sentence(found: Round) -> str:
    if not found.published:
        return _("Nothing is decided yet.")
    published = ngettext(
        "%(count)d outcome is published.", "%(count)d outcomes are published.", len(found.published)
    ) % {"count": len(found.published)}
    if not found.answers:
        return f"{published} {_('Nothing waits.')}"
    unanswered = ngettext(
        "%(count)d city has not answered yet.", "%(count)d cities have not answered yet.", len(found.answers)
    ) % {"count": len(found.answers)}
    return f"{published} {unanswered}"


def _passed(row: Decision, at: datetime) -> bool:
    return row.acceptance_due_at is not None and at >= row.acceptance_due_at
