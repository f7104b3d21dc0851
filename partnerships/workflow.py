"""The life of a partnership as one table, read from top to bottom. Pure: no Django.

Each line: from, to, the operation that does it, who may, what it causes besides the stage, and whether a
reason is asked. Whatever is not here cannot happen; a test walks every pair of stages.
"""

from dataclasses import dataclass
from enum import StrEnum


class At(StrEnum):
    """Where a partnership is; partnerships.models.partnership.Stage has the words."""

    TALKS = "talks"
    PROPOSED = "proposed"
    AGREED = "agreed"
    ACTIVE = "active"
    EXTENDED = "extended"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    RECORDED = "recorded"


class Actor(StrEnum):
    MEMBER = "member"  # an officer or approver of any member
    COORDINATOR = "coordinator"  # of the member that coordinates; of any member where none does
    SIGNERS = "signers"  # the last of the members that sign
    STAFF = "staff"  # programme staff


@dataclass(frozen=True)
class Transition:
    """One permitted step."""

    source: At
    target: At
    operation: str
    actor: Actor
    causes: tuple[str, ...] = ()
    reason: bool = False


AGREED_MAIL = ("signed day", "mail to the members")
EXTENDED_MAIL = ("new last day", "mail to the members")
ENDED_MAIL = ("end year", "mail to the members")

TRANSITIONS: tuple[Transition, ...] = (
    Transition(At.TALKS, At.PROPOSED, "propose", Actor.MEMBER),
    Transition(At.TALKS, At.AGREED, "sign", Actor.SIGNERS, AGREED_MAIL),
    Transition(At.TALKS, At.ENDED_EARLY, "end_early", Actor.COORDINATOR, ENDED_MAIL, reason=True),
    Transition(At.PROPOSED, At.AGREED, "sign", Actor.SIGNERS, AGREED_MAIL),
    Transition(At.PROPOSED, At.AGREED, "settle", Actor.STAFF, AGREED_MAIL, reason=True),
    Transition(At.PROPOSED, At.ENDED_EARLY, "end_early", Actor.COORDINATOR, ENDED_MAIL, reason=True),
    Transition(At.AGREED, At.ACTIVE, "begin", Actor.COORDINATOR, ("start year",)),
    Transition(At.AGREED, At.ENDED_EARLY, "end_early", Actor.COORDINATOR, ENDED_MAIL, reason=True),
    Transition(At.ACTIVE, At.EXTENDED, "extend", Actor.COORDINATOR, EXTENDED_MAIL, reason=True),
    Transition(At.ACTIVE, At.COMPLETED, "complete", Actor.COORDINATOR, ENDED_MAIL),
    Transition(At.ACTIVE, At.ENDED_EARLY, "end_early", Actor.COORDINATOR, ENDED_MAIL, reason=True),
    Transition(At.EXTENDED, At.EXTENDED, "extend", Actor.COORDINATOR, EXTENDED_MAIL, reason=True),
    Transition(At.EXTENDED, At.COMPLETED, "complete", Actor.COORDINATOR, ENDED_MAIL),
    Transition(At.EXTENDED, At.ENDED_EARLY, "end_early", Actor.COORDINATOR, ENDED_MAIL, reason=True),
    Transition(At.COMPLETED, At.ACTIVE, "settle", Actor.STAFF, reason=True),
    Transition(At.ENDED_EARLY, At.ACTIVE, "settle", Actor.STAFF, reason=True),
    Transition(At.RECORDED, At.AGREED, "sign", Actor.SIGNERS, AGREED_MAIL),
    Transition(At.RECORDED, At.AGREED, "settle", Actor.STAFF, AGREED_MAIL, reason=True),
    Transition(At.RECORDED, At.ACTIVE, "settle", Actor.STAFF, reason=True),
    Transition(At.RECORDED, At.COMPLETED, "settle", Actor.STAFF, ENDED_MAIL, reason=True),
    Transition(At.RECORDED, At.ENDED_EARLY, "settle", Actor.STAFF, ENDED_MAIL, reason=True),
)

# Stages in which members come and go, write agreements and plan.
LIVE = frozenset({At.TALKS, At.PROPOSED, At.AGREED, At.ACTIVE, At.EXTENDED, At.RECORDED})
# Stages in which members still report, measure and tell results: the last report follows the end.
TELLING = frozenset(At) - {At.TALKS}


def transitions(source: str, target: str) -> list[Transition]:
    """The permitted steps between two stages: none, one, or one for each who may."""
    return [step for step in TRANSITIONS if (step.source, step.target) == (source, target)]


def steps_from(source: str, operation: str) -> list[Transition]:
    """Where an operation leads from a stage; empty where it cannot be done."""
    return [step for step in TRANSITIONS if (step.source, step.operation) == (source, operation)]
