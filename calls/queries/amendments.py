"""What an amendment changed, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from calls.models import Amendment, Application
from calls.queries.deadlines import Place, clocks
from calls.queries.receipts import zones_of
from cooperation.accounts.models import User


@dataclass(frozen=True)
class Move:
    """An instant that moved, on the clocks that matter to a reader; `before` is empty where unknown."""

    title: str
    before: list[Place]
    after: list[Place]


def changes_of(amendment: Amendment, application: Application, reader: User | None = None) -> list[Move]:
    """The instants that an amendment moved, on the clocks of the call, of a party or the reader, and UTC."""
    zones = zones_of(application, reader)
    moves = (
        (_("The call closes"), amendment.closes_from, amendment.closes_to),
        (_("Questions are taken until"), amendment.questions_from, amendment.questions_to),
    )
    return [
        Move(title, clocks(before, zones) if before else [], clocks(after, zones))
        for title, before, after in moves
        if after
    ]


def amendments_concerning(application: Application) -> list[Amendment]:
    """Amendments published since the application was begun, the newest first; not the call's cancelling."""
    begun_on = application.call.day_of(application.created_at)
    rows = application.call.amendments.filter(published_on__gte=begun_on, cancels=False)
    return list(rows.order_by("-number"))
