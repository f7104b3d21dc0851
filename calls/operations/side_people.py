"""Who may decide for one of the sides of a call."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from calls.models.decision import Side
from calls.operations.status import NotPossible
from cooperation.accounts.models import User


def require_people(side: Side, members: Iterable[Any]) -> None:
    """Staff who are active decide for a side, and nobody for two; who left the staff may stay as they are.

    Raises NotPossible naming the first who cannot.
    """
    there = set(side.members.values_list("pk", flat=True)) if side.pk else set()
    people = User.objects.filter(pk__in=[getattr(row, "pk", row) for row in members]).order_by("pk")
    others = Side.objects.filter(call=side.call).exclude(pk=side.pk).prefetch_related("members")
    taken = {person.pk: other for other in others for person in other.members.all()}
    for person in people:
        about = {"person": person.name or person.email, "side": taken.get(person.pk)}
        if person.pk in taken:
            raise NotPossible(_("%(person)s decides for “%(side)s” already, and nobody for both.") % about)
        if person.pk not in there and not (person.is_active and person.is_staff):
            raise NotPossible(_("%(person)s is not on the staff, who alone decide for a side.") % about)
