"""Asked just before a message is sent: does it still matter?"""

from collections.abc import Mapping
from typing import Any

from calls.models import Application
from calls.workflow import Status
from cooperation.notifications.operations import relevant_when


def reminder_matters(about: Mapping[str, Any]) -> bool:
    """A reminder matters while the draft is a draft and the deadline is the one it names."""
    row = Application.objects.filter(pk=about["application"]).select_related("call").first()
    if row is None or row.status != Status.DRAFT or row.closes_at is None:
        return False
    return row.closes_at.isoformat() == about["closes_at"]


def amendment_matters(about: Mapping[str, Any]) -> bool:
    """An amendment matters to those who can still change what they wrote."""
    rows = Application.objects.filter(pk=about["application"])
    return rows.filter(status__in=[Status.DRAFT, Status.SUBMITTED]).exists()


def register() -> None:
    relevant_when("reminder", reminder_matters)
    relevant_when("amendment", amendment_matters)
