"""The list of the outbox, and what of it waits for somebody."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cooperation.notifications.admin import pages
from cooperation.notifications.admin.filters import KindFilter, TopicFilter
from cooperation.notifications.admin.states import state_shown
from cooperation.notifications.lag import lag
from cooperation.notifications.models import Message, MessageState
from cooperation.web.admin import Errand, register_errands
from cooperation.web.clock import database_now

COUNTED = (MessageState.WAITING, MessageState.HELD, MessageState.UNCERTAIN, MessageState.DEAD)


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """What was sent to whom, what waits, what died and why. No field is changed by hand."""

    list_display = ["what", "shown", "recipient", "trouble", "created_at"]
    list_display_links = ["what"]
    list_filter = ["state", TopicFilter, KindFilter, "language", "created_at"]
    search_fields = ["recipient", "subject", "key"]
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    actions = ["retry_chosen"]

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def shown(self, row: Message) -> SafeString:
        return state_shown(row)

    @admin.display(description=gettext_lazy("message"), ordering="subject")
    def what(self, row: Message) -> SafeString:
        return format_html('{}<span class="hint">{}</span>', row.subject or _("Worded when sent"), row.kind)

    @admin.display(description=gettext_lazy("what went wrong"))
    def trouble(self, row: Message) -> str:
        if not row.last_error:
            return ""
        attempts = ngettext("%(number)d attempt", "%(number)d attempts", row.attempts)
        return f"{row.last_error} ({attempts % {'number': row.attempts}})"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        # texts are long, and a list shows none
        return super().get_queryset(request).defer("body", "html", "about")

    @admin.action(description=gettext_lazy("Try again now"), permissions=["steer"])
    def retry_chosen(self, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse:
        """Leads to a page that names them; nothing is done before it is pressed there."""
        return pages.confirm_retries(request, queryset)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"title": _("Outbox"), **(extra_context or {}), **_figures(database_now())}
        return super().changelist_view(request, context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Our own page; steps have addresses of their own."""
        if request.method == "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        message = self.get_object(request, object_id)
        if message is None:
            return super().change_view(request, object_id, form_url, extra_context)
        return pages.message_page(request, message)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("retry/", wrap(pages.retry_many_page), name="notifications_message_retry_many"),
            path("<int:pk>/retry/", wrap(pages.retry_page), name="notifications_message_retry"),
            path("<int:pk>/call-off/", wrap(pages.call_off_page), name="notifications_message_call_off"),
        ]
        return own + super().get_urls()

    def has_steer_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_message")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False


def _figures(at: datetime) -> dict[str, Any]:
    """How far the outbox is behind, and how many messages are in each state that is not an end."""
    rows = Message.objects.filter(state__in=COUNTED).order_by().values_list("state")
    numbers = dict(rows.annotate(number=Count("pk")))
    figures = [(state.value, state.label, numbers.get(state.value, 0)) for state in COUNTED]
    return {"waited": _in_words(lag(at=at)), "figures": figures, "status_page": _status_page()}


def _in_words(waited: timedelta) -> str:
    """How long something waited: seconds up to two minutes, then minutes and more; nothing for none."""
    if not waited:
        return ""
    seconds = round(waited.total_seconds())
    if seconds < 120:
        return ngettext("%(number)d second", "%(number)d seconds", seconds) % {"number": seconds}
    now = datetime(2026, 1, 1, tzinfo=UTC)  # any day: only the distance counts
    return timesince(now - waited, now, depth=1)


def _status_page() -> str:
    try:
        return reverse("admin:jobs_taskrun_changelist")
    except NoReverseMatch:
        return ""


def undelivered(request: HttpRequest) -> Iterator[Errand]:
    """Mail that no further attempt will deliver, and mail that may or may not have left."""
    for state, label in (
        (MessageState.DEAD, _("Mail that could not be delivered")),
        (MessageState.UNCERTAIN, _("Mail that may not have left")),
    ):
        url = reverse("admin:notifications_message_changelist") + f"?state__exact={state.value}"
        yield Errand(label, Message.objects.filter(state=state).count(), url)


register_errands("mail", gettext_lazy("Mail"), undelivered, order=30)
