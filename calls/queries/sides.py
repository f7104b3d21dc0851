"""Joint selection by two sides, as one reader sees it: the other side's vote only after one's own."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef

from calls.models import Application, Call, Side, SideVote
from calls.models.application import ApplicationQuerySet
from calls.models.call import Process
from calls.models.decision import Outcome
from calls.queries.blinding import in_conflict
from calls.queries.decisions import standing_decision
from calls.queries.ranking import Ranked
from calls.workflow import RECOMMENDABLE, Status
from cooperation.accounts.models import User

SIDES = 2


@dataclass(frozen=True)
class Cell:
    """What one side decided: its vote, nothing yet, or hidden from this reader."""

    side: Side
    vote: SideVote | None
    hidden: bool


@dataclass(frozen=True)
class JointRow:
    """One application. `seen` marks the own side's vote as shown; `closed` keeps a reader in conflict out."""

    application: Application
    cells: tuple[Cell, ...]
    mine: SideVote | None
    verdict: str  # an outcome, or "" while a side has not voted, or the reader may not know
    recommended: bool
    closed: bool
    ranked: Ranked | None = None

    @property
    def seen(self) -> str:
        return mark_of(self.mine)

    @property
    def to_vote(self) -> bool:
        """The reader's side owes its vote, if they are on one."""
        return not (self.mine or self.recommended or self.closed)


def mark_of(vote: SideVote | None) -> str:
    """Which vote a page showed: empty for none."""
    return f"{vote.outcome} {vote.at.isoformat()}" if vote else ""


def sides_of(call: Call) -> list[Side]:
    """The sides that decide about a call, with their people."""
    return list(call.sides.prefetch_related("members"))


def side_of(user: User, sides: list[Side]) -> Side | None:
    """The side that a person votes for; None for everybody else."""
    return next((side for side in sides if any(row.pk == user.pk for row in side.members.all())), None)


def joint_rows(call: Call, sides: list[Side], reader: User, ranked: Iterable[Ranked] = ()) -> list[JointRow]:
    """Every application that waits for an outcome; what waits for the reader's side first.

    Who is on neither side sees votes when all are cast. `ranked`: the ranking, where the reader may see it.
    """
    own, scored = side_of(reader, sides), {row.application.pk: row for row in ranked}
    statuses = [str(status) for status in RECOMMENDABLE]
    rows: Any = call.applications.filter(status__in=statuses).select_related("lead__city").defer("answers")
    rows = rows.annotate(recommended=standing_decision(), closed=in_conflict(reader))
    rows = rows.prefetch_related("side_votes__by").order_by("reference")
    found = [_row(row, sides, own, scored.get(row.pk)) for row in rows]
    return sorted(found, key=lambda row: not row.to_vote)


def _row(application: Any, sides: list[Side], own: Side | None, ranked: Ranked | None) -> JointRow:
    votes: dict[Any, SideVote] = {vote.side_id: vote for vote in application.side_votes.all()}
    mine = votes.get(own.pk) if own else None
    shown = (len(votes) == len(sides) or mine is not None) and not application.closed
    cells = tuple(
        Cell(side, votes.get(side.pk) if shown else None, hidden=not shown and side.pk in votes)
        for side in sides
    )
    verdict = (agreed(application) or "") if shown else ""
    return JointRow(application, cells, mine, verdict, application.recommended, application.closed, ranked)


def agreed(application: Application) -> Outcome | None:
    """What two votes come to: selected if both select, refused if one refuses; None while one is missing."""
    votes = [vote.outcome for vote in application.side_votes.all()]
    if len(votes) < SIDES:
        return None
    if all(vote == Outcome.SELECTED for vote in votes):
        return Outcome.SELECTED
    return Outcome.REJECTED if Outcome.REJECTED in votes else Outcome.RESERVE


def votes_of(call: Call) -> ApplicationQuerySet:
    """Reviewed applications that nobody has recommended an outcome for, with their votes."""
    rows = call.applications.filter(~standing_decision(), status=Status.REVIEWED)
    return rows.select_related("lead").prefetch_related("side_votes")


def fingerprint_of_votes(rows: Iterable[Application]) -> str:
    """What both sides voted on these, in 16 characters: to tell whether it is what was read."""
    lines = sorted(
        f"{vote.application_id} {vote.side_id} {mark_of(vote)}"
        for row in rows
        for vote in row.side_votes.all()
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def tally_of(rows: Sequence[JointRow]) -> Counter[str]:
    """How many have each verdict, "" for those that wait for a vote; what is recommended is left out."""
    return Counter(row.verdict for row in rows if not row.recommended)


def votes_to_cast(user: User) -> list[tuple[int, int]]:
    """Calls where this person's side has not voted, as (call id, how many applications), the most first."""
    cast = SideVote.objects.filter(application=OuterRef("pk"), side__members=user)
    rows = Application.objects.filter(
        ~Exists(cast),
        ~standing_decision(),
        ~in_conflict(user),
        status=Status.REVIEWED,
        call__process=Process.TWO_SIDES,
        call__sides__members=user,
    )
    counted = rows.values_list("call").annotate(count=Count("pk", distinct=True))
    return list(counted.order_by("-count", "call"))
