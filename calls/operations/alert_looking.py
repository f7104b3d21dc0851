"""Looking for news of saved searches: each distinct search once, and only when the catalogue has changed.

1. One figure stands for the catalogue on this clock (calls.queries.catalogue_state).
2. Every search that was last done on another catalogue is done once for all who saved it.
3. A call that nobody was told of is new; one that was told before it opened has opened; one that was told
   with another deadline has moved. Each is one row, which can be written only once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import structlog
from django.db import transaction

from calls.models import Alert, AlertNews, Call
from calls.models.alert import Frequency, NewsKind
from calls.queries.catalogue_state import catalogue_state
from calls.queries.saved_searches import Found, Search, found_by

logger = structlog.get_logger("portal.alerts")


def look_for_news(*, at: datetime) -> int:
    """Put down what is news for each saved search; return how many pieces were new."""
    state = catalogue_state(at)
    stale = Alert.objects.active().searches().exclude(frequency=Frequency.NONE).exclude(seen=state)
    queries = list(stale.order_by("query").values_list("query", flat=True).distinct())
    return sum(_look_safely(query, state, at) for query in queries)


def _look_safely(query: str, state: str, at: datetime) -> int:
    """A search that cannot be done must not keep the others from being done; it is tried again."""
    try:
        return _look(query, state, at)
    except Exception as error:
        # not its text, which may quote a row
        logger.error("search not done", error=type(error).__name__)
        return 0


@transaction.atomic
def _look(query: str, state: str, at: datetime) -> int:
    rows = Alert.objects.active().searches().exclude(frequency=Frequency.NONE).exclude(seen=state)
    locked = rows.filter(query=query).select_for_update(skip_locked=True, of=("self",), no_key=True)
    alerts = list(locked)
    if not alerts:
        return 0
    search = Search.read(query)
    found = found_by(search, at)
    known: dict[tuple[int, int], list[AlertNews]] = defaultdict(list)
    for row in AlertNews.objects.filter(alert__in=alerts, call__in=[each.call.pk for each in found]):
        known[row.alert_id, row.call_id].append(row)
    news = [
        piece
        for alert in alerts
        for each in found
        for piece in _pieces(alert, search, each, known[alert.pk, each.call.pk], at)
    ]
    AlertNews.objects.bulk_create(news, ignore_conflicts=True)
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(seen=state)
    return len(news)


def _pieces(
    alert: Alert, search: Search, found: Found, known: Sequence[AlertNews], at: datetime
) -> Iterator[AlertNews]:
    """What is news about one call for one alert; `known` is what was found about it before."""
    call = found.call
    if not known:
        if search.takes(found.group):
            yield _piece(alert, call, NewsKind.NEW, _since(call, alert, at))
        return
    told = sorted((row for row in known if row.told_at), key=told_order)
    if not told:
        return
    if told[0].told_at and told[0].told_at < call.opens_at <= at:
        yield _piece(alert, call, NewsKind.OPENED, call.opens_at)
    if told[-1].closes_at != call.closes_at:
        # counted, so that a deadline which moves there and back and there again is told each time
        cause = f"{len(told)}:{call.closes_at.isoformat() if call.closes_at else ''}"
        yield _piece(alert, call, NewsKind.DEADLINE, at, cause)


def told_order(row: AlertNews) -> tuple[datetime, int]:
    """Sorts what was told by when it was."""
    return row.told_at or row.happened_at, row.pk


def _since(call: Call, alert: Alert, at: datetime) -> datetime:
    """When a call became news, as far as it is known: what was published while nobody looked is not late."""
    known: Iterable[datetime] = filter(None, [call.published_at, call.opens_at])
    return max((moment for moment in known if alert.created_at < moment <= at), default=at)


def _piece(alert: Alert, call: Call, kind: NewsKind, happened_at: datetime, cause: str = "") -> AlertNews:
    return AlertNews(
        alert=alert,
        call=call,
        kind=kind,
        cause=cause,
        happened_at=happened_at,
        opens_at=call.opens_at,
        closes_at=call.closes_at,
    )
