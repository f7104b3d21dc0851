"""Asked just before a mail about a saved search or a watched opening is sent: does it still matter?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from calls.models import Alert, Call
from calls.models.call import Editorial, Phase


def confirmation_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """A link matters until somebody pressed there, and while its alert is not deleted."""
    rows = Alert.objects.current().filter(pk=about["alert"])
    return rows.filter(confirmed_at__isnull=not about["confirmed"]).exists()


def news_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """News matters to whom it still tells, while one of its calls takes applications or will."""
    if not Alert.objects.active().filter(pk=about["alert"]).exists():
        return False
    calls = Call.objects.filter(pk__in=about["calls"], editorial=Editorial.PUBLISHED)
    return any(call.phase(at) is not Phase.CLOSED for call in calls)


def opening_matters(about: Mapping[str, Any], at: datetime) -> bool:
    """An opening matters while it is the one that the mail names, and the call is not over."""
    call = Call.objects.filter(pk=about["call"], editorial=Editorial.PUBLISHED).first()
    if call is None or call.phase(at) is Phase.CLOSED or call.opens_at.isoformat() != about["opens_at"]:
        return False
    return Alert.objects.active().filter(pk=about["alert"]).exists()
