"""Who may fetch which file of a partnership."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from cooperation.accounts.models import User
from cooperation.jobs.scanned import OPEN, OPEN_TO_OWNERS
from partnerships.models import Paper, Partnership


def readable_papers(user: User | AnonymousUser) -> QuerySet[Paper]:
    """Public documents, as long as they are the newest; to members and staff every version that is kept.

    What a virus scanner has not looked at is open to the members alone, and what is infected to nobody.
    """
    everybody = Q(pk__in=Paper.objects.newest().filter(public=True).values("pk")) & OPEN
    if not isinstance(user, User):
        return Paper.objects.kept().filter(everybody)
    if user.is_active and user.is_staff:
        return Paper.objects.kept().filter(OPEN)
    own = Q(partnership__in=Partnership.objects.of_person(user)) & OPEN_TO_OWNERS
    return Paper.objects.kept().filter(everybody | own)
