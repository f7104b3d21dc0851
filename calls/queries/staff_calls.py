"""What programme staff have to do with calls and pairs. Each queue is one queryset."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now, TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from calls.models import Application, Call, Milestone, PairingRun, Proposal, ProposedCity
from calls.models.call import CLOSING_SOON, CallKind, CallQuerySet, Editorial
from calls.models.pairing import ProposalAnswer, RunCause, RunState
from calls.workflow import Status
from cooperation.accounts.models import User


@dataclass(frozen=True)
class CallQueue:
    """One kind of work on calls: what it is called, which calls wait for it, what it is for."""

    label: str | Promise
    of: Callable[[CallQuerySet, User, datetime], CallQuerySet]
    hint: str | Promise = ""


def closing_with_drafts(rows: CallQuerySet, user: User, at: datetime) -> CallQuerySet:
    """Open, closing within days, with drafts that nobody has submitted; staff count them, unread."""
    drafts = Application.objects.filter(call=OuterRef("pk"), status=Status.DRAFT)
    closing = rows.open(at).filter(editorial=Editorial.PUBLISHED, closes_at__lte=at + CLOSING_SOON)
    return closing.filter(Exists(drafts))


def to_publish(rows: CallQuerySet, user: User, at: datetime) -> CallQuerySet:
    """Drafts whose publication somebody else asked for."""
    rows = rows.filter(editorial=Editorial.DRAFT, publication_asked_at__isnull=False)
    return rows.exclude(publication_asked_by=user)


def passed_milestones(rows: CallQuerySet, user: User, at: datetime) -> CallQuerySet:
    """Published, with a milestone whose day has passed and which nobody has said to have happened."""
    passed = Milestone.objects.filter(
        call=OuterRef("pk"), planned_on__lt=TruncDate(Now()), actual_on__isnull=True
    )
    return rows.filter(Exists(passed), editorial=Editorial.PUBLISHED)


CALL_QUEUES: Mapping[str, CallQueue] = {
    "closing": CallQueue(
        _("Closing within 7 days, with drafts"),
        closing_with_drafts,
        _("Drafts stay with the cities that write them; reminders go out by themselves."),
    ),
    "publication": CallQueue(_("Drafts of calls, waiting for a second person"), to_publish),
    "milestones": CallQueue(
        _("Milestones passed"), passed_milestones, _("Say when each of them happened, or move it.")
    ),
}


def calls_waiting_for(queue: str, user: User, at: datetime) -> CallQuerySet:
    """The calls in one queue. Raises KeyError for a queue that does not exist."""
    return CALL_QUEUES[queue].of(Call.objects.all(), user, at)


def calls_without_pairing_run(at: datetime) -> CallQuerySet:
    """Closed pairing calls with screened applications that no run has paired or is pairing."""
    runs = PairingRun.objects.filter(call=OuterRef("pk"))
    runs = runs.exclude(state__in=(RunState.FAILED, RunState.CANCELLED))
    screened = Application.objects.filter(call=OuterRef("pk"), status=Status.ELIGIBLE)
    calls = Call.objects.closed(at).filter(kind=CallKind.PAIRING, editorial=Editorial.PUBLISHED)
    return calls.filter(~Exists(runs), Exists(screened))


def runs_to_publish() -> QuerySet[PairingRun]:
    """Recommended runs that a second person has not published."""
    return PairingRun.objects.filter(recommended_at__isnull=False, published_at__isnull=True).order_by("pk")


def runs_to_recommend() -> QuerySet[PairingRun]:
    """Finished runs after a city's answer that nobody recommended, and that no later run overtook.

    Those that propose somebody anew: one that only repeats what stands has nothing to be published.
    """
    rows = PairingRun.objects.exclude(cause=RunCause.WHAT_IF).filter(state=RunState.DONE)
    later = rows.filter(call=OuterRef("call"), number__gt=OuterRef("number"))
    found = rows.filter(~Exists(later), cause=RunCause.ANSWERS, recommended_at__isnull=True)
    standing = ProposedCity.objects.filter(
        application=OuterRef("application"),
        proposal__run__published_at__isnull=False,
        proposal__repeats__isnull=True,
        proposal__lapsed_at__isnull=True,
    )
    fresh = ProposedCity.objects.filter(~Exists(standing), proposal__run=OuterRef("pk"))
    return found.filter(Exists(fresh)).order_by("pk")


def introductions_asked() -> QuerySet[Proposal]:
    """Published proposals that stand, in which a city asks to be introduced and nobody has done so.

    Partners have each other's addresses: nobody introduces them.
    """
    asked = ProposedCity.objects.filter(proposal=OuterRef("pk"), introduction_asked_at__isnull=False)
    rows = Proposal.objects.filter(
        Exists(asked), introduced_at__isnull=True, lapsed_at__isnull=True, partnership__isnull=True
    )
    return rows.filter(run__published_at__isnull=False).select_related("run").order_by("pk")


def answers_overdue(at: datetime) -> QuerySet[Proposal]:
    """Published proposals that stand, past their day, with a city that has not answered."""
    waiting = ProposedCity.objects.filter(proposal=OuterRef("pk"), answer=ProposalAnswer.WAITING)
    rows = Proposal.objects.filter(
        Exists(waiting), repeats__isnull=True, lapsed_at__isnull=True, partnership__isnull=True
    )
    return rows.filter(run__answer_by__lt=at).select_related("run").order_by("pk")
