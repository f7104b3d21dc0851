"""The transactional outbox: a message is stored with the business change that causes it, sent later."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("sending")
    SENT = "sent", _("sent")
    UNCERTAIN = "uncertain", _("uncertain")
    LAPSED = "lapsed", _("lapsed")
    DEAD = "dead", _("dead")


class Message(models.Model):
    """One mail to one reader, already rendered in the reader's language."""

    key = models.CharField(
        _("key"), max_length=200, unique=True, help_text=_("The same cause is mailed once.")
    )
    kind = models.CharField(_("kind"), max_length=40)
    recipient = models.EmailField(_("recipient"))
    language = models.CharField(_("language"), max_length=7)
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    about = models.JSONField(_("about"), default=dict, help_text=_("Ids that the relevance check looks up."))
    state = models.CharField(
        _("state"), max_length=12, choices=MessageState.choices, default=MessageState.WAITING
    )
    not_before = models.DateTimeField(_("not before"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    message_id = models.CharField(_("message id"), max_length=200)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("outbox")
        ordering = ["-created_at", "-id"]
        indexes = [
            # the sweep asks for what is due, every 30 seconds
            models.Index(
                fields=["not_before"],
                name="notifications_due",
                condition=models.Q(state__in=["waiting", "sending"]),
            ),
            # the admin lists the newest first
            models.Index(fields=["-created_at"], name="notifications_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="notifications_sent_has_instant",
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="notifications_lease_is_whole",
                condition=models.Q(lease_until__isnull=True, lease_token__isnull=True)
                | models.Q(lease_until__isnull=False, lease_token__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"
