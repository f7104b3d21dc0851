"""Assigning a large round to its reviewers as a job that staff watch."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models.call import Call
from cooperation.jobs.models import UNFINISHED, LongJob


class AssigningRun(LongJob):
    """A proposal that somebody confirmed and a worker carries out, whole or not at all.

    `rows_done` of `rows_total` are its steps: read and solved, proven, assigned.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="assigning_runs")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    anew = models.BooleanField(default=False)
    # Names the situation that the confirmed page showed.
    stamp = models.CharField(max_length=64)
    language = models.CharField(max_length=8, default="en")
    made = models.PositiveIntegerField(_("assigned"), default=0)
    gone = models.PositiveIntegerField(_("taken back"), default=0)

    class Meta:
        verbose_name = _("automatic assignment")
        verbose_name_plural = _("automatic assignments")
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call"], condition=Q(state__in=UNFINISHED), name="calls_assigningrun_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.call}, {self.requested_at:%Y-%m-%d %H:%M}"
