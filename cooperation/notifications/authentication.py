"""Loading the reader of a page together with the number of unread messages: one query, on every page."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import IntegerField, OuterRef, Subquery
from django.db.models.query import QuerySet

from cooperation.accounts.models import User
from cooperation.notifications.models import Message

MOST_COUNTED = 100  # beyond it is "99+"


class Counted(Subquery):
    """How many rows a subquery has; its own limit bounds the work."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS unread)"
    output_field = IntegerField()


def with_unread(people: QuerySet[User]) -> QuerySet[User]:
    """People with `unread_messages`, at most MOST_COUNTED."""
    unread = Message.objects.in_inbox_of(OuterRef("pk")).unread().order_by().values("pk")
    return people.annotate(unread_messages=Counted(unread[:MOST_COUNTED]))


class CountingBackend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        """The person of a session, with `unread_messages`."""
        person = with_unread(User.objects.all()).filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None
