"""The outbox to read, and what of it waits for somebody."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation.notifications.models import Message, MessageState
from cooperation.web.admin import Errand, register_errands

# Why the text of a message stays closed to a person of staff, by its `about`; an empty sentence: it does not.
Closed = Callable[[Mapping[str, Any], Any], str]
CLOSED: list[Closed] = []
# A part of an address as long as the secrets of links: it opens a page for its recipient, not for staff.
SECRET = re.compile(r"(?<=/)[\w-]{43}(?=/)", re.ASCII)


def closed_when(check: Closed) -> None:
    """Register the question why somebody does not read the text of a message."""
    CLOSED.append(check)


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """What was sent to whom, what waits, what died and why. Nothing is changed by hand."""

    list_display = ["created_at", "kind", "recipient", "subject", "state", "attempts", "last_error"]
    list_filter = ["state", "kind", "language"]
    search_fields = ["recipient", "subject", "key"]
    show_full_result_count = False
    actions = None
    exclude = ["body"]
    readonly_fields = ["text"]

    @admin.display(description=gettext_lazy("text"))
    def text(self, obj: Message) -> str:
        """The mail without the secrets in it."""
        if why := getattr(obj, "closed", ""):
            return why
        return SECRET.sub("…", obj.body)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Message | None:
        found = super().get_object(request, object_id, from_field)
        if found:
            found.closed = " ".join(filter(None, (check(found.about, request.user) for check in CLOSED)))
        return found

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False


def undelivered(request: HttpRequest) -> Iterator[Errand]:
    """Mail that no further attempt will deliver, and mail that may or may not have left."""
    for state, label in (
        (MessageState.DEAD, _("Mail that could not be delivered")),
        (MessageState.UNCERTAIN, _("Mail that may not have left")),
    ):
        url = reverse("admin:notifications_message_changelist") + f"?state__exact={state.value}"
        yield Errand(label, Message.objects.filter(state=state).count(), url)


register_errands("mail", gettext_lazy("Mail"), undelivered, order=30)
