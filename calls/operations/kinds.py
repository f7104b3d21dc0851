"""Every kind of message about calls and applications, in one table: topic, and what holds for it."""

from calls.operations import alert_letters, alert_relevance
from calls.operations import relevance as asked
from calls.operations.reminder_letters import compose, matters
from calls.queries.reminder_audiences import SORT_OF as REMINDERS
from cooperation.notifications.kinds import Kind, Topic, register_kind

OWN, DEADLINES, CALLS, REVIEWS, ALERTS = Topic.OWN, Topic.DEADLINES, Topic.CALLS, Topic.REVIEWS, Topic.ALERTS

KINDS = [
    # answers to what people did, and what waits for an answer of theirs
    Kind("draft_started", OWN),
    Kind("call_cancelled", OWN, twice=True),
    Kind("receipt", OWN, twice=True),
    Kind("partner_receipt", OWN, twice=True),
    Kind("consent_request", OWN, twice=True, matters=asked.consent_request_matters),
    Kind("consent_answer", OWN, twice=True),
    Kind("consent_copy", OWN, twice=True),
    Kind("team_invitation", OWN, twice=True, matters=asked.team_invitation_matters),
    Kind("reviewer_invitation", OWN, matters=asked.reviewer_invitation_matters),
    Kind("document_infected", OWN, twice=True),
    Kind("correction", OWN, twice=True, matters=asked.correction_matters),
    Kind("correction_closed", OWN),
    Kind("screening", OWN, twice=True),
    Kind("decision", OWN, twice=True),
    Kind("extension", OWN, twice=True),
    Kind("answer_extended", OWN, matters=asked.answer_due_matters),
    Kind("place_accepted", OWN),
    Kind("place_declined", OWN),
    Kind("place_lapsed", OWN),
    Kind("place_partner", OWN),
    Kind("complaint", OWN),
    Kind("complaint_answered", OWN, twice=True),
    Kind("enquiry_answered", OWN),
    Kind("enquiry_declined", OWN),
    Kind("pairing_proposed", OWN, twice=True),
    Kind("pairing_moved", OWN),
    Kind("pairing_accepted", OWN),
    Kind("pairing_declined", OWN),
    Kind("pairing_lapsed", OWN),
    Kind("pairing_founded", OWN, twice=True),
    Kind("pairing_introduced", OWN),
    Kind("pairing_introduction_asked", OWN),
    Kind("pairing_without", OWN),
    # reminders
    *[
        Kind(name, DEADLINES, quiet=True, matters=matters(name), compose=compose(name))
        for name in REMINDERS
        if name != "review_reminder"
    ],
    # news
    Kind("amendment", CALLS, matters=asked.amendment_matters),
    Kind("answer", CALLS, quiet=True, matters=asked.answer_matters),
    # reviews
    Kind("assigned", REVIEWS, matters=asked.assigned_matters),
    Kind("unassigned", REVIEWS, matters=asked.unassigned_matters),
    Kind(
        "review_reminder",
        REVIEWS,
        quiet=True,
        matters=matters("review_reminder"),
        compose=compose("review_reminder"),
    ),
    # saved searches and watched openings
    Kind(alert_letters.CONFIRMATION, OWN, twice=True, matters=alert_relevance.confirmation_matters),
    Kind(alert_letters.ALERT, ALERTS, quiet=True, matters=alert_relevance.news_matters),
    Kind(alert_letters.OPENS, ALERTS, quiet=True, matters=alert_relevance.opening_matters),
]


def register() -> None:
    for kind in KINDS:
        register_kind(kind)
