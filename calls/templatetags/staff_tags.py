"""Template tags of the staff pages."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from calls.models import Application, Decision, PairingRun, Proposal
from calls.models.application import ApplicationStatus
from calls.models.decision import Outcome
from calls.models.pairing import RunState
from calls.queries.matrix import Cell, CellState
from calls.workflow import Status
from cooperation.web.languages import language_name
from cooperation.web.templatetags.portal import bar, state

register = template.Library()

# status: the kind of state whose dot and tone it takes
STATUS_DOTS = {
    Status.DRAFT: "not-started",
    Status.SUBMITTED: "unknown",
    Status.ELIGIBLE: "progress",
    Status.INELIGIBLE: "fail",
    Status.REVIEWED: "attention",
    Status.SELECTED: "pass",
    Status.RESERVE: "reserve",
    Status.REJECTED: "closed",
    Status.ACCEPTED: "agreed",
    Status.DECLINED: "withdrawn",
    Status.WITHDRAWN: "withdrawn",
}
RUN_DOTS = {
    RunState.WAITING: "not-started",
    RunState.RUNNING: "progress",
    RunState.DONE: "done",
    RunState.FAILED: "fail",
    RunState.CANCELLED: "withdrawn",
}


@register.simple_tag
def status_state(application: Application) -> SafeString:
    """An application's status as a dot and a word."""
    return state(STATUS_DOTS[Status(application.status)], application.get_status_display())


@register.simple_tag
def outcome_state(decision: Decision) -> SafeString:
    """A recommended or decided outcome as a dot and a word."""
    return state(STATUS_DOTS[Status(decision.outcome)], decision.get_outcome_display())


@register.simple_tag
def outcome_word(outcome: str) -> SafeString:
    """An outcome on its own as a dot and a word."""
    return state(STATUS_DOTS[Status(outcome)], str(Outcome(outcome).label))


@register.simple_tag
def run_state(run: PairingRun) -> SafeString:
    """A pairing run's state as a dot and a word."""
    return state(RUN_DOTS[RunState(run.state)], run.get_state_display())


@register.filter
def status_word(status: str) -> str:
    """A status of the history by its name."""
    return str(ApplicationStatus(status).label) if status in ApplicationStatus.values else status


@register.simple_tag
def pair_state(proposal: Proposal) -> SafeString:
    """How far a proposal is: proposed, partners, or no more."""
    if proposal.partnership_id:
        return state("done", gettext("Partners"))
    return state("closed", gettext("No longer")) if proposal.lapsed_at else state("proposed")


# --- assignments: state of a cell -> dot, word
CELLS = {
    CellState.FREE: ("not-started", _("Free")),
    CellState.ASSIGNED: ("looked", _("Assigned")),
    CellState.BEGUN: ("progress", _("Begun")),
    CellState.FINISHED: ("done", _("Finished")),
    CellState.CONFLICT: ("declined", _("Conflict")),
    CellState.FULL: ("closed", _("Full load")),
    CellState.WAITING: ("closed", _("Cannot now")),
    CellState.CLOSED: ("closed", _("Closed")),
}


@register.simple_tag
def cell_sign(cell: Cell) -> SafeString:
    """A cell of the matrix as a dot and a word, with what else must be seen: pinned, conflicted."""
    kind, word = CELLS[cell.state]
    more = [gettext("pinned")] if cell.assignment and cell.assignment.pinned else []
    if cell.conflicted:
        kind, more = "attention", [*more, gettext("conflict found")]
    return state(kind, ", ".join([str(word), *more]))


@register.simple_tag
def assignment_state(row: Any) -> SafeString:
    """An assignment on its reviewer's page: ended, finished, begun or waiting. Needs `with_progress`."""
    if row.ended_at:
        return state("withdrawn", row.get_end_display())
    return state("done" if row.finished else "progress" if row.begun else "not-started")


@register.simple_tag
def load_bar(load: int, most: int) -> SafeString:
    """How much of a load is used, as a bar; the numbers stand beside it in words."""
    return bar(min(load, most), most or 1, low=load > most)


@register.filter
def language_names(codes: Iterable[str]) -> str:
    """Languages by name, in the reader's language."""
    return ", ".join(language_name(code) for code in codes)
