"""Template tags of the staff pages."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from calls.models import Application, Decision, PairingRun, Proposal
from calls.models.application import ApplicationStatus
from calls.models.pairing import RunState
from calls.workflow import Status
from cooperation.web.templatetags.portal import state

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
def run_state(run: PairingRun) -> SafeString:
    """A pairing run's state as a dot and a word."""
    return state(RUN_DOTS[RunState(run.state)], run.get_state_display())


@register.filter
def status_word(status: str) -> str:
    """A status of the history by its name."""
    return str(ApplicationStatus(status).label) if status in ApplicationStatus.values else status


@register.simple_tag
def pair_state(proposal: Proposal) -> SafeString:
    """How far a proposed pair is: proposed, recommended, partners."""
    if proposal.partnership_id:
        return state("done", gettext("Partners"))
    return state("progress", gettext("Recommended")) if proposal.recommended_at else state("proposed")
