"""What somebody wants to be told of: a saved search of the catalogue, or the opening of one call."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _

from calls.models.call import Call
from calls.secret_links import new_token


class Frequency(models.TextChoices):
    INSTANT = "instant", _("at once")
    DAILY = "daily", _("every day")
    WEEKLY = "weekly", _("every Monday")
    NONE = "none", _("no mail, only the calendar")


class NewsKind(models.TextChoices):
    NEW = "new", _("new")
    OPENED = "opened", _("open now")
    DEADLINE = "deadline", _("new deadline")
    OPENING = "opening", _("new opening")


class AlertAddress(models.Model):
    """An e-mail address without an account; its secret opens everything that is kept about it."""

    email = models.EmailField(_("e-mail address"), unique=True)
    language = models.CharField(_("language"), max_length=7, choices=settings.LANGUAGES)
    time_zone = models.CharField(_("time zone"), max_length=64)
    secret = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("address with alerts")
        verbose_name_plural = _("addresses with alerts")

    def __str__(self) -> str:
        return self.email


class AlertQuerySet(models.QuerySet["Alert"]):
    def current(self) -> "AlertQuerySet":
        """Not ended; whether confirmed or not."""
        return self.filter(ended_at__isnull=True)

    def active(self) -> "AlertQuerySet":
        """What is looked for and told: confirmed, not ended, not paused, of somebody who is there."""
        there = Q(owner__isnull=True) | Q(owner__is_active=True)
        return self.current().filter(there, confirmed_at__isnull=False, paused_at__isnull=True)

    def searches(self) -> "AlertQuerySet":
        return self.filter(call__isnull=True)

    def openings(self) -> "AlertQuerySet":
        return self.filter(call__isnull=False)


class Alert(models.Model):
    """A search in canonical form (empty: every call), or one call that has not opened yet."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts"
    )
    address = models.ForeignKey(
        AlertAddress, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts"
    )
    query = models.CharField(_("search"), max_length=4_000, blank=True)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts")
    name = models.CharField(_("name"), max_length=120, blank=True)
    frequency = models.CharField(
        _("how often"), max_length=7, choices=Frequency.choices, default=Frequency.WEEKLY
    )
    # Confirms and ends this alert; it stands in every mail of it.
    secret = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    # Opens the calendar of the search and nothing else: calendars are handed to other people.
    feed_secret = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(_("created"))
    # When the address was last asked to confirm it.
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    told_at = models.DateTimeField(_("last mail"), null=True, blank=True)
    # The catalogue that was last looked through: calls.queries.catalogue_state.
    seen = models.CharField(max_length=32, blank=True, editable=False)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["created_at", "id"]
        indexes = [
            # the look asks for every search that lives, one question after the other
            models.Index(
                fields=["seen"],
                name="calls_alert_seen",
                condition=Q(ended_at__isnull=True, call__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="calls_alert_is_somebodys",
                condition=Q(owner__isnull=True, address__isnull=False)
                | Q(owner__isnull=False, address__isnull=True),
            ),
            models.CheckConstraint(
                name="calls_alert_of_search_or_call", condition=Q(call__isnull=True) | Q(query="")
            ),
            # by digest: a search may be longer than an index takes
            models.UniqueConstraint(
                F("owner"),
                MD5("query"),
                name="calls_alert_search_once",
                condition=Q(ended_at__isnull=True, call__isnull=True, owner__isnull=False),
            ),
            models.UniqueConstraint(
                F("address"),
                MD5("query"),
                name="calls_alert_search_once_an_address",
                condition=Q(ended_at__isnull=True, call__isnull=True, address__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["owner", "call"],
                name="calls_alert_opening_once",
                condition=Q(ended_at__isnull=True, owner__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["address", "call"],
                name="calls_alert_opening_once_an_address",
                condition=Q(ended_at__isnull=True, address__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.query or str(self.call_id or _("Every call"))

    @property
    def language(self) -> str:
        """Whose language: the person's, or the one chosen with the address."""
        return self._reader.language

    @property
    def time_zone(self) -> str:
        return self._reader.time_zone

    @property
    def email(self) -> str:
        return self._reader.email

    @property
    def _reader(self):
        return self.owner or self.address


class AlertNews(models.Model):
    """One piece of news for one alert: found once, told once. What was there at the start counts as told."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="news")
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=NewsKind.choices)
    # What tells two pieces of one kind apart: the instant that moved.
    cause = models.CharField(max_length=60, blank=True)
    happened_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    # The instants that the reader was told, or was shown at the beginning.
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "call", "kind", "cause"], name="calls_alertnews_found_once"
            )
        ]
        indexes = [
            # what waits to be told
            models.Index(fields=["alert"], name="calls_alertnews_untold", condition=Q(told_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.call_id}"
