"""Every kind of message about cities and partnerships, in one table: topic, and what holds for it."""

from cooperation.notifications.kinds import Kind, Topic, register_kind
from partnerships.operations.commitment_reminding import reminder_matters
from partnerships.operations.partnership_relevance import joining_matters, report_reminder_matters

SEARCH, PARTNERSHIPS, CITY, DEADLINES = Topic.SEARCH, Topic.PARTNERSHIPS, Topic.CITY, Topic.DEADLINES

KINDS = [
    Kind("interest_expressed", SEARCH),
    Kind("interest_mutual", SEARCH),
    Kind("interest_declined", SEARCH),
    Kind("partnership_joining", Topic.OWN, matters=joining_matters),
    Kind("partnership_draft", PARTNERSHIPS),
    Kind("partnership_agreed", PARTNERSHIPS),
    Kind("partnership_members", PARTNERSHIPS),
    Kind("partnership_ended", PARTNERSHIPS),
    Kind("partnership_extended", PARTNERSHIPS),
    Kind("partnership_report_answered", PARTNERSHIPS),
    Kind("partnership_report_due", DEADLINES, quiet=True, matters=report_reminder_matters),
    Kind("commitment_due", DEADLINES, quiet=True, matters=reminder_matters),
    Kind("fact_refused", CITY),
]


def register() -> None:
    for kind in KINDS:
        register_kind(kind)
