"""A reader's messages: the list, one of them, and marking them read.

Opening a page changes nothing. A message is marked read by a button on its page, which a script presses as
soon as the page is shown: so a preview of the address, or a program that follows links, reads nothing.
"""

from typing import cast

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from cooperation.accounts.models import User
from cooperation.notifications.authentication import with_unread
from cooperation.notifications.kinds import Topic
from cooperation.notifications.listing import Asked, how_mail_fared, messages_of, topic_of, where_it_went
from cooperation.notifications.models import Message
from cooperation.notifications.reading import mark_all_read, mark_read
from cooperation.web.admin_input import is_id
from cooperation.web.clock import database_now

PER_PAGE = 25


class Own(LoginRequiredMixin, View):
    """A page of the reader's own messages; those of others do not exist here."""

    @property
    def user(self) -> User:
        """The reader; LoginRequiredMixin lets nobody else in."""
        return cast(User, self.request.user)

    def message(self, pk: int) -> Message:
        rows = Message.objects.in_inbox_of(self.user.pk).select_related("digest")
        return get_object_or_404(rows, pk=pk)


class Inbox(Own):
    def get(self, request: HttpRequest) -> HttpResponse:
        asked = Asked.read(request.GET.dict())
        page = Paginator(messages_of(self.user.pk, asked), PER_PAGE).get_page(request.GET.get("page"))
        rows: list[Message] = list(page.object_list)
        lines = [
            {"message": row, "topic": topic_of(row).label, "trouble": how_mail_fared(row)} for row in rows
        ]
        context = {
            "asked": asked,
            "page": page,
            "lines": lines,
            "topics": Topic.choices,
            "newest": max((row.pk for row in rows), default=0),
            "place": "messages",
        }
        return render(request, "notifications/inbox.html", context)


class MessagePage(Own):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        message = self.message(pk)
        context = {
            "message_shown": message,
            "topic": topic_of(message),
            "trouble": how_mail_fared(message),
            "way": where_it_went(message),
            "place": "messages",
        }
        return render(request, "notifications/message.html", context)


class Read(Own):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark one read. A script is answered with the new state, a form with the page it stands on."""
        message = self.message(pk)
        mark_read(message=message, by=self.user, at=database_now())
        if request.htmx:  # type: ignore[attr-defined]
            person = with_unread(User.objects.all()).get(pk=self.user.pk)
            return render(request, "notifications/_read.html", {"unread_now": person.unread_messages})  # type: ignore[attr-defined]
        return redirect("notifications:message", pk=pk)


class ReadAll(Own):
    def post(self, request: HttpRequest) -> HttpResponse:
        """Mark read what the list showed and what is older; what came since stays unread."""
        newest = request.POST.get("newest", "")
        if not is_id(newest):
            messages.error(request, _("Nothing was marked: the list was not sent along. Open it again."))
            return redirect("notifications:inbox")
        number = mark_all_read(by=self.user, newest=int(newest), at=database_now())
        words = ngettext("%(number)d message marked as read.", "%(number)d messages marked as read.", number)
        messages.success(request, words % {"number": number})
        return redirect("notifications:inbox")
