"""Who is invited to the next stage: the selected ones of the stage before, until they have begun."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from calls.models import Application, Call
from calls.models.call import Admission, Editorial, Phase
from calls.queries.deadlines import Place, clocks, word_instant, word_left
from calls.queries.receipts import zones_of
from calls.workflow import LIVE, PLACED
from cooperation.accounts.models import User
from partnerships.models import Membership, Organisation
from partnerships.models.organisation import WRITERS


@dataclass(frozen=True)
class Invited:
    """One invitation: the next call, for which organisation, from which application, until when."""

    call: Call
    lead: Organisation
    earlier: Application
    open: bool
    when: str
    left: str


@dataclass(frozen=True)
class Stage:
    """One call of a process with several, in order."""

    call: Call
    here: bool
    invited_only: bool
    phase: Phase


def invitations_of(user: User, at: datetime) -> list[Invited]:
    """What the person's organisations are invited to and have not begun, the nearest deadline first."""
    rows = _selected(user).select_related("call__promotes_to__programme", "lead")
    rows = rows.prefetch_related("call__promotes_to__texts", "call__texts").defer("answers")
    found = [_invited(row, row.call.promotes_to, at) for row in rows if row.call.promotes_to]
    ahead = [row for row in found if row.call.phase(at) is not Phase.CLOSED]
    return sorted(ahead, key=lambda row: (row.call.closes_at is None, row.call.closes_at, row.earlier.pk))


def is_invited(user: User | AnonymousUser, call: Call) -> bool:
    """Whether one of the person's organisations was selected in the stage before this call."""
    if not user.is_authenticated:
        return False
    return Application.objects.filter(
        call__promotes_to=call, status__in=PLACED, lead__in=_organisations(user)
    ).exists()


def invitation_after(application: Application, at: datetime) -> Call | None:
    """The call that a selected application opens to its lead, while it is not closed."""
    following = application.call.promotes_to
    if following is None or following.editorial != Editorial.PUBLISHED or following.phase(at) is Phase.CLOSED:
        return None
    return following


def stage_clocks(following: Call, application: Application, reader: User) -> list[Place]:
    """When the next stage closes, or opens before that, on the clocks that matter to a reader."""
    moment = following.closes_at or following.opens_at
    zones = [(following.zone, ""), *zones_of(application, reader)]
    return clocks(moment, zones)


def stages_of(call: Call, at: datetime) -> list[Stage]:
    """The stages around a call, this one included; empty for a call of one stage. Uses prefetched rows."""
    around = [*call.promoted_from.all(), call, *([call.promotes_to] if call.promotes_to else [])]
    if len(around) == 1:
        return []
    return [Stage(row, row.pk == call.pk, row.admits == Admission.INVITED, row.phase(at)) for row in around]


def _organisations(user: User) -> QuerySet[Membership, Any]:
    return Membership.objects.verified().filter(user=user, role__in=WRITERS).values("organisation")


def _selected(user: User) -> QuerySet[Application]:
    begun = Application.objects.filter(
        call=OuterRef("call__promotes_to"), lead=OuterRef("lead"), status__in=[str(status) for status in LIVE]
    )
    return Application.objects.filter(
        ~Exists(begun),
        status__in=PLACED,
        call__promotes_to__editorial=Editorial.PUBLISHED,
        lead__in=_organisations(user),
    )


def _invited(row: Application, following: Call, at: datetime) -> Invited:
    opened = following.phase(at) is Phase.OPEN
    moment = following.closes_at if opened else following.opens_at
    return Invited(
        call=following,
        lead=row.lead,
        earlier=row,
        open=opened,
        when=word_instant(moment, following.zone) if moment else "",
        left=word_left(moment, at) if moment and opened else "",
    )
