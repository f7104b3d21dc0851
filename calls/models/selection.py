"""A selection: the frozen input, the settings, the result with its proof. The database refuses any change."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from calls.models.call import Call


class SelectionRun(models.Model):
    """One computed selection of a call. A what-if is a child run; none is ever changed."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="selection_runs")
    number = models.PositiveSmallIntegerField(_("number"))
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    input = models.TextField(_("input"), help_text=_("Canonical JSON, the bytes that were hashed."))
    input_sha256 = models.CharField(_("SHA-256 of the input"), max_length=64)
    engine_version = models.CharField(_("engine"), max_length=60)
    result = models.JSONField(_("result"))
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("selection")
        verbose_name_plural = _("selections")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="calls_selectionrun_number")]
        triggers = [pgtrigger.Protect(name="keep_as_computed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.call}, {self.number}"
