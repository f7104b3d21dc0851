"""Joint selection by two sides, as one reader sees it: the other side's vote only after one's own."""

from dataclasses import dataclass
from typing import Any

from calls.models import Application, Call, Side, SideVote
from calls.models.decision import Outcome
from calls.workflow import RECOMMENDABLE
from cooperation.accounts.models import User


@dataclass(frozen=True)
class Cell:
    """What one side decided: its vote, nothing yet, or hidden from this reader."""

    side: Side
    vote: SideVote | None
    hidden: bool


@dataclass(frozen=True)
class JointRow:
    application: Application
    cells: tuple[Cell, ...]
    mine: SideVote | None
    verdict: str  # "both", "apart" or "" while a side has not voted, or the reader may not know


def sides_of(call: Call) -> list[Side]:
    """The sides that decide about a call, with their people."""
    return list(call.sides.prefetch_related("members"))


def side_of(user: User, sides: list[Side]) -> Side | None:
    """The side that a person votes for; None for everybody else."""
    return next((side for side in sides if any(row.pk == user.pk for row in side.members.all())), None)


def joint_rows(call: Call, sides: list[Side], own: Side | None) -> list[JointRow]:
    """Every application that waits for an outcome. Who is on neither side sees votes when all are cast."""
    statuses = [str(status) for status in RECOMMENDABLE]
    rows = call.applications.filter(status__in=statuses).select_related("lead__city").defer("answers")
    found = rows.prefetch_related("side_votes__by").order_by("reference")
    return [_row(row, sides, own) for row in found]


def _row(application: Application, sides: list[Side], own: Side | None) -> JointRow:
    votes: dict[Any, SideVote] = {vote.side_id: vote for vote in application.side_votes.all()}
    complete = len(votes) == len(sides)
    mine = votes.get(own.pk) if own else None
    shown = complete or (mine is not None)
    cells = tuple(
        Cell(side, votes.get(side.pk) if shown else None, hidden=not shown and side.pk in votes)
        for side in sides
    )
    both = complete and all(vote.outcome == Outcome.SELECTED for vote in votes.values())
    return JointRow(application, cells, mine, "both" if both else "apart" if complete else "")
