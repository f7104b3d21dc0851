"""Staff ask a city to correct what it submitted: combinable reasons, due date, tracked answer."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models.application import Application
from calls.models.snapshot import Snapshot
from cooperation.history.triggers import recorded


class CorrectionRequest(models.Model):
    """Asked at screening. The city may submit again until it is due; its answer is that submission."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="corrections")
    # Keys of `calls.queries.correction_reasons`; their sentences make the message, in the city's language.
    reasons = ArrayField(models.CharField(max_length=40), verbose_name=_("reasons"))
    note = models.TextField(_("note"), blank=True)
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(_("due"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="answers_corrections"
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("request for correction")
        verbose_name_plural = _("requests for correction")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(closed_at__isnull=True), name="calls_correction_one_open"
            ),
            models.CheckConstraint(
                name="calls_correction_closed_pair",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="calls_correction_answered_pair",
                condition=Q(answered_at__isnull=True, answer__isnull=True)
                | Q(answered_at__isnull=False, answer__isnull=False),
            ),
        ]
        triggers = [recorded("application_id")]

    def __str__(self) -> str:
        return f"{self.application.reference}: {', '.join(self.reasons)}"
