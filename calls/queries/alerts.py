"""The alerts of a person or an address as their page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from calls.models import Alert, AlertAddress
from calls.models.alert import Frequency
from calls.queries.saved_searches import Names, Search
from calls.queries.search_wording import title_of, word_frequency, word_search
from cooperation.accounts.models import User


@dataclass(frozen=True)
class AlertLine:
    """One saved search or watched opening: its title, what it looks for, when it is told, its calendar."""

    alert: Alert
    title: str
    words: str
    frequency: str
    feed_path: str


def alerts_of(reader: User | AlertAddress) -> list[AlertLine]:
    """What tells this reader, the newest first. Whatever their number, at most seven queries."""
    rows = Alert.objects.current().filter(confirmed_at__isnull=False)
    rows = rows.filter(owner=reader) if isinstance(reader, User) else rows.filter(address=reader)
    rows = rows.select_related("owner", "address", "call").prefetch_related("call__texts")
    return lines_of(list(rows.order_by("-created_at", "-pk")))


def lines_of(alerts: Sequence[Alert]) -> list[AlertLine]:
    """Alerts in words, in the active language."""
    names = Names.of([Search.read(alert.query) for alert in alerts])
    return [_line(alert, names) for alert in alerts]


def _line(alert: Alert, names: Names) -> AlertLine:
    if alert.call:
        return AlertLine(alert, alert.call.title, "", "", "")
    return AlertLine(
        alert,
        title_of(alert, names),
        word_search(Search.read(alert.query), names),
        word_frequency(alert.frequency, alert.time_zone, alert.language),
        feed_path(alert),
    )


def feed_path(alert: Alert) -> str:
    """The address of the search's calendar; empty where the portal offers none."""
    try:
        return reverse("calls:search_feed", args=[alert.feed_secret])
    except NoReverseMatch:
        return ""


def silent(alert: Alert) -> bool:
    """Whether nothing is mailed although the alert stands."""
    return alert.paused_at is not None or alert.frequency == Frequency.NONE


def address_with(secret: str) -> AlertAddress | None:
    """The address that a secret opens; none for one whose only alerts wait to be confirmed."""
    found = AlertAddress.objects.filter(secret=secret).first()
    return found if found and found.alerts.filter(confirmed_at__isnull=False).exists() else None


def alert_with(secret: str) -> Alert | None:
    """The alert that the link of a mail belongs to, ended ones too."""
    rows = Alert.objects.select_related("owner", "address", "call").prefetch_related("call__texts")
    return rows.filter(secret=secret).first()
