"""Calendars: of one call, of the catalogue as it is filtered, of one person."""

from django.db.models import Q, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from calls.feeds.ics import ics
from calls.feeds.sending import CALENDAR, send
from calls.filters import CallFilters
from calls.models import Alert, CalendarFeed, Call
from calls.models.call import Editorial
from calls.queries.calendar import (
    DATES,
    dates_of,
    deadlines_of,
    is_recent,
    readable_dates,
    with_deadlines,
)
from calls.queries.catalogue import catalogue
from calls.queries.clock import database_now
from calls.queries.my_calendar import entries_of
from calls.queries.saved_searches import calls_of_search


@require_safe
def of_call(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Everything dated about one published call."""
    calls = readable_dates(Call.objects.exclude(editorial=Editorial.DRAFT))
    call = get_object_or_404(calls, slug=slug)
    at = database_now()
    content = ics(call.title, dates_of(call, at), at)
    return send(request, content, content_type=CALENDAR, name=f"{call.slug}.ics")


@require_safe
def of_catalogue(request: HttpRequest) -> HttpResponseBase:
    """Deadlines of the calls that the same address of the catalogue lists."""
    at = database_now()
    filters = CallFilters(request.GET, catalogue(at))
    if not filters.is_valid():
        words = _("This search cannot be done. Open it in the catalogue of calls, and copy the address anew.")
        return HttpResponse(words, status=400, content_type="text/plain; charset=utf-8")
    entries = deadlines_of(with_deadlines(filters.qs, at), at)
    content = ics(_("Deadlines of calls"), entries, at)
    return send(request, content, content_type=CALENDAR, name="deadlines.ics")


@require_safe
def of_search(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Deadlines of the calls that a saved search stands for, in its reader's language, until it is ended."""
    rows = Alert.objects.current().searches().filter(confirmed_at__isnull=False)
    there = rows.filter(Q(owner__isnull=True) | Q(owner__is_active=True))
    alert = there.select_related("owner", "address").filter(feed_secret=secret).first()
    if alert is None:
        raise Http404
    at = database_now()
    found = [call for call in calls_of_search(alert, at) if is_recent(call, at)]
    prefetch_related_objects(found, *DATES)
    with override(alert.language):
        reader = (alert.time_zone, "") if alert.time_zone != "UTC" else None
        content = ics(alert.name or _("Deadlines of calls"), deadlines_of(found, at, reader), at)
    return send(request, content, content_type=CALENDAR, name="search.ics", private=True)


@require_safe
def of_person(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The dates of whoever made this address, in their language, while they are here."""
    feed = CalendarFeed.objects.select_related("person").filter(secret=secret, person__is_active=True).first()
    if feed is None:
        raise Http404
    at = database_now()
    with override(feed.person.language):
        content = ics(_("My cooperation dates"), entries_of(feed.person, at), at)
    return send(request, content, content_type=CALENDAR, name="my-dates.ics", private=True)
