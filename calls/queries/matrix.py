"""The matrix of a call: applications down, reviewers across, and what each cell holds."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q, QuerySet

from calls.models import Application, Assignment, Call
from calls.queries.assignments import with_progress
from calls.queries.conflicts import Reason, conflicts_of
from calls.queries.panels import Seat
from calls.workflow import UNDER_REVIEW, Status

# What has come in and is not decided against at the door.
SHOWN = (Status.SUBMITTED, Status.ELIGIBLE, Status.REVIEWED)


class CellState(StrEnum):
    FREE = "free"
    ASSIGNED = "assigned"
    BEGUN = "begun"
    FINISHED = "finished"
    CONFLICT = "conflict"
    FULL = "full"
    WAITING = "waiting"
    CLOSED = "closed"


@dataclass(frozen=True)
class Cell:
    """One application and one reviewer. `why` says what stands against it; `ticked` is what the box shows."""

    seat: Seat
    state: CellState
    assignment: Assignment | None
    reasons: tuple[Reason, ...]
    why: str
    ticked: bool

    @property
    def writable(self) -> bool:
        """Whether the box may be ticked or unticked."""
        return self.state in (CellState.FREE, CellState.ASSIGNED, CellState.BEGUN)

    @property
    def conflicted(self) -> bool:
        """Assigned although a conflict has come to light since."""
        return self.assignment is not None and bool(self.reasons)

    @property
    def found(self) -> bool:
        """Whether a reason follows from the records, so that only a better record ends it."""
        return any(reason.code != "declared" for reason in self.reasons)


@dataclass(frozen=True)
class Line:
    application: Application
    cells: tuple[Cell, ...]
    assigned: int
    wanted: int

    @property
    def lacking(self) -> int:
        return max(0, self.wanted - self.assigned)

    @property
    def writable(self) -> bool:
        """Whether anything can be assigned or taken back."""
        return any(cell.writable for cell in self.cells)


def reviewable(call: Call, *, lacking: bool = False, search: str = "") -> QuerySet[Application]:
    """The applications of a call that are reviewed, by reference; only those that lack reviews on demand."""
    rows = call.applications.filter(status__in=SHOWN, submitted_at__isnull=False).defer("answers")
    rows = rows.select_related("lead__city", "call").order_by("reference")
    if search:
        rows = rows.filter(
            Q(reference__icontains=search) | Q(lead__name__icontains=search) | Q(title__icontains=search)
        )
    if lacking:
        standing = Count("assignments", filter=Q(assignments__ended_at__isnull=True))
        rows = rows.annotate(standing=standing).filter(
            standing__lt=call.reviews_wanted, status__in=UNDER_REVIEW
        )
    return rows


def lines_of(
    call: Call,
    applications: Sequence[Application],
    seats: Sequence[Seat],
    *,
    typed: Collection[tuple[int, int]] | None = None,
) -> list[Line]:
    """The rows of the matrix. `typed` are the boxes that a form which was not saved had ticked."""
    standing: dict[int, dict[int, Assignment]] = defaultdict(dict)
    rows = Assignment.objects.standing().filter(application__in=[row.pk for row in applications])
    for row in with_progress(rows).order_by("pk"):
        standing[row.application_id][row.user_id] = row
    conflicts = conflicts_of(applications, [seat.user for seat in seats])
    found = []
    for application in applications:
        held = standing[application.pk]
        cells = tuple(
            _cell(
                application,
                seat,
                held.get(seat.user.pk),
                tuple(conflicts.get((application.pk, seat.user.pk), ())),
                typed,
            )
            for seat in seats
        )
        found.append(Line(application, cells, len(held), call.reviews_wanted))
    return found


def _cell(
    application: Application,
    seat: Seat,
    assignment: Assignment | None,
    reasons: tuple[Reason, ...],
    typed: Collection[tuple[int, int]] | None,
) -> Cell:
    state, why = _state(application, seat, assignment, reasons)
    ticked = assignment is not None if typed is None else (application.pk, seat.user.pk) in typed
    if state not in (CellState.FREE, CellState.ASSIGNED, CellState.BEGUN):
        ticked = assignment is not None
    return Cell(seat, state, assignment, reasons, why, ticked)


def _state(
    application: Application, seat: Seat, assignment: Assignment | None, reasons: tuple[Reason, ...]
) -> tuple[CellState, str]:
    why = " ".join(map(str, reasons))
    if assignment:
        if assignment.finished:  # type: ignore[attr-defined]
            return CellState.FINISHED, why
        if application.status not in UNDER_REVIEW:
            return CellState.CLOSED, why
        return (CellState.BEGUN if assignment.begun else CellState.ASSIGNED), why  # type: ignore[attr-defined]
    if application.status not in UNDER_REVIEW:
        return CellState.CLOSED, ""
    if reasons:
        return CellState.CONFLICT, why
    if seat.waits:
        return CellState.WAITING, seat.waits
    return (CellState.FULL if seat.full else CellState.FREE), ""


def stamp_of(applications: Iterable[Application]) -> str:
    """A fingerprint of what stands on these applications, so that nobody overwrites unseen changes."""
    rows = Assignment.objects.standing().filter(application__in=[row.pk for row in applications])
    keys = rows.order_by("pk").values_list("pk", "pinned")
    return hashlib.sha256(repr(list(keys)).encode()).hexdigest()[:16]
