"""Asked just before a message is sent: does it still matter?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from calls.models import Application, Assignment, Call, PartnerInvitation, Reviewer, TeamMember
from calls.models.call import Editorial, Phase
from calls.queries.assignments import unfinished
from calls.queries.corrections import unanswered
from calls.queries.reviewers import WAITING
from calls.workflow import Status


def amendment_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """An amendment matters to those who can still change what they wrote."""
    rows = Application.objects.filter(pk=about["application"]).exclude(call__editorial=Editorial.CANCELLED)
    return rows.filter(status__in=[Status.DRAFT, Status.SUBMITTED]).exists()


def answer_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """An answer matters to those who write while the call takes applications, or will; or theirs alone."""
    call = Call.objects.filter(pk=about["call"]).first()
    if call is None or call.phase(at) is not Phase.CLOSED:
        return call is not None
    row = Application.objects.filter(pk=about.get("application") or 0).select_related("call").first()
    return row is not None and row.is_open(at)


def consent_request_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """A link matters until it is taken back, and while the application can still be answered for."""
    rows = PartnerInvitation.objects.filter(pk=about["invitation"], revoked_at__isnull=True)
    rows = rows.exclude(application__call__editorial=Editorial.CANCELLED)
    return rows.filter(application__status__in=[Status.DRAFT, Status.SUBMITTED]).exists()


def team_invitation_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """An invitation matters while it is open, its application not withdrawn and the call not cancelled."""
    rows = TeamMember.objects.filter(pk=about["team_member"])
    rows = rows.exclude(application__call__editorial=Editorial.CANCELLED)
    rows = rows.filter(revoked_at__isnull=True, accepted_at__isnull=True)
    return rows.exclude(application__status=Status.WITHDRAWN).exists()


def correction_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """A request for correction matters until it is answered, taken back, or its time has passed."""
    rows = unanswered().filter(application=about["application"], due_at__gt=at)
    rows = rows.exclude(application__call__editorial=Editorial.CANCELLED)
    return rows.filter(application__status=Status.SUBMITTED).exists()


def answer_due_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """A reminder of the due date matters until the city has accepted or declined its place."""
    return Application.objects.filter(pk=about["application"], status=Status.SELECTED).exists()


def assigned_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """News of assignments matter while one of them stands and can be worked on."""
    return unfinished(Assignment.objects.filter(pk__in=about["assignments"])).exists()


def unassigned_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """That something was taken back matters until all of it is assigned to the same person again."""
    again = Assignment.objects.standing().filter(application=OuterRef("application"), user=OuterRef("user"))
    return Assignment.objects.filter(~Exists(again), pk__in=about["assignments"]).exists()


def reviewer_invitation_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """An invitation matters until it is answered."""
    return Reviewer.objects.filter(WAITING, pk=about["reviewer"]).exists()
