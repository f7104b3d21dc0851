"""Who may see the scores of an application: nobody who still has to score it, anywhere.

A list, a sorting, a filter, an export and a page ask the same condition, so that none says more than another.
"""

from django.db.models import Case, Exists, OuterRef, Q, When
from django.db.models.expressions import BaseExpression
from django.db.models.functions import Now

from calls.models import Application, Assignment, Conflict, Review
from calls.workflow import UNDER_REVIEW
from cooperation.accounts.models import User


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
    conflicted = Exists(
        Conflict.objects.filter(application=OuterRef("pk"), user=user, lifted_at__isnull=True)
    )
    discussing = Q(assigned) & Q(finished) & Q(call__discussion_at__lte=Now())
    if not (user.is_active and user.is_staff):
        return discussing & ~Q(conflicted)
    closed = ~Q(status__in=[str(status) for status in UNDER_REVIEW])
    return (closed | ~Q(assigned) | discussing) & ~Q(conflicted)


def may_see_scores(user: User, application: Application) -> bool:
    """The same condition, of one application."""
    return Application.objects.filter(scores_visible_to(user), pk=application.pk).exists()


def blind(figure: BaseExpression, user: User) -> Case:
    """A figure that follows from scores, NULL where this person may not see them: it sorts as unknown."""
    return Case(When(scores_visible_to(user), then=figure), default=None)
