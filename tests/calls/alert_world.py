"""Calls with explicit instants, and searches of them: what several tests of alerts need."""

from datetime import UTC, datetime, timedelta

from calls.models import Alert, Call
from calls.models.alert import Frequency
from calls.operations.alert_addresses import ask_for_alert, confirm_alert
from calls.operations.alert_looking import look_for_news
from calls.operations.alert_telling import tell_news
from calls.operations.alerts import save_search
from calls.queries.saved_searches import Search
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from tests.factories import CallFactory, UserFactory

# A Tuesday at noon in Stockholm.
TUESDAY = datetime(2026, 11, 24, 11, tzinfo=UTC)
MONDAY_SEVEN = datetime(2026, 11, 30, 6, tzinfo=UTC)
DAY = timedelta(days=1)


def call_of(slug: str, *, opens: datetime = TUESDAY - DAY, closes: datetime | None = None, **more) -> Call:
    """A published call, open since yesterday for sixty days unless told otherwise."""
    more = {"published_at": opens - DAY, **more}
    return CallFactory(slug=slug, opens_at=opens, closes_at=closes or opens + 60 * DAY, **more)


def coordinator(**more) -> User:
    return UserFactory(**{"time_zone": "Europe/Stockholm", "email": "maja@example.org", **more})


def saved(by: User, frequency: Frequency = Frequency.WEEKLY, at: datetime = TUESDAY, **search) -> Alert:
    return save_search(search=Search(**search), frequency=frequency, by=by, at=at)[0]


def asked(email: str = "ola@example.org", at: datetime = TUESDAY, **more) -> None:
    about = {"language": "en", "time_zone": "Europe/Warsaw", "search": Search(), **more}
    ask_for_alert(email=email, at=at, **about)


def confirmed(email: str = "ola@example.org", at: datetime = TUESDAY, **more) -> Alert:
    asked(email, at, **more)
    alert = Alert.objects.filter(address__email=email).latest("pk")
    return confirm_alert(secret=alert.secret, at=at)


def sweep(at: datetime) -> int:
    """Look and tell, as the beat does."""
    look_for_news(at=at)
    return tell_news(at=at)


def subjects(kind: str = "alert") -> list[str]:
    """Subjects of what was posted, in order."""
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("subject", flat=True))
