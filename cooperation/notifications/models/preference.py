"""How a reader wants to be told: by topic at once, in a digest or in the portal only; and when not at all."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    AT_ONCE = "at_once", _("at once")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")
    PORTAL = "portal", _("in the portal only")


class Preference(models.Model):
    """A reader's choice for one topic; without a row it is mailed at once."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    topic = models.CharField(_("topic"), max_length=20)
    mode = models.CharField(_("by mail"), max_length=8, choices=Mode.choices, default=Mode.AT_ONCE)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            models.UniqueConstraint(fields=["reader", "topic"], name="notifications_preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.reader}: {self.topic}, {self.get_mode_display()}"


class Quiet(models.Model):
    """A reader's own quiet hours, on the reader's clock; without a row they are QUIET_FROM to QUIET_UNTIL.

    Both the same: no hour is quiet. From 21 until 7 goes over midnight.
    """

    reader = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiet", primary_key=True
    )
    from_hour = models.PositiveSmallIntegerField(_("quiet from"))
    until_hour = models.PositiveSmallIntegerField(_("quiet until"))

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")
        constraints = [
            models.CheckConstraint(
                name="notifications_quiet_hours_of_a_day", condition=Q(from_hour__lt=24, until_hour__lt=24)
            )
        ]

    def __str__(self) -> str:
        return f"{self.reader}: {self.from_hour}–{self.until_hour}"
