"""Which entries of the history and of the access log a member of staff may read.

Nobody who still has to score an application reads there who scored it how, and nobody with a declared
conflict of interest: not in a list, a filter or a count. Who has which rights is for those who manage people.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from calls.models import Application, Assignment, Conflict, Reading
from calls.workflow import RECOMMENDABLE, UNDER_REVIEW
from cooperation.accounts.models import User
from cooperation.history.models import HistoryEntry

OF_REVIEWS = ("calls_assignment", "calls_review", "calls_score", "calls_reopening", "calls_conflict")
# These say scores in words: the reason of an outcome, the feedback, the note of the step that told it.
OF_RESULTS = ("calls_decision", "calls_statuschange")
OF_VOTES = ("calls_sidevote",)
OF_PEOPLE = (
    *("accounts_user", "accounts_user_groups", "accounts_user_user_permissions"),
    *("auth_group", "auth_group_permissions", "mfa_authenticator", "partnerships_membership"),
)


def blinded_from(user: User) -> QuerySet[Application]:
    """Applications whose reviews this person may not know of: under review by them, or in conflict."""
    assigned = Assignment.objects.standing().filter(application=OuterRef("pk"), user=user)
    conflicted = Conflict.objects.filter(application=OuterRef("pk"), user=user, lifted_at__isnull=True)
    under_review = Q(status__in=[str(status) for status in UNDER_REVIEW])
    return Application.objects.filter((Q(Exists(assigned)) & under_review) | Q(Exists(conflicted)))


def visible_entries(user: User) -> QuerySet[HistoryEntry]:
    """Entries that this person may read; votes of a side once the application has its outcome."""
    blinded = list(blinded_from(user).values_list("pk", flat=True))
    voting = Application.objects.filter(status__in=[str(status) for status in RECOMMENDABLE])
    rows = HistoryEntry.objects.exclude(table__in=OF_VOTES, application__in=voting.values("pk"))
    if blinded:
        rows = rows.exclude(table__in=(*OF_REVIEWS, *OF_RESULTS), application__in=blinded)
    return rows if user.has_perm("accounts.view_user") else rows.exclude(table__in=OF_PEOPLE)


def visible_readings(application: Application, user: User) -> QuerySet[Reading]:
    """The access log of an application; without its reviewers where this person may not know them."""
    rows = application.readings.select_related("by")
    if not blinded_from(user).filter(pk=application.pk).exists():
        return rows
    reviewers = application.assignments.exclude(user=user).values("user")
    return rows.exclude(by__in=reviewers)
