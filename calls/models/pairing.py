"""A pairing run: frozen input, its hash, the result with its certificate, and the pairs proposed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models.application import Application
from calls.models.call import Call
from partnerships.models import Partnership


class RunState(models.TextChoices):
    WAITING = "waiting", _("Waiting for a worker")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class PairingRun(models.Model):
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="pairing_runs")
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=8, choices=RunState.choices, default=RunState.WAITING)
    requested_at = models.DateTimeField(_("requested"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    input = models.TextField(_("input"), help_text=_("Canonical JSON."))
    input_sha256 = models.CharField(_("SHA-256 of the input"), max_length=64)
    engine_version = models.CharField(_("engine"), max_length=60, blank=True)
    result = models.JSONField(_("result"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("pairing run")
        verbose_name_plural = _("pairing runs")
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="calls_pairingrun_number"),
            # two runs at once exclude each other
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(state__in=["waiting", "running"]),
                name="calls_pairingrun_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call}, {self.number}"


class Proposal(models.Model):
    """One pair that a run proposes; approved by a second person it founds a partnership."""

    run = models.ForeignKey(PairingRun, on_delete=models.CASCADE, related_name="proposals")
    home = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="proposals_as_home")
    abroad = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="proposals_as_abroad")
    score = models.PositiveIntegerField(_("score"), help_text=_("Thousandths of a point, 100,000 at most."))
    explanation = models.JSONField(_("explanation"))
    recommended_at = models.DateTimeField(_("recommended"), null=True, blank=True)
    recommended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recommended by"),
    )
    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals"
    )

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "home", "abroad"], name="calls_proposal_once"),
            models.CheckConstraint(name="calls_proposal_two_cities", condition=~Q(home=models.F("abroad"))),
        ]

    def __str__(self) -> str:
        return f"{self.home.lead} - {self.abroad.lead}"

    @property
    def points(self) -> float:
        """The score in points out of 100."""
        return self.score / 1000
