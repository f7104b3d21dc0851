"""What is asked, answered and decided."""

from calls.models.application import (
    Application,
    ApplicationPartner,
    Attempt,
    Extension,
    RolePlace,
    SectionVisit,
    StatusChange,
)
from calls.models.assessment import Reassessment, Waiver
from calls.models.call import Amendment, Call, CallText, CutOff, Milestone, Quota
from calls.models.consent import Consent, PartnerInvitation
from calls.models.decision import Decision
from calls.models.document import Document
from calls.models.enquiry import Enquiry
from calls.models.form import Question, Section
from calls.models.pairing import PairingRun, Proposal
from calls.models.programme import Programme
from calls.models.review import Criterion, Review, Score
from calls.models.rule import EligibilityRule
from calls.models.snapshot import Printout, SetAside, Snapshot
from calls.models.team import TeamMember

__all__ = [
    "Amendment",
    "Application",
    "ApplicationPartner",
    "Attempt",
    "Call",
    "CallText",
    "Consent",
    "Criterion",
    "CutOff",
    "Decision",
    "Document",
    "EligibilityRule",
    "Enquiry",
    "Extension",
    "Milestone",
    "PairingRun",
    "PartnerInvitation",
    "Printout",
    "Programme",
    "Proposal",
    "Question",
    "Quota",
    "Reassessment",
    "Review",
    "RolePlace",
    "Score",
    "Section",
    "SectionVisit",
    "SetAside",
    "Snapshot",
    "StatusChange",
    "TeamMember",
    "Waiver",
]
