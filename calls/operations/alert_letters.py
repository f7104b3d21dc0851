"""The mails of saved searches and watched openings, worded in their reader's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from calls.models import Alert, Call
from calls.models.alert import NewsKind
from calls.queries.deadlines import UTC, Place, clocks
from calls.queries.saved_searches import Found, Names, Search
from calls.queries.search_wording import title_of, word_frequency, word_reason, word_search
from cooperation.notifications.operations import Letter, post_all

CONFIRMATION, ALERT, OPENS = "alert_confirmation", "alert", "call_opens"
LONGEST_PATH = 300  # characters, of a message
MAILED = (CONFIRMATION, ALERT, OPENS)


@dataclass(frozen=True)
class Item:
    """One call among the news: what is new about it, its dates on three clocks, and why it matched."""

    call: Call
    kinds: frozenset[str]
    opens: Sequence[Place]
    closes: Sequence[Place]
    reason: str

    @property
    def kind(self) -> str:
        """What stands first: that it is new, else that it opened, else that its deadline moved."""
        return next(kind for kind in (NewsKind.NEW, NewsKind.OPENED, NewsKind.DEADLINE) if kind in self.kinds)


def post_confirmation(alert: Alert, *, at: datetime) -> None:
    """The one mail to an address before it is confirmed; where it is already, one that says so."""
    with override(alert.language):
        search = Search.read(alert.query)
        names = Names.of([search])
        context = {
            "alert": alert,
            "call": alert.call,
            "words": word_search(search, names),
            "title": title_of(alert, names),
            "frequency": word_frequency(alert.frequency, alert.time_zone, alert.language),
        }
    letter = Letter(
        key=f"{CONFIRMATION}:{alert.pk}:{at.isoformat()}",
        kind=CONFIRMATION,
        recipient=alert.email,
        language=alert.language,
        template="calls/mail/alert_confirmation.txt",
        context=context,
        about={"alert": alert.pk, "confirmed": alert.confirmed_at is not None},
        path=_path("calls:search_confirm", alert.secret, alert.language),
    )
    post_all([letter], at=at)


def news_letter(alert: Alert, found: Iterable[tuple[Found, frozenset[str]]], *, key: str) -> Letter:
    """The mail about these calls; each comes with what is new about it."""
    with override(alert.language):
        search = Search.read(alert.query)
        names = Names.of([search])
        items = [_item(alert, search, row, kinds, names) for row, kinds in found]
        context = {
            "alert": alert,
            "items": items,
            "counted": _counted(items),
            "title": title_of(alert, names),
            "words": word_search(search, names),
            "frequency": word_frequency(alert.frequency, alert.time_zone, alert.language),
        }
    return Letter(
        key=f"{ALERT}:{alert.pk}:{key}",
        kind=ALERT,
        recipient=alert.email,
        reader=alert.owner,
        language=alert.language,
        template="calls/mail/alert.txt",
        context=context,
        about={"alert": alert.pk, "calls": [item.call.pk for item in items]},
        path=_list_path(alert),
        unsubscribe_path=stop_path(alert),
    )


def opening_letter(alert: Alert, call: Call, kind: NewsKind) -> Letter:
    """The mail about one call: it opened, or it opens at another time."""
    with override(alert.language):
        context = {
            "alert": alert,
            "call": call,
            "moved": kind == NewsKind.OPENING,
            "opens": _clocks(call.opens_at, call, alert),
            "closes": _clocks(call.closes_at, call, alert),
        }
    return Letter(
        key=f"{OPENS}:{alert.pk}:{kind}:{call.opens_at.isoformat()}",
        kind=OPENS,
        recipient=alert.email,
        reader=alert.owner,
        language=alert.language,
        template="calls/mail/call_opens.txt",
        context=context,
        about={"alert": alert.pk, "call": call.pk, "opens_at": call.opens_at.isoformat()},
        path=_path("calls:call", call.slug, alert.language),
        unsubscribe_path=stop_path(alert),
    )


def stop_path(alert: Alert) -> str:
    """One press there ends the alert."""
    return _path("calls:search_unsubscribe", alert.secret, alert.language)


def _list_path(alert: Alert) -> str:
    """The search in the list; one too long for a message's path leads to the whole list."""
    base = _path("calls:list", None, alert.language)
    whole = f"{base}?{alert.query}" if alert.query else base
    return whole if len(whole) <= LONGEST_PATH else base


def _path(name: str, secret: str | None, language: str) -> str:
    with override(language):
        return reverse(name, args=[secret] if secret else [])


def _item(alert: Alert, search: Search, row: Found, kinds: frozenset[str], names: Names) -> Item:
    opens = _clocks(row.call.opens_at, row.call, alert) if row.group == "later" else []
    closes = _clocks(row.call.closes_at, row.call, alert)
    return Item(row.call, kinds, opens, closes, word_reason(search, row, names))


def _clocks(moment: datetime | None, call: Call, alert: Alert) -> list[Place]:
    zones = [(call.zone, ""), (alert.time_zone, ""), (UTC, UTC)]
    return clocks(moment, zones) if moment else []


def _counted(items: Sequence[Item]) -> str:
    """What the mail holds, counted: "2 new calls, 1 moved deadline"."""
    number = {kind: sum(item.kind == kind for item in items) for kind in NewsKind}
    new, opened, moved = number[NewsKind.NEW], number[NewsKind.OPENED], number[NewsKind.DEADLINE]
    said = [
        ngettext("%(count)s new call", "%(count)s new calls", new) % {"count": new} if new else "",
        ngettext("%(count)s call opened", "%(count)s calls opened", opened) % {"count": opened}
        if opened
        else "",
        ngettext("%(count)s moved deadline", "%(count)s moved deadlines", moved) % {"count": moved}
        if moved
        else "",
    ]
    return ", ".join(filter(None, said)) or _("News")
