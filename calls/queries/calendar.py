"""The dates of calls as entries of a calendar: what, when, which revision. A feed writes them down."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from calls.models import Amendment, Call
from calls.models.call import Editorial
from calls.queries.deadlines import UTC as UTC_ZONE
from calls.queries.deadlines import clocks
from partnerships.models.wording import localise

Reader = tuple[str, str] | None
SHOWN_FOR = timedelta(days=90)  # how long a feed of many calls goes back
MOST_CALLS = 500  # of one feed, the newest deadlines first


@dataclass(frozen=True)
class Entry:
    """One date. `key` never changes while it is about the same thing; `revision` rises when the date does.

    An instant is read in `zone`; a day has none. `opens`: the instant begins something, else it ends it.
    """

    key: str
    title: str
    at: datetime | date
    zone: str = UTC_ZONE
    details: str = ""
    url: str = ""
    place: str = ""
    revision: int = 0
    changed_at: datetime | None = None  # where that is known
    opens: bool = False
    cancelled: bool = False

    @property
    def instant(self) -> datetime:
        """When it is over, to compare with other instants; a day is over when it has ended everywhere."""
        if isinstance(self.at, datetime):
            return self.at
        return datetime.combine(self.at + timedelta(days=2), time(), UTC)


def readable_dates(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Calls with all that their entries read, in a fixed number of queries."""
    return calls.select_related("programme").prefetch_related(*DATES)


DATES = ("texts", "amendments", "cut_offs", "milestones")


def with_deadlines(calls: QuerySet[Call], at: datetime) -> QuerySet[Call]:
    """Calls that close, closed not long ago, or have no deadline: what a feed of many calls lists."""
    recent = Q(closes_at__isnull=True) | Q(closes_at__gte=at - SHOWN_FOR)
    nearest = Coalesce(F("closes_at"), F("opens_at")).desc()
    return readable_dates(calls.filter(recent).order_by(nearest, "pk"))[:MOST_CALLS]


def is_recent(call: Call, at: datetime) -> bool:
    """Whether a feed of many calls lists it, as `with_deadlines` asks the database."""
    return call.closes_at is None or call.closes_at >= at - SHOWN_FOR


def dates_of(call: Call, at: datetime, reader: Reader = None) -> list[Entry]:
    """Everything dated about one call. Uses prefetched DATES."""
    return _kept([*_deadlines(call, reader), *_questions(call, reader), *_milestones(call)], call, at)


def deadlines_of(calls: Iterable[Call], at: datetime, reader: Reader = None) -> list[Entry]:
    """When calls open and close, and their cut-offs. Uses prefetched DATES."""
    return [entry for call in calls for entry in _kept(list(_deadlines(call, reader)), call, at)]


def _kept(entries: list[Entry], call: Call, at: datetime) -> list[Entry]:
    """Future dates of what is archived or cancelled stay, cancelled: only so do calendars remove them."""
    if call.editorial not in (Editorial.ARCHIVED, Editorial.CANCELLED):
        return entries
    return [called_off(entry, call) for entry in entries if entry.instant > at]


def called_off(entry: Entry, call: Call) -> Entry:
    """The same date, cancelled, as its next revision."""
    known = [moment for moment in (entry.changed_at, call.cancelled_at) if moment]
    return replace(entry, cancelled=True, revision=entry.revision + 1, changed_at=max(known, default=None))


def _deadlines(call: Call, reader: Reader) -> Iterator[Entry]:
    about = {"call": call.title}
    moved = [row for row in call.amendments.all() if row.closes_to]
    yield _entry(call, "opens", _("Opens: %(call)s") % about, call.opens_at, reader, [], opens=True)
    if call.closes_at:
        yield _entry(call, "closes", _("Closes: %(call)s") % about, call.closes_at, reader, moved)
    for row in call.cut_offs.all():
        words = {**about, "cut_off": localise(row.labels) or _("Cut-off")}
        yield _entry(call, f"cut-off-{row.pk}", _("%(cut_off)s: %(call)s") % words, row.at, reader, [])


def _questions(call: Call, reader: Reader) -> Iterator[Entry]:
    if call.questions_until:
        moved = [row for row in call.amendments.all() if row.questions_to]
        title = _("Last questions: %(call)s") % {"call": call.title}
        yield _entry(call, "questions", title, call.questions_until, reader, moved)


def _milestones(call: Call) -> Iterator[Entry]:
    for row in call.milestones.all():
        if row.day:
            yield Entry(
                key=f"call-milestone-{row.pk}",
                title=_("%(what)s: %(call)s") % {"what": row, "call": call.title},
                at=row.day,
                details="" if row.actual_on else _("Planned."),
                url=settings.SITE_URL + call.get_absolute_url(),
                revision=1 if row.actual_on else 0,
                changed_at=_published(call),
            )


def _entry(
    call: Call,
    what: str,
    title: str,
    at: datetime,
    reader: Reader,
    moved: list[Amendment],
    *,
    opens: bool = False,
) -> Entry:
    return Entry(
        key=f"call-{call.pk}-{what}",
        title=title,
        at=at,
        zone=call.zone,
        details=on_clocks(at, call.zone, reader),
        url=settings.SITE_URL + call.get_absolute_url(),
        revision=len(moved),
        opens=opens,
        changed_at=max([_published(call), *(start_of(row.published_on, call) for row in moved)]),
    )


def on_clocks(at: datetime, zone: str, reader: Reader = None) -> str:
    """An instant on the call's clock, the reader's and UTC, a line each."""
    zones = [(zone, ""), *([reader] if reader else []), (UTC_ZONE, UTC_ZONE)]
    return "\n".join(f"{place.moment} {place.name}" for place in clocks(at, zones))


def start_of(day: date, call: Call) -> datetime:
    """The first instant of a day where the call's deadline is counted."""
    return datetime.combine(day, time(), call.zone_info).astimezone(UTC)


def _published(call: Call) -> datetime:
    return call.published_at or call.opens_at
