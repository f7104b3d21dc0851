"""Who may fetch which file of a partnership."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from cooperation.accounts.models import User
from partnerships.models import Paper, Partnership


def readable_papers(user: User | AnonymousUser) -> QuerySet[Paper]:
    """Public documents, as long as they are the newest; to members and staff every version that is kept."""
    everybody = Q(pk__in=Paper.objects.newest().filter(public=True).values("pk"))
    if not isinstance(user, User):
        return Paper.objects.kept().filter(everybody)
    if user.is_active and user.is_staff:
        return Paper.objects.kept()
    return Paper.objects.kept().filter(everybody | Q(partnership__in=Partnership.objects.of_person(user)))
