"""What is asked, answered and decided."""

from calls.models.alert import Alert, AlertAddress, AlertNews
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
from calls.models.assigning import AssigningRun
from calls.models.calendar_feed import CalendarFeed
from calls.models.call import Call
from calls.models.call_parts import Amendment, CallText, CutOff, Milestone, Quota
from calls.models.consent import Consent, PartnerInvitation
from calls.models.correction import CorrectionRequest
from calls.models.decision import AnswerExtension, Complaint, Decision, Side, SideMember, SideVote
from calls.models.document import Document
from calls.models.enquiry import Enquiry
from calls.models.form import Question, Section
from calls.models.pairing import Directive, PairingNote, PairingRun, Proposal, ProposedCity
from calls.models.programme import Programme
from calls.models.reading import Export, Reading, SavedView
from calls.models.reminder import ReminderRule
from calls.models.review import Criterion, Reopening, Review, Score
from calls.models.reviewer import Assignment, Conflict, PanelMember, Reviewer
from calls.models.rule import EligibilityRule
from calls.models.selection import SelectionRun
from calls.models.snapshot import Printout, SetAside, Snapshot
from calls.models.team import TeamMember
from calls.models.webhook import WebhookAttempt, WebhookDelivery, WebhookEndpoint

__all__ = [
    "Alert",
    "AlertAddress",
    "AlertNews",
    "Amendment",
    "AnswerExtension",
    "Application",
    "ApplicationPartner",
    "AssigningRun",
    "Assignment",
    "Attempt",
    "CalendarFeed",
    "Call",
    "CallText",
    "Complaint",
    "Conflict",
    "Consent",
    "CorrectionRequest",
    "Criterion",
    "CutOff",
    "Decision",
    "Directive",
    "Document",
    "EligibilityRule",
    "Enquiry",
    "Export",
    "Extension",
    "Milestone",
    "PairingNote",
    "PairingRun",
    "PanelMember",
    "PartnerInvitation",
    "Printout",
    "Programme",
    "Proposal",
    "ProposedCity",
    "Question",
    "Quota",
    "Reading",
    "Reassessment",
    "ReminderRule",
    "Reopening",
    "Review",
    "Reviewer",
    "RolePlace",
    "SavedView",
    "Score",
    "Section",
    "SectionVisit",
    "SelectionRun",
    "SetAside",
    "Side",
    "SideMember",
    "SideVote",
    "Snapshot",
    "StatusChange",
    "TeamMember",
    "Waiver",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
]
