"""Where the decisions of a round stand: each stage is one queryset, for its page and for the work queue."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from calls.models import Call, Complaint, Decision
from calls.models.application import ApplicationQuerySet
from calls.models.decision import DecisionQuerySet, Outcome
from calls.workflow import PLACED, RECOMMENDABLE, Status

RESULTS = (Status.SELECTED, Status.ACCEPTED, Status.DECLINED, Status.RESERVE, Status.REJECTED)


def decisions_of(call: Call | None = None) -> DecisionQuerySet:
    """With what a list shows of each, in one query."""
    rows = Decision.objects.select_related(
        *("application__lead__city", "recommended_by", "approved_by", "published_by", "returned_by")
    ).order_by("application__reference")
    rows = rows.defer("application__answers")
    return rows if call is None else rows.filter(application__call=call)


def open_decisions(call: Call | None = None) -> DecisionQuerySet:
    """Recommended, waiting for a second person."""
    statuses = [str(status) for status in RECOMMENDABLE]
    return decisions_of(call).open().filter(application__status__in=statuses)


def to_publish(call: Call | None = None) -> DecisionQuerySet:
    """Approved, and the city does not know yet."""
    return decisions_of(call).waiting()


def sent_back(call: Call | None = None) -> DecisionQuerySet:
    """Sent back, to be recommended anew."""
    statuses = [str(status) for status in RECOMMENDABLE]
    return decisions_of(call).filter(returned_at__isnull=False, application__status__in=statuses)


def to_answer(call: Call | None = None) -> DecisionQuerySet:
    """Selected, and asked whether they accept the place."""
    rows = decisions_of(call).published().filter(application__status=Status.SELECTED)
    return rows.filter(acceptance_due_at__isnull=False)


def unanswered(at: datetime, call: Call | None = None) -> DecisionQuerySet:
    """Selected, and the due date passed without an answer."""
    return to_answer(call).filter(acceptance_due_at__lte=at)


def freed_places(call: Call | None = None) -> DecisionQuerySet:
    """Declined places that nobody is recommended for."""
    standing = Decision.objects.filter(replaces=OuterRef("pk"), returned_at__isnull=True)
    standing = standing.exclude(application__status=Status.WITHDRAWN)
    rows = decisions_of(call).filter(application__status=Status.DECLINED, outcome=Outcome.SELECTED)
    return rows.filter(~Exists(standing))


def open_complaints() -> QuerySet[Complaint]:
    """Complaints that wait for an answer, the oldest first."""
    return Complaint.objects.filter(answered_at__isnull=True).select_related("application__lead", "by")


def without_recommendation(call: Call) -> ApplicationQuerySet:
    """Reviewed applications that nobody has recommended an outcome for."""
    return call.applications.filter(~standing_decision(), status=Status.REVIEWED)


def standing_decision() -> Exists:
    """An outcome is recommended, or approved and not published yet."""
    rows = Decision.objects.filter(
        application=OuterRef("pk"), published_at__isnull=True, returned_at__isnull=True
    )
    return Exists(rows)


def fingerprint_of(rows: Iterable[Decision]) -> str:
    """What a list of recommendations says, in 16 characters: to tell whether it is the one that was read."""
    lines = [
        f"{row.application_id} {row.outcome} {row.recommended_by_id} {row.recommended_at:%c %f} {row.reason}"
        for row in sorted(rows, key=lambda row: row.application_id)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def placed(call: Call) -> ApplicationQuerySet:
    """Selected and not declined."""
    return call.applications.filter(status__in=[str(status) for status in PLACED])
