"""Asked just before a message about a partnership is sent: does it still matter?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from partnerships.models import DueReport, JoiningRequest
from partnerships.operations.report_reminding import days_due


def report_reminder_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """A reminder matters until the report is filed, its day moves, or a later one comes."""
    rows = DueReport.objects.to_write().filter(pk=about["report"], due_on=about["due_on"])
    report = rows.select_related("partnership").first()
    if report is None:
        return False
    return about.get("days") in (None, days_due(report, at.date()))


def joining_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """A request to join matters until it is answered or taken back."""
    return JoiningRequest.objects.filter(pk=about["request"], answer="").exists()
