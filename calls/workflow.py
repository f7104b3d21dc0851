"""The life of an application as one table, read from top to bottom. Pure: no Django.

Each line: from, to, the operation that does it, who may, and what it causes besides the status change.
Whatever is not here cannot happen; a test walks every pair of statuses. What was submitted may be changed
and submitted again until the deadline; its status stays, for the last submission counts.
"""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    REVIEWED = "reviewed"
    SELECTED = "selected"
    RESERVE = "reserve"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Actor(StrEnum):
    APPROVER = "approver"  # an officer or approver of the lead organisation, or its team's submitter
    STAFF = "staff"  # programme staff


@dataclass(frozen=True)
class Transition:
    """One permitted step."""

    source: Status
    target: Status
    operation: str
    actor: Actor
    causes: tuple[str, ...] = ()


TRANSITIONS: tuple[Transition, ...] = (
    Transition(Status.DRAFT, Status.SUBMITTED, "submit", Actor.APPROVER, ("snapshot", "receipt mail")),
    Transition(Status.DRAFT, Status.WITHDRAWN, "withdraw", Actor.APPROVER),
    Transition(Status.SUBMITTED, Status.WITHDRAWN, "withdraw", Actor.APPROVER),
    Transition(Status.WITHDRAWN, Status.DRAFT, "reopen", Actor.APPROVER),
    Transition(Status.SUBMITTED, Status.ELIGIBLE, "screen", Actor.STAFF),
    Transition(Status.SUBMITTED, Status.INELIGIBLE, "screen", Actor.STAFF, ("screening mail",)),
    Transition(Status.INELIGIBLE, Status.ELIGIBLE, "screen", Actor.STAFF, ("screening mail",)),
    Transition(Status.ELIGIBLE, Status.WITHDRAWN, "withdraw", Actor.APPROVER),
    Transition(Status.ELIGIBLE, Status.REVIEWED, "finish_review", Actor.STAFF),
    Transition(Status.REVIEWED, Status.WITHDRAWN, "withdraw", Actor.APPROVER),
    Transition(Status.REVIEWED, Status.SELECTED, "publish_results", Actor.STAFF, ("letter", "feedback")),
    Transition(Status.REVIEWED, Status.RESERVE, "publish_results", Actor.STAFF, ("letter", "feedback")),
    Transition(Status.REVIEWED, Status.REJECTED, "publish_results", Actor.STAFF, ("letter", "feedback")),
    Transition(Status.RESERVE, Status.SELECTED, "publish_results", Actor.STAFF, ("letter", "feedback")),
    Transition(Status.RESERVE, Status.WITHDRAWN, "withdraw", Actor.APPROVER),
    Transition(Status.SELECTED, Status.ACCEPTED, "accept_place", Actor.APPROVER, ("partnership",)),
    Transition(Status.SELECTED, Status.DECLINED, "decline_place", Actor.APPROVER, ("place is free",)),
    Transition(Status.SELECTED, Status.DECLINED, "lapse_place", Actor.STAFF, ("place is free", "lapse mail")),
    Transition(Status.ELIGIBLE, Status.ACCEPTED, "accept_proposal", Actor.APPROVER, ("partnership",)),
    Transition(Status.REVIEWED, Status.ACCEPTED, "accept_proposal", Actor.APPROVER, ("partnership",)),
    Transition(Status.ELIGIBLE, Status.DECLINED, "decline_proposal", Actor.APPROVER, ("new pairing run",)),
    Transition(Status.REVIEWED, Status.DECLINED, "decline_proposal", Actor.APPROVER, ("new pairing run",)),
    Transition(Status.ACCEPTED, Status.DECLINED, "decline_proposal", Actor.APPROVER, ("new pairing run",)),
    Transition(Status.REJECTED, Status.REVIEWED, "answer_complaint", Actor.STAFF, ("answer mail",)),
    Transition(Status.RESERVE, Status.REVIEWED, "answer_complaint", Actor.STAFF, ("answer mail",)),
)

# Statuses in which the lead organisation's one place in a call is taken.
LIVE = frozenset(Status) - {Status.WITHDRAWN}
# Statuses in which an application is assigned to reviewers and read by them.
UNDER_REVIEW = frozenset({Status.SUBMITTED, Status.ELIGIBLE})
# Statuses in which an application has a place of its call; a declined place is free again.
PLACED = frozenset({Status.SELECTED, Status.ACCEPTED})
# Statuses in which an outcome is recommended, approved and published.
RECOMMENDABLE = frozenset({Status.REVIEWED, Status.RESERVE})


def transitions(source: str, target: str) -> list[Transition]:
    """The permitted steps between two statuses: none, one, or one for each who may."""
    return [step for step in TRANSITIONS if (step.source, step.target) == (source, target)]
