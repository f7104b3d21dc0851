"""What programme staff have to do with applications: each queue is one queryset, counted and listed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Count, F, FloatField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from calls.models import Application, Score, StatusChange
from calls.models.application import ApplicationQuerySet
from calls.models.review import HIGHEST_SCORE
from calls.queries import waiting
from calls.workflow import Status
from cooperation.accounts.models import User

SCREENS, ASSIGNS = "calls.screen_application", "calls.assign_application"
RECOMMENDS, DECIDES = "calls.recommend_application", "calls.decide_application"


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


def against_assessment() -> Subquery:
    """Whether the last screening of an application contradicted the assessment; NULL before any."""
    screened = StatusChange.objects.filter(
        application=OuterRef("pk"), target__in=[Status.ELIGIBLE, Status.INELIGIBLE]
    )
    return Subquery(screened.order_by("-at", "-id").values("overrides")[:1])


@dataclass(frozen=True)
class Queue:
    """One kind of work on applications: what it is called, and which applications wait for it.

    `right` is what a person needs to do it, empty where being assigned is enough. `for_me` is False where
    somebody else has the next step and staff only watch.
    """

    label: str | Promise
    of: Callable[[ApplicationQuerySet, User], ApplicationQuerySet]
    right: str = ""
    for_me: bool = True

    def open_to(self, user: User) -> bool:
        return not self.right or user.has_perm(self.right)


QUEUES: Mapping[str, Queue] = {
    "score": Queue(_("To score by you"), waiting.to_score),
    "score_overdue": Queue(_("Overdue: your score sheet"), waiting.score_overdue),
    "screen": Queue(_("To screen"), waiting.to_screen, SCREENS),
    "corrected": Queue(_("Corrected on request, to be read again"), waiting.corrected, SCREENS),
    "correction_overdue": Queue(
        _("Correction asked, the time has passed"), waiting.correction_overdue, SCREENS
    ),
    "city": Queue(_("Waiting for the city: a correction is asked"), waiting.with_the_city, SCREENS, False),
    "assign": Queue(_("Fewer reviewers than wanted"), waiting.to_assign, ASSIGNS),
    "conflict": Queue(_("A reviewer stood aside, the place is open"), waiting.left_open, ASSIGNS),
    "reviews_overdue": Queue(_("Reviews overdue"), waiting.reviews_overdue, ASSIGNS),
    "close": Queue(_("Every review is in, to be closed"), waiting.to_close, ASSIGNS),
    "recommend": Queue(_("Reviewed, waiting for a recommendation"), waiting.to_recommend, RECOMMENDS),
    "approve": Queue(_("Recommended, waiting for a second person"), waiting.to_approve, DECIDES),
    "publish": Queue(_("Approved, the city does not know yet"), waiting.to_publish, DECIDES),
    "unanswered": Queue(_("Selected, no answer in time"), waiting.unanswered, RECOMMENDS),
    "refill": Queue(_("Place declined, nobody recommended for it"), waiting.to_refill, RECOMMENDS),
    "complaint": Queue(_("Complaints to answer"), waiting.complained, RECOMMENDS),
}


def waiting_for(queue: str, user: User) -> ApplicationQuerySet:
    """The applications in one queue. Raises KeyError for a queue that does not exist."""
    return QUEUES[queue].of(Application.objects.for_staff(user), user)


def by_call(queue: str, user: User) -> list[tuple[int, int]]:
    """(call, how many of its applications are in a queue), the most first; in one query."""
    rows = waiting_for(queue, user).order_by().values("call_id").annotate(number=Count("pk"))
    return [(row["call_id"], row["number"]) for row in rows.order_by("-number", "call_id")]


@dataclass(frozen=True)
class Place:
    """Where one application stands in a queue: how many are in it, and its neighbours, None at an end."""

    queue: str
    label: str
    count: int
    previous: int | None
    next: int | None


def place_in(queue: str, user: User, application: Application) -> Place:
    """In the order of the list, the newest submission first. The application itself may have left it."""
    rows = waiting_for(queue, user)
    at, pk = application.submitted_at, application.pk
    later = rows.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=pk))
    earlier = rows.filter(Q(submitted_at__lt=at) | Q(submitted_at=at, pk__lt=pk))
    return Place(
        queue,
        str(QUEUES[queue].label),
        rows.count(),
        later.order_by("submitted_at", "pk").values_list("pk", flat=True).first(),
        earlier.order_by("-submitted_at", "-pk").values_list("pk", flat=True).first(),
    )
