"""The page of one's own calendar: its secret address, made here, made anew, ended."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views import View

from calls.models import CalendarFeed
from calls.operations.calendar_feed import end_calendar_feed, make_calendar_feed
from calls.queries.clock import database_now
from calls.queries.my_calendar import entries_of
from cooperation.accounts.models import User

MOST_SHOWN = 8


class MyCalendar(LoginRequiredMixin, View):
    """Without an address nothing is shown to anybody; a new one ends the one before."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        user, do = self._user(request), request.POST.get("do", "")
        if do == "end":
            end_calendar_feed(by=user)
            messages.success(request, _("The address opens nothing any more."))
        elif do == "make":
            make_calendar_feed(by=user, at=database_now())
            messages.success(request, _("Your calendar has a new address."))
        else:
            return self._page(request, status=422)
        return redirect("calls:my_calendar")

    def _page(self, request: HttpRequest, status: int = 200) -> HttpResponse:
        user, at = self._user(request), database_now()
        feed = CalendarFeed.objects.filter(person=user).first()
        ahead = sorted(
            (row for row in entries_of(user, at) if row.instant > at and not row.cancelled),
            key=lambda row: row.instant,
        )
        context = {
            "feed": feed,
            "address": _address(feed) if feed else "",
            "entries": ahead[:MOST_SHOWN],
            "more": max(0, len(ahead) - MOST_SHOWN),
        }
        return render(request, "calls/my_calendar.html", context, status=status)

    @staticmethod
    def _user(request: HttpRequest) -> User:
        assert isinstance(request.user, User)  # noqa: S101 said to mypy; LoginRequiredMixin asked
        return request.user


def _address(feed: CalendarFeed) -> str:
    """Without a language: the calendar speaks the person's, whichever that is by then."""
    with override(settings.LANGUAGE_CODE):
        return settings.SITE_URL + reverse("calls:my_feed", args=[feed.secret])
