"""What was submitted, kept for good: canonical JSON and its SHA-256. The database refuses any change."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from calls.models.application import Application


class Snapshot(models.Model):
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField(_("submission"))
    content = models.TextField(_("content"), help_text=_("Canonical JSON, the bytes that were hashed."))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    received_at = models.DateTimeField(_("received"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="calls_snapshot_number"),
            models.CheckConstraint(
                name="calls_snapshot_hashed", condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep_as_submitted", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.application.reference}, {self.number}"

    @property
    def fingerprint(self) -> list[str]:
        """The hash as eight groups of eight, to read aloud."""
        return [self.sha256[start : start + 8] for start in range(0, 64, 8)]
