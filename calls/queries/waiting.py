"""Which applications wait for which step. Each function narrows a queryset of applications for one person."""

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest, Now

from calls.models import Assignment, Criterion, CutOff, Review
from calls.models.application import ApplicationQuerySet
from calls.models.call import Process
from calls.models.reviewer import AssignmentEnd
from calls.queries import corrections, decisions
from calls.workflow import Status
from cooperation.accounts.models import User

# --- screening ----------------------------------------------------------------------------------------------


def to_screen(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """Submitted, and the city has no time left to submit it again (see screening.why_not_screen)."""
    cut_offs = CutOff.objects.filter(call=OuterRef("call_id"), at__gt=OuterRef("submitted_at"))
    first = Subquery(cut_offs.order_by("at").values("at")[:1])
    settled = Coalesce(first, Greatest("call__closes_at", "extended_to"))
    rows = rows.filter(~corrections.awaits_city(), status=Status.SUBMITTED).annotate(settled=settled)
    unbound = Q(call__process=Process.ROLLING) | Q(settled=None) | Q(corrections.has_answered())
    return rows.filter(unbound | Q(settled__lte=Now()))


def corrected(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """The city answered a request for correction, and nobody has screened it since."""
    answered = Exists(corrections.answered().filter(application=OuterRef("pk")))
    return rows.filter(answered, status=Status.SUBMITTED)


def correction_overdue(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """Asked for a correction that did not come in time."""
    return rows.filter(corrections.overdue(), status=Status.SUBMITTED)


def with_the_city(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """Asked for a correction, with time left to answer."""
    return rows.filter(corrections.awaits_city(), status=Status.SUBMITTED)


# --- reviewing ----------------------------------------------------------------------------------------------


def unfinished(user: User | None = None) -> Exists:
    """Somebody, or this person, is assigned and has not finished their sheet."""
    finished = Review.objects.filter(
        application=OuterRef("application"), reviewer=OuterRef("user"), finished_at__isnull=False
    )
    rows = Assignment.objects.standing().filter(~Exists(finished), application=OuterRef("pk"))
    return Exists(rows.filter(user=user) if user else rows)


def under_review(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    """Eligible, in a call that scores."""
    return rows.filter(Exists(Criterion.objects.filter(call=OuterRef("call_id"))), status=Status.ELIGIBLE)


def reviewers() -> Coalesce:
    """How many people are assigned now."""
    rows = Assignment.objects.standing().filter(application=OuterRef("pk")).order_by().values("application")
    counted = rows.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def wanting(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    """With fewer reviewers than the call wants."""
    return rows.alias(reviewers=reviewers()).filter(reviewers__lt=F("call__reviews_wanted"))


def to_score(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """Assigned to this person, who has not finished."""
    return under_review(rows).filter(unfinished(user))


def score_overdue(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """Assigned to this person, who has not finished, past the due date."""
    return to_score(rows, user).filter(call__review_due_at__lte=Now())


def to_assign(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """Under review, with fewer reviewers than the call wants."""
    return wanting(under_review(rows))


def left_open(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """A reviewer declared a conflict or abstained, and nobody took the place."""
    ends = [AssignmentEnd.CONFLICT, AssignmentEnd.ABSTAINED]
    aside = Assignment.objects.filter(application=OuterRef("pk"), end__in=ends)
    return wanting(under_review(rows)).filter(Exists(aside))


def reviews_overdue(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """Past the due date of the reviews, with a reviewer who has not finished."""
    return under_review(rows).filter(unfinished(), call__review_due_at__lte=Now())


def to_close(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """Their review can be closed."""
    return all_finished(rows)


def all_finished(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    """As many have finished as the call wants, and nobody is still at it."""
    finished = Review.objects.filter(application=OuterRef("pk"), finished_at__isnull=False)
    counted = finished.order_by().values("application").annotate(number=Count("pk")).values("number")
    rows = under_review(rows).alias(sheets=Subquery(counted, output_field=IntegerField()))
    return rows.filter(~unfinished(), sheets__gte=F("call__reviews_wanted"))


# --- deciding -----------------------------------------------------------------------------------------------


def to_recommend(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """Reviewed, and nobody has recommended an outcome, or it was sent back."""
    return rows.filter(~decisions.standing_decision(), status=Status.REVIEWED)


def to_approve(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """Recommended by somebody else."""
    others = decisions.open_decisions().filter(application=OuterRef("pk")).exclude(recommended_by=user)
    return rows.filter(Exists(others))


def to_publish(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """Approved, and the city does not know yet."""
    return rows.filter(Exists(decisions.to_publish().filter(application=OuterRef("pk"))))


def unanswered(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """Selected, and the day until which the place was to be accepted has passed."""
    due = decisions.to_answer().filter(application=OuterRef("pk"), acceptance_due_at__lte=Now())
    return rows.filter(Exists(due))


def to_refill(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """Declined places that nobody is recommended for."""
    return rows.filter(Exists(decisions.freed_places().filter(application=OuterRef("pk"))))


def complained(rows: ApplicationQuerySet, user: User) -> ApplicationQuerySet:
    """With a complaint that nobody has answered."""
    return rows.filter(Exists(decisions.open_complaints().filter(application=OuterRef("pk"))))
