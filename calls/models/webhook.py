"""Webhooks: where a programme's own systems hear of events, what is on its way there, and each attempt."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models.programme import Programme
from cooperation.history.triggers import recorded


class WebhookEvent(models.TextChoices):
    """What can be heard of; their contents are in calls.queries.webhook_events. None names a person."""

    CALL_PUBLISHED = "call.published", _("a call is published")
    CALL_AMENDED = "call.amended", _("a call is amended")
    APPLICATION_SUBMITTED = "application.submitted", _("an application is submitted")
    DECISION_PUBLISHED = "decision.published", _("the outcome of an application is published")
    RESULTS_PUBLISHED = "results.published", _("results of a call are published")
    PARTNERSHIP_FOUNDED = "partnership.founded", _("a partnership is founded")


TEST_EVENT = "webhook.test"


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def listening(self) -> "WebhookEndpointQuerySet":
        """Those that deliveries go out to now."""
        return self.filter(active=True, paused_at__isnull=True)


# The secrets sign; the last two change with every attempt.
LEFT_OUT = ("secret", "former_secret", "failing_since", "quiet_until")


class WebhookEndpoint(models.Model):
    """An address of a programme's system, the events it hears of, and the secret that signs them."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="webhooks", verbose_name=_("programme")
    )
    description = models.CharField(_("description"), max_length=200)
    url = models.CharField(_("address"), max_length=500)
    events = ArrayField(
        models.CharField(max_length=40, choices=WebhookEvent.choices), verbose_name=_("events")
    )
    active = models.BooleanField(_("switched on"), default=True)
    # By the portal itself, after failing for days or being told that nobody is there; staff resume.
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    pause_reason = models.CharField(_("why it is paused"), max_length=300, blank=True)
    # Since when no delivery has succeeded, and until when none is tried.
    failing_since = models.DateTimeField(null=True, blank=True)
    quiet_until = models.DateTimeField(null=True, blank=True)
    # Needed to sign, so kept as they are; the former one signs, too, until its receiver knows the new one.
    secret = models.CharField(max_length=80)
    former_secret = models.CharField(max_length=80, blank=True)
    former_until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["programme__code", "id"]
        constraints = [
            models.CheckConstraint(
                name="calls_webhook_paused_pair",
                condition=Q(paused_at__isnull=True, pause_reason="")
                | (Q(paused_at__isnull=False) & ~Q(pause_reason="")),
            ),
            models.CheckConstraint(
                name="calls_webhook_former_pair",
                condition=Q(former_secret="", former_until__isnull=True)
                | (~Q(former_secret="") & Q(former_until__isnull=False)),
            ),
        ]
        triggers = [recorded(leave_out=LEFT_OUT)]

    def __str__(self) -> str:
        return self.description


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    DELIVERED = "delivered", _("delivered")
    DEAD = "dead", _("given up")
    CANCELLED = "cancelled", _("called off")


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint. Its id and its bytes stay the same whatever is tried again."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.UUIDField(_("number of the event"), default=uuid4)
    event = models.CharField(_("event"), max_length=40)
    body = models.TextField(_("contents"))
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    created_at = models.DateTimeField(_("happened"))
    not_before = models.DateTimeField(_("next attempt"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("event for a webhook")
        verbose_name_plural = _("events for webhooks")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="calls_webhookdelivery_once"),
            models.CheckConstraint(
                name="calls_webhookdelivery_lease",
                condition=Q(state="sending", lease_until__isnull=False, lease_token__isnull=False)
                | (~Q(state="sending") & Q(lease_until__isnull=True, lease_token__isnull=True)),
            ),
        ]
        indexes = [
            # the sender: what is due
            models.Index(
                fields=["not_before"], condition=Q(state="waiting"), name="calls_webhookdelivery_due"
            ),
            # the log of an endpoint, newest first
            models.Index(fields=["endpoint", "-created_at"], name="calls_webhookdelivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.event_id}"

    @property
    def message_id(self) -> str:
        """The receiver's key against doubles, the same at each attempt."""
        return f"msg_{self.event_id.hex}"


class WebhookAttempt(models.Model):
    """One attempt to deliver: what came back, how long it took, or why it failed."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField(_("when"))
    status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    milliseconds = models.PositiveIntegerField(_("duration, ms"))
    error = models.CharField(_("error"), max_length=300, blank=True)
    answer = models.TextField(_("beginning of the answer"), blank=True)

    class Meta:
        verbose_name = _("attempt to deliver")
        verbose_name_plural = _("attempts to deliver")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.status or self.error}"
