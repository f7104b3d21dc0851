"""Deliveries of webhooks: the log, one delivery with its attempts, and what of them waits for staff."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from calls.access import NotAllowed, require
from calls.admin.pages import Refusal, StaffAdmin, person, sets_up_calls, staff_page, status_of
from calls.models import WebhookDelivery
from calls.models.webhook import DeliveryState
from calls.operations.status import NotPossible
from calls.operations.webhooks import cancel_delivery, retry_delivery
from calls.queries.clock import database_now
from calls.queries.deadlines import word_instant
from calls.queries.webhooks import delivery_state, event_label, paused
from cooperation.web.admin import Errand, register_errands
from cooperation.web.templatetags.portal import state

LIST, CHANGE = "admin:calls_webhookdelivery_changelist", "admin:calls_webhookdelivery_change"
ENDPOINTS = "admin:calls_webhookendpoint_changelist"


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(StaffAdmin):
    """The log, to read; the page of one delivery sends it again or lets it be."""

    staff_place = "calls"
    list_display = ["event_shown", "endpoint", "happened", "state_shown", "attempts", "last_error"]
    list_filter = ["state", "event", "endpoint__programme"]
    list_select_related = ["endpoint__programme"]
    ordering = ["-created_at", "-pk"]
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookDelivery]:
        secrets = ("endpoint__secret", "endpoint__former_secret")
        return super().get_queryset(request).defer("body", *secrets)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return sets_up_calls(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return sets_up_calls(request)

    @admin.display(description=gettext_lazy("event"), ordering="event")
    def event_shown(self, row: WebhookDelivery) -> str:
        return event_label(row.event)

    @admin.display(description=gettext_lazy("happened"), ordering="created_at")
    def happened(self, row: WebhookDelivery) -> str:
        return word_instant(row.created_at, row.endpoint.programme.zone)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, row: WebhookDelivery) -> SafeString:
        return state(*delivery_state(row))

    def get_urls(self) -> list[URLPattern]:
        """The list, and our own page in place of Django's form."""
        wrap, base = self.admin_site.admin_view, "calls_webhookdelivery"
        return [
            path("", wrap(self.changelist_view), name=f"{base}_changelist"),
            path("<int:pk>/", wrap(page), name=f"{base}_change"),
            path("<int:pk>/retry/", wrap(retry), name=f"{base}_retry"),
            path("<int:pk>/cancel/", wrap(cancel), name=f"{base}_cancel"),
        ]


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """What was to be said, and every attempt to say it."""
    return _page(request, _load(request, pk))


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("It is sent again now. Load the page again to see what came back.")
    return _step(request, pk, retry_delivery, said)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, cancel_delivery, _("It is not sent any more."))


def _step(request: HttpRequest, pk: int, step: Callable[..., object], said: str) -> HttpResponse:
    delivery = _load(request, pk)
    try:
        step(delivery=delivery, by=person(request), at=database_now())
    except (NotPossible, NotAllowed) as refusal:
        return _page(request, delivery, refusal)
    messages.success(request, said)
    return redirect(CHANGE, pk)


def _load(request: HttpRequest, pk: int) -> WebhookDelivery:
    require(sets_up_calls(request), _("Only programme staff can do this."))
    found = WebhookDelivery.objects.select_related("endpoint__programme").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, delivery: WebhookDelivery, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "title": event_label(delivery.event),
        "staff_place": "calls",
        "delivery": delivery,
        "endpoint": delivery.endpoint,
        "zone": delivery.endpoint.programme.zone,
        "state": delivery_state(delivery),
        "attempts": delivery.log.all(),
        "may_retry": delivery.state not in (DeliveryState.SENDING, DeliveryState.DELIVERED),
        "may_cancel": delivery.state in (DeliveryState.WAITING, DeliveryState.DEAD),
        "refusal": refusal,
    }
    status = status_of(refusal) if refusal else 200
    return staff_page(request, "admin/calls/webhook/delivery.html", context, status=status)


def webhooks_waiting(request: HttpRequest) -> Iterator[Errand]:
    """Webhooks that the portal stopped sending to, and events that no further attempt will deliver."""
    if not person(request).has_perm("calls.change_call"):
        return
    url = f"{reverse(ENDPOINTS)}?state=paused"
    yield Errand(_("Webhooks that are paused after failures"), paused().count(), url)
    dead = WebhookDelivery.objects.filter(state=DeliveryState.DEAD).count()
    yield Errand(_("Events that no webhook took"), dead, f"{reverse(LIST)}?state__exact=dead")


register_errands("webhooks", gettext_lazy("Webhooks"), webhooks_waiting, order=31)
