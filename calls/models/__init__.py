"""What is asked, answered and decided."""

from calls.models.application import Application, ApplicationPartner, Attempt, StatusChange
from calls.models.call import Amendment, Call, CallText, Milestone, Quota
from calls.models.decision import Decision
from calls.models.form import Question, Section
from calls.models.pairing import PairingRun, Proposal
from calls.models.programme import Programme
from calls.models.review import Criterion, Review, Score
from calls.models.rule import EligibilityRule
from calls.models.snapshot import Snapshot

__all__ = [
    "Amendment",
    "Application",
    "ApplicationPartner",
    "Attempt",
    "Call",
    "CallText",
    "Criterion",
    "Decision",
    "EligibilityRule",
    "Milestone",
    "PairingRun",
    "Programme",
    "Proposal",
    "Question",
    "Quota",
    "Review",
    "Score",
    "Section",
    "Snapshot",
    "StatusChange",
]
