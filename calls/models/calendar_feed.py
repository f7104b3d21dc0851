"""The secret address of one person's calendar."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperation.history.triggers import recorded


class CalendarFeed(models.Model):
    """A calendar program keeps no session: whoever knows the secret reads the dates of the person.

    The secret is kept as it is, since the person reads the address again on every new device.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    secret = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        triggers = [recorded(leave_out=("secret",))]

    def __str__(self) -> str:
        return f"{self.person}, {self.made_at:%Y-%m-%d}"
