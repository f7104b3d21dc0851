"""Telling who waits for a call that it opened, or that it will open at another time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from calls.models import Alert, AlertNews
from calls.models.alert import NewsKind
from calls.models.call import Editorial, Phase
from calls.operations.alert_letters import opening_letter
from cooperation.notifications.operations import post_all

# A shift of hours is shown on the page; one of days makes people plan anew.
WORTH_TELLING = timedelta(days=1)
# After the mail the alert has done its work; until it is ended its link still silences a mail on its way.
DONE_AFTER = timedelta(days=2)
BATCH = 2_000  # alerts of one kind in one go


@transaction.atomic
def tell_openings(*, at: datetime) -> int:
    """Post what is due about watched calls, end what is done; return how many messages were new."""
    _end_what_is_done(at)
    watched = Alert.objects.active().openings().select_related("owner", "address", "call")
    watched = watched.filter(call__editorial=Editorial.PUBLISHED).prefetch_related("call__texts")
    opened = watched.filter(call__opens_at__lte=at).exclude(news__kind=NewsKind.OPENED)
    newest = AlertNews.objects.filter(alert=OuterRef("pk")).order_by("-told_at", "-pk")
    moved = watched.filter(call__opens_at__gt=at).annotate(said=Subquery(newest.values("opens_at")[:1]))
    posted = _tell(_locked(opened), NewsKind.OPENED, at)
    return posted + _tell((row for row in _locked(moved) if _moved(row)), NewsKind.OPENING, at)


def _locked(rows: QuerySet[Alert]) -> list[Alert]:
    return list(rows.order_by("pk").select_for_update(skip_locked=True, of=("self",), no_key=True)[:BATCH])


def _moved(alert: Alert) -> bool:
    said = alert.said  # type: ignore[attr-defined]
    return said is not None and alert.call is not None and abs(alert.call.opens_at - said) > WORTH_TELLING


def _tell(alerts: Iterable[Alert], kind: NewsKind, at: datetime) -> int:
    told = [(alert, alert.call) for alert in alerts if alert.call is not None]
    letters = [
        opening_letter(alert, call, kind) for alert, call in told if call.phase(at) is not Phase.CLOSED
    ]
    AlertNews.objects.bulk_create(
        [
            AlertNews(
                alert=alert,
                call=call,
                kind=kind,
                cause="" if kind == NewsKind.OPENED else call.opens_at.isoformat(),
                happened_at=call.opens_at if kind == NewsKind.OPENED else at,
                told_at=at,
                opens_at=call.opens_at,
                closes_at=call.closes_at,
            )
            for alert, call in told
        ],
        ignore_conflicts=True,
    )
    Alert.objects.filter(pk__in=[alert.pk for alert, _call in told]).update(told_at=at)
    return post_all(letters, at=at)


def _end_what_is_done(at: datetime) -> None:
    """Told some days ago, or of a call that is archived or cancelled: nothing more will be said."""
    told = Q(news__kind=NewsKind.OPENED, news__told_at__lte=at - DONE_AFTER)
    gone = Q(call__editorial__in=[Editorial.ARCHIVED, Editorial.CANCELLED])
    done = Alert.objects.current().openings().filter(told | gone).values("pk")
    Alert.objects.filter(pk__in=list(done.values_list("pk", flat=True))).update(ended_at=at)
