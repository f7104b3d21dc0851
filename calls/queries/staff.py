"""What programme staff have to do, and the list they work from. Each queue is one queryset."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, FloatField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce, Greatest, Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from calls.models import Application, Call, Criterion, CutOff, Decision, PairingRun, Proposal, Review, Score
from calls.models.application import ApplicationQuerySet
from calls.models.call import CLOSING_SOON, CallKind, CallQuerySet, Editorial, Process
from calls.models.pairing import RunState
from calls.models.review import HIGHEST_SCORE
from calls.workflow import Status
from cooperation.accounts.models import User


def mean_score() -> Subquery:
    """Weighted mean of the finished score sheets of an application, 0 to 100; NULL without any.

    Sum of score x weight over the sum of weights, over all sheets; every finished sheet is complete, so
    this is the mean of the sheets.
    """
    finished = Score.objects.filter(review__application=OuterRef("pk"), review__finished_at__isnull=False)
    weighed = Cast(Sum(F("value") * F("criterion__weight")), FloatField())
    mean = (
        finished.order_by()
        .values("review__application")
        .annotate(mean=weighed * 100.0 / HIGHEST_SCORE / Sum("criterion__weight"))
    )
    return Subquery(mean.values("mean"), output_field=FloatField())


def staff_list(user: User) -> QuerySet[Application]:
    """The applications that staff see, with what a list shows, in a constant number of queries."""
    rows = Application.objects.for_staff(user).select_related("lead__city", "call__programme")
    return rows.prefetch_related("call__texts").annotate(mean=mean_score())


def to_screen(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """Submitted, and past the instant until which it may be submitted again (see cut_offs.settled_at)."""
    cut_offs = CutOff.objects.filter(call=OuterRef("call_id"), at__gt=OuterRef("submitted_at"))
    first = Subquery(cut_offs.order_by("at").values("at")[:1])
    settled = Coalesce(first, Greatest("call__closes_at", "extended_to"))
    unbound = Q(call__process=Process.ROLLING) | Q(settled=None)
    rows = rows.filter(status=Status.SUBMITTED).annotate(settled=settled)
    return rows.filter(unbound | Q(settled__lte=Now()))


def to_score(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """Under review, in a call that scores, and without a finished sheet of this person."""
    mine = Review.objects.filter(application=OuterRef("pk"), reviewer=user, finished_at__isnull=False)
    scored = Criterion.objects.filter(call=OuterRef("call_id"))
    return rows.filter(~Exists(mine), Exists(scored), status=Status.ELIGIBLE)


def to_close(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """Under review with at least one finished sheet: the review can be closed."""
    finished = Review.objects.filter(application=OuterRef("pk"), finished_at__isnull=False)
    return rows.filter(Exists(finished), status=Status.ELIGIBLE)


def open_decision() -> Exists:
    return Exists(Decision.objects.filter(application=OuterRef("pk"), approved_at__isnull=True))


def to_recommend(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    return rows.filter(~open_decision(), status=Status.REVIEWED)


def to_approve(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    return rows.filter(open_decision(), status__in=[Status.REVIEWED, Status.RESERVE])


@dataclass(frozen=True)
class Queue:
    """One kind of work on applications: what it is called, and which applications wait for it."""

    label: str | Promise
    of: Callable[[ApplicationQuerySet, User], ApplicationQuerySet]


QUEUES: Mapping[str, Queue] = {
    "screen": Queue(_("To screen"), to_screen),
    "score": Queue(_("Under review, not scored by you"), to_score),
    "close": Queue(_("Scored, review to be finished"), to_close),
    "recommend": Queue(_("Reviewed, waiting for a recommendation"), to_recommend),
    "approve": Queue(_("Recommended, waiting for a second person"), to_approve),
}


def waiting_for(queue: str, user: User) -> ApplicationQuerySet:
    """The applications in one queue. Raises KeyError for a queue that does not exist."""
    return QUEUES[queue].of(Application.objects.for_staff(user), user)


def drafts_in_closing_calls(at: datetime, within: timedelta = CLOSING_SOON) -> int:
    """How many drafts lie in open calls that close soon; staff count them and do not read them."""
    closing = Call.objects.open(at).filter(editorial=Editorial.PUBLISHED, closes_at__lte=at + within)
    return Application.objects.filter(status=Status.DRAFT, call__in=closing).count()


def calls_without_pairing_run(at: datetime) -> CallQuerySet:
    """Closed pairing calls with screened applications that no run has paired or is pairing."""
    runs = PairingRun.objects.filter(call=OuterRef("pk")).exclude(state=RunState.FAILED)
    screened = Application.objects.filter(call=OuterRef("pk"), status=Status.ELIGIBLE)
    calls = Call.objects.closed(at).filter(kind=CallKind.PAIRING, editorial=Editorial.PUBLISHED)
    return calls.filter(~Exists(runs), Exists(screened))


def pairs_to_approve() -> QuerySet[Proposal]:
    """Recommended pairs that a second person has not approved, while both cities are free."""
    founded = Proposal.objects.filter(partnership__isnull=False)
    home, abroad = OuterRef("home"), OuterRef("abroad")
    taken = founded.filter(Q(home=home) | Q(abroad=home) | Q(home=abroad) | Q(abroad=abroad))
    rows = Proposal.objects.filter(recommended_at__isnull=False, partnership__isnull=True)
    return rows.filter(~Exists(taken)).select_related("run")
