"""What waits for one person of a city, and is due: a place or a partner to answer, a correction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q

from calls.models import Application, CorrectionRequest, Decision, ProposedCity, TeamMember
from calls.models.call import Editorial
from calls.models.pairing import ProposalAnswer
from calls.models.team import EDITORS, TeamRole
from calls.queries.corrections import unanswered
from calls.queries.deadlines import word_instant, word_left
from calls.workflow import Status
from cooperation.accounts.models import User
from partnerships.models import Membership
from partnerships.models.organisation import WRITERS


class Kind(StrEnum):
    PLACE = "place"
    CORRECTION = "correction"
    PROPOSAL = "proposal"


@dataclass(frozen=True)
class Task:
    """One thing to do before it is due, in words on the call's clock."""

    kind: Kind
    application: Application
    due_at: datetime
    due: str
    left: str


def tasks_of(user: User, at: datetime) -> list[Task]:
    """What this person may do and nobody has done, the nearest due date first; in a fixed number of queries.

    What is overdue is not there: the person can do nothing about it here any more.
    """
    found = [_task(Kind.PLACE, row.application, row.acceptance_due_at, at) for row in _places(user, at)]
    found += [_task(Kind.CORRECTION, row.application, row.due_at, at) for row in _corrections(user, at)]
    found += [
        _task(Kind.PROPOSAL, row.application, row.proposal.run.answer_by, at) for row in _proposals(user, at)
    ]
    return sorted(found, key=lambda task: (task.due_at, task.application.pk))


def _places(user: User, at: datetime) -> Iterable[Decision]:
    rows = Decision.objects.published().filter(
        _acts(user, (TeamRole.SUBMITTER,)),
        application__status=Status.SELECTED,
        acceptance_due_at__gt=at,
    )
    return rows.select_related("application__call", "application__lead").prefetch_related(
        "application__call__texts"
    )


def _corrections(user: User, at: datetime) -> Iterable[CorrectionRequest]:
    rows = unanswered().filter(_acts(user, EDITORS), application__status=Status.SUBMITTED, due_at__gt=at)
    rows = rows.exclude(application__call__editorial=Editorial.CANCELLED)
    return rows.select_related("application__call", "application__lead").prefetch_related(
        "application__call__texts"
    )


def _proposals(user: User, at: datetime) -> Iterable[ProposedCity]:
    rows = ProposedCity.objects.filter(
        _acts(user, (TeamRole.SUBMITTER,)),
        answer=ProposalAnswer.WAITING,
        proposal__lapsed_at__isnull=True,
        proposal__partnership__isnull=True,
        proposal__repeats__isnull=True,
        proposal__run__published_at__isnull=False,
        proposal__run__answer_by__gt=at,
    )
    return rows.select_related("proposal__run", "application__call", "application__lead").prefetch_related(
        "application__call__texts"
    )


def _acts(user: User, roles: Iterable[TeamRole]) -> Q:
    """For what belongs to an application: the person writes for its lead, or has such a role in its team."""
    lead, application = OuterRef("application__lead"), OuterRef("application")
    members = Membership.objects.verified().filter(user=user, organisation=lead, role__in=WRITERS)
    team = TeamMember.objects.active().filter(user=user, application=application, role__in=tuple(roles))
    return Q(Exists(members)) | Q(Exists(team))


def _task(kind: Kind, application: Application, due_at: datetime | None, at: datetime) -> Task:
    assert due_at is not None  # noqa: S101 said to mypy; each query asks for it
    due = word_instant(due_at, application.call.zone)
    return Task(kind, application, due_at, due, word_left(due_at, at))
