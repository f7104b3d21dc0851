"""Who may see the scores of an application: nobody who still has to score it, anywhere.

A list, a sorting, a filter, an export and a page ask the same condition, so that none says more than another.
"""

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.db.models.expressions import BaseExpression
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.models import Application, Assignment, Conflict, Decision, Review
from calls.workflow import UNDER_REVIEW
from cooperation.accounts.models import User

HIDDEN = gettext_lazy("Hidden while you review it yourself, and from whoever has a conflict of interest.")


def scores_visible_to(user: User) -> Q:
    """The applications whose scores this person may see.

    Staff see them once the review is closed, and before if the application is not assigned to them.
    Whoever it is assigned to, staff or not, sees the others' after finishing, once the discussion has begun.
    A declared conflict of interest hides them for as long as it stands.
    """
    assigned = Exists(Assignment.objects.standing().filter(application=OuterRef("pk"), user=user))
    finished = Exists(
        Review.objects.filter(application=OuterRef("pk"), reviewer=user, finished_at__isnull=False)
    )
    conflicted = in_conflict(user)
    discussing = Q(assigned) & Q(finished) & Q(call__discussion_at__lte=Now())
    if not (user.is_active and user.is_staff):
        return discussing & ~Q(conflicted)
    closed = ~Q(status__in=[str(status) for status in UNDER_REVIEW])
    return (closed | ~Q(assigned) | discussing) & ~Q(conflicted)


def in_conflict(user: User, application: str = "pk") -> Exists:
    """A declared conflict of interest of this person stands; `application` is how a row names its own.

    It also closes whatever says scores in words: the reason of an outcome, the letter with it.
    """
    rows = Conflict.objects.filter(application=OuterRef(application), user=user, lifted_at__isnull=True)
    return Exists(rows)


def why_in_conflict(user: User, application: Application) -> str:
    """Why this person decides nothing about an application, as a sentence; empty without a conflict."""
    rows = Conflict.objects.filter(application=application, user=user, lifted_at__isnull=True)
    return word_conflict(application) if rows.exists() else ""


def word_conflict(application: Application) -> str:
    """The sentence for whoever declared a conflict of interest about it."""
    return _("You declared a conflict of interest about %(reference)s. Somebody else decides about it.") % {
        "reference": application.reference
    }


def may_see_scores(user: User, application: Application) -> bool:
    """The same condition, of one application."""
    return Application.objects.filter(scores_visible_to(user), pk=application.pk).exists()


def decisions_for(user: User) -> QuerySet[Decision]:
    """Decisions with `hidden`: whether a conflict of interest closes their reasons to this person."""
    return Decision.objects.annotate(hidden=in_conflict(user, "application"))


def blind(figure: BaseExpression, user: User) -> Case:
    """A figure that follows from scores, NULL where this person may not see them: it sorts as unknown."""
    return Case(When(scores_visible_to(user), then=figure), default=None)
