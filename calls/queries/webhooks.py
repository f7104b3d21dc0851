"""The webhooks of the programmes, as staff see them, and why an address is not one of them."""

from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from calls.models import WebhookDelivery, WebhookEndpoint
from calls.models.webhook import TEST_EVENT, DeliveryState, WebhookEvent
from calls.webhooks.addresses import NotReachable, Why


def endpoint_list() -> QuerySet[Any]:
    """Every endpoint with `waiting`, `dead` and `delivered_at` as columns; without its secrets. One query."""
    rows = WebhookEndpoint.objects.select_related("programme").defer("secret", "former_secret")
    return rows.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state__in=["waiting", "sending"])),
        dead=Count("deliveries", filter=Q(deliveries__state=DeliveryState.DEAD)),
        delivered_at=Max("deliveries__finished_at", filter=Q(deliveries__state=DeliveryState.DELIVERED)),
    )


def state_of(endpoint: WebhookEndpoint) -> tuple[str, str]:
    """A state of the look and its word: switched off, paused, failing, or sending."""
    if not endpoint.active:
        return "not-started", _("Switched off")
    if endpoint.paused_at:
        return "not-met", _("Paused")
    if endpoint.failing_since:
        return "attention", _("Failing")
    return "done", _("Sending")


LOOKS = {
    "waiting": "asked",
    "sending": "asked",
    "delivered": "done",
    "dead": "not-met",
    "cancelled": "withdrawn",
}


def delivery_state(delivery: WebhookDelivery) -> tuple[str, str]:
    """A state of the look and its word."""
    return LOOKS[DeliveryState(delivery.state)], capfirst(str(delivery.get_state_display()))


def event_label(event: str) -> str:
    """What happened, in the reader's language."""
    if event == TEST_EVENT:
        return capfirst(_("a test"))
    return capfirst(str(WebhookEvent(event).label)) if event in WebhookEvent.values else event


def paused() -> QuerySet[WebhookEndpoint]:
    """Endpoints that the portal itself has stopped sending to."""
    return WebhookEndpoint.objects.filter(active=True, paused_at__isnull=False)


def word_why(refusal: NotReachable) -> str:
    """Why nothing is sent to an address, and the way out."""
    ports = ", ".join(str(port) for port in sorted(settings.WEBHOOKS_PORTS))
    return {
        Why.UNREADABLE: _("Write the address in full, such as https://example.org/hooks."),
        Why.SCHEME: _("Begin the address with https://, so that nobody else reads what is sent."),
        Why.PERSON: _("Leave name and password out of the address; the signature says who sends."),
        Why.PORT: _("Choose an address at one of these ports: %(ports)s.") % {"ports": ports},
        Why.PRIVATE: _("This address leads into a private network. Choose one that the internet reaches."),
        Why.UNKNOWN: _("Nobody knows the server of this address. Check its name."),
    }[refusal.why]
