"""Telling the news of saved searches: at once, or in one digest at seven on the reader's clock.

No slot is stored: news is due when a slot lies between it and now and nothing was told since that slot. So a
beat that was away, a clock that was put forward or another time zone cost nothing and double nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Min, Q

from calls.models import Alert, AlertNews
from calls.models.alert import Frequency, NewsKind
from calls.operations.alert_letters import news_letter
from calls.operations.alert_looking import told_order
from calls.queries.saved_searches import Found, Search, found_by
from cooperation.notifications.operations import post_all
from cooperation.notifications.timing import last_digest

logger = structlog.get_logger("portal.alerts")


def tell_news(*, at: datetime) -> int:
    """Post what is due to each reader, one mail an alert; return how many."""
    waiting = Q(news__told_at__isnull=True, news__isnull=False)
    rows = Alert.objects.active().searches().exclude(frequency=Frequency.NONE).filter(waiting)
    rows = rows.select_related("owner", "address").annotate(first=Min("news__happened_at", filter=waiting))
    due = [row.pk for row in rows if is_due(row, row.first, at)]
    return sum(_tell_safely(pk, at) for pk in due)


def is_due(alert: Alert, since: datetime, at: datetime) -> bool:
    """Whether news that came about at `since` is told now."""
    if alert.frequency == Frequency.INSTANT:
        return True
    slot = last_digest(at, alert.time_zone, alert.frequency)
    return since < slot and (alert.told_at is None or alert.told_at < slot)


def _tell_safely(pk: int, at: datetime) -> int:
    """News that cannot be worded must not keep the others from being told; they are tried again."""
    try:
        return _tell(pk, at)
    except Exception as error:
        logger.error("news not told", alert=pk, error=type(error).__name__)
        return 0


@transaction.atomic
def _tell(pk: int, at: datetime) -> int:
    """One mail of all that waits and still matters; what does not is dropped and may become news again."""
    rows = Alert.objects.active().select_related("owner", "address").filter(pk=pk)
    alert = rows.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
    if alert is None:
        return 0
    found = {row.call.pk: row for row in found_by(Search.read(alert.query), at)}
    waiting = alert.news.filter(told_at__isnull=True)
    news = list(alert.news.filter(call__in=waiting.values("call")).order_by("pk"))
    matters, pointless = _sorted(news, found)
    AlertNews.objects.filter(pk__in=[row.pk for row in pointless]).delete()
    if not matters:
        return 0
    kinds: dict[int, set[str]] = defaultdict(set)
    for row in matters:
        kinds[row.call_id].add(row.kind)
        call = found[row.call_id].call
        row.told_at, row.opens_at, row.closes_at = at, call.opens_at, call.closes_at
    chosen = [(row, frozenset(kinds[call])) for call, row in found.items() if call in kinds]
    posted = post_all([news_letter(alert, chosen, key=str(matters[-1].pk))], at=at)
    AlertNews.objects.bulk_update(matters, ["told_at", "opens_at", "closes_at"])
    alert.told_at = at
    alert.save(update_fields=["told_at"])
    return posted


def _sorted(news: Iterable[AlertNews], found: Mapping[int, Found]) -> tuple[list[AlertNews], list[AlertNews]]:
    """What waits and still matters, and what does not: of a call that the search finds no more, or a
    deadline that moved back before anybody was told."""
    told = {row.call_id: row for row in sorted(filter(_is_told, news), key=told_order)}
    matters: list[AlertNews] = []
    pointless: list[AlertNews] = []
    for row in news:
        if row.told_at:
            continue
        here = found.get(row.call_id)
        back = row.kind == NewsKind.DEADLINE and here and told[row.call_id].closes_at == here.call.closes_at
        (matters if here and not back else pointless).append(row)
    return matters, pointless


def _is_told(row: AlertNews) -> bool:
    return row.told_at is not None
