"""One sweep of the alerts: look for news, tell it, tell openings, forget what nobody confirmed."""

from datetime import datetime

from calls.operations.alert_addresses import forget_stale
from calls.operations.alert_looking import look_for_news
from calls.operations.alert_openings import tell_openings
from calls.operations.alert_telling import tell_news


def sweep_alerts(*, at: datetime) -> int:
    """Return how many mails were posted. It may run twice, late, or beside itself."""
    look_for_news(at=at)
    posted = tell_news(at=at) + tell_openings(at=at)
    forget_stale(at=at)
    return posted
