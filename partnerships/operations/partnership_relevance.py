"""Asked just before a message about a partnership is sent: does it still matter?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from partnerships.models import DueReport, JoiningRequest


def report_reminder_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """A reminder matters until the report is filed, and while it is due on the day it names."""
    return DueReport.objects.to_write().filter(pk=about["report"], due_on=about["due_on"]).exists()


def joining_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """A request to join matters until it is answered or taken back."""
    return JoiningRequest.objects.filter(pk=about["request"], answer="").exists()
