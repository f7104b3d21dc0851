"""The transactional outbox: a message is stored with the business change that causes it, sent later."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    HELD = "held", _("held for a digest")
    SENDING = "sending", _("sending")
    SENT = "sent", _("sent")
    DIGESTED = "digested", _("sent in a digest")
    PORTAL = "portal", _("in the portal only")
    UNCERTAIN = "uncertain", _("uncertain")
    LAPSED = "lapsed", _("lapsed")
    DEAD = "dead", _("dead")
    CANCELLED = "cancelled", _("called off")


# The reader sees a message in the portal in these states, however its mail fared.
IN_THE_PORTAL = (
    MessageState.SENDING,
    MessageState.SENT,
    MessageState.DIGESTED,
    MessageState.PORTAL,
    MessageState.UNCERTAIN,
    MessageState.DEAD,
)


# The kind of a mail that holds several messages; they are listed by themselves.
DIGEST = "digest"


class MessageQuerySet(models.QuerySet["Message"]):
    def in_inbox_of(self, reader_id: object) -> "MessageQuerySet":
        """What a reader finds in the portal: worded, and sent, tried or kept for them."""
        rows = self.filter(reader=reader_id, state__in=IN_THE_PORTAL)
        # a digest repeats messages that are listed themselves
        return rows.exclude(subject="").exclude(kind=DIGEST)

    def unread(self) -> "MessageQuerySet":
        return self.filter(read_at__isnull=True)


def _staff(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
        editable=False,
    )


class Message(models.Model):
    """One mail to one reader in the reader's language. What is worded when it is sent has no text before."""

    key = models.CharField(
        _("key"), max_length=200, unique=True, help_text=_("The same cause is mailed once.")
    )
    kind = models.CharField(_("kind"), max_length=40)
    recipient = models.EmailField(_("recipient"))
    # None: an address without an account, such as a partner's who is asked for consent.
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("reader"),
    )
    language = models.CharField(_("language"), max_length=7)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    body = models.TextField(_("text"), blank=True)
    # The same words as `body` with headings and links, without a head of its own.
    html = models.TextField(blank=True, editable=False)
    # Where in the portal the message leads: a path.
    path = models.CharField(max_length=300, blank=True, editable=False)
    action = models.BooleanField(_("action needed"), default=False)
    # One press there ends this kind of mail: a path; empty for what cannot be switched off.
    unsubscribe_path = models.CharField(max_length=300, blank=True, editable=False)
    about = models.JSONField(_("about"), default=dict, help_text=_("Ids that the relevance check looks up."))
    state = models.CharField(
        _("state"), max_length=12, choices=MessageState.choices, default=MessageState.WAITING
    )
    not_before = models.DateTimeField(_("not before"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    # When its text was about to be handed to the mail server: from then on it may have left.
    handed_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    message_id = models.CharField(_("message id"), max_length=200)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    # The digest that a held message went into.
    digest = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="parts", editable=False
    )
    # Who of staff sent it on its way again, and who called it off and why; nobody where the portal did.
    retried_at = models.DateTimeField(_("tried again"), null=True, blank=True, editable=False)
    retried_by = _staff(_("tried again by"))
    cancelled_at = models.DateTimeField(_("called off"), null=True, blank=True, editable=False)
    cancelled_by = _staff(_("called off by"))
    cancel_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("outbox")
        ordering = ["-created_at", "-id"]
        indexes = [
            # the sweep asks for what is due, every 30 seconds
            models.Index(
                fields=["not_before", "id"],
                name="notifications_due",
                condition=Q(state__in=["waiting", "sending"]),
            ),
            # the digests ask for what is held, reader by reader
            models.Index(fields=["reader"], name="notifications_held", condition=Q(state="held")),
            # every page of a reader counts what is unread
            models.Index(fields=["reader"], name="notifications_unread", condition=Q(read_at__isnull=True)),
            # the inbox lists the newest first
            models.Index(fields=["reader", "-created_at"], name="notifications_inbox"),
            # the admin lists the newest first
            models.Index(fields=["-created_at"], name="notifications_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="notifications_sent_has_instant",
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="notifications_lease_is_whole",
                condition=Q(lease_until__isnull=True, lease_token__isnull=True)
                | Q(lease_until__isnull=False, lease_token__isnull=False),
            ),
            models.CheckConstraint(
                name="notifications_sent_is_worded",
                condition=~Q(state__in=["sent", "digested", "portal"]) | ~Q(subject=""),
            ),
            models.CheckConstraint(
                name="notifications_retry_is_whole",
                condition=Q(retried_at__isnull=True, retried_by__isnull=True)
                | Q(retried_at__isnull=False, retried_by__isnull=False),
            ),
            models.CheckConstraint(
                name="notifications_cancelling_is_whole",
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True, cancel_reason="")
                | Q(state="cancelled", cancelled_at__isnull=False, cancelled_by__isnull=False)
                & ~Q(cancel_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"
