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


def register() -> None:
    relevant_when("reminder", reminder_matters)
