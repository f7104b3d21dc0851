"""How far the outbox is behind, for the health page."""

from datetime import datetime, timedelta

from django.db.models import Min

from cooperation.notifications.models import Message, MessageState
from cooperation.web.clock import database_now
from cooperation.web.health import Health

LAG_ALARM = timedelta(minutes=10)


def lag(*, at: datetime) -> timedelta:
    """How long the oldest due message has waited; zero when nothing is due."""
    due = Message.objects.filter(state__in=[MessageState.WAITING, MessageState.SENDING], not_before__lte=at)
    oldest = due.aggregate(oldest=Min("not_before"))["oldest"]
    return at - oldest if oldest else timedelta()


def outbox_health() -> Health:
    """Fine while the oldest due message has waited under ten minutes; the detail is the lag in seconds."""
    waited = lag(at=database_now())
    return Health(waited < LAG_ALARM, round(waited.total_seconds()))
