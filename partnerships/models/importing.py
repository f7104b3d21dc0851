"""Figures that staff bring in from a file: looked at line by line, then written by a worker."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperation.history.triggers import recorded
from cooperation.jobs.models import LongJob


class PopulationImport(LongJob):
    """A file of population figures as it was read. It waits for a worker once somebody confirmed it.

    `lines` holds what is to be written, [line, city, population, year, source] each, in the file's order;
    `refused` those that cannot be, [line, reason, what was written there, facts for the reason].
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    lines = models.JSONField(default=list, editable=False)
    refused = models.JSONField(default=list, editable=False)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)

    class Meta:
        verbose_name = _("import of population figures")
        verbose_name_plural = _("imports of population figures")
        ordering = ["-requested_at", "-id"]
        triggers = [recorded(leave_out=("lines", "refused", "rows_done", "seen_at"))]

    def __str__(self) -> str:
        return self.name
