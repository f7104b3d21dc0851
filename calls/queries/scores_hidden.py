"""To whom a ranking stays closed: whoever still has to score in the call would read the others' scores."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from calls.models import Call, Conflict
from calls.queries.blinding import scores_visible_to
from calls.queries.ranking import RANKED
from cooperation.accounts.models import User


@dataclass(frozen=True)
class Hidden:
    """How many applications this person still has to score, and with how many they have a conflict."""

    to_score: int = 0
    conflicts: int = 0


def hidden_from(user: User, call: Call) -> Hidden:
    """What keeps a person from the ranking of a call; Hidden() when nothing does. One query."""
    rows = call.applications.filter(status__in=[str(status) for status in RANKED])
    conflict = Conflict.objects.filter(application=OuterRef("pk"), user=user, lifted_at__isnull=True)
    closed = rows.exclude(scores_visible_to(user)).values_list(Exists(conflict), flat=True)
    found = list(closed)
    return Hidden(to_score=found.count(False), conflicts=found.count(True))
