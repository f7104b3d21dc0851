"""Exceptions from a rule, and assessments kept for good."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models.application import Application
from calls.models.rule import EligibilityRule
from calls.models.snapshot import Snapshot
from cooperation.history.triggers import recorded


class Waiver(models.Model):
    """Staff hold one rule not against one application, for a reason that everybody concerned can read."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="waivers")
    rule = models.ForeignKey(EligibilityRule, on_delete=models.PROTECT, related_name="waivers")
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "rule"], condition=Q(ended_at__isnull=True), name="calls_waiver_once"
            ),
            models.CheckConstraint(
                name="calls_waiver_ended_pair",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]
        triggers = [recorded("application_id")]

    def __str__(self) -> str:
        return self.reason


class Reassessment(models.Model):
    """The rules applied once more to a submission. What was frozen at submission stays in its snapshot."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="reassessments")
    on = models.DateField(_("as of"))
    verdict = models.CharField(_("verdict"), max_length=24)
    content = models.JSONField(_("assessment"))
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("later assessment")
        verbose_name_plural = _("later assessments")
        ordering = ["at", "id"]
        triggers = [pgtrigger.Protect(name="keep_as_assessed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.snapshot}: {self.verdict}"
