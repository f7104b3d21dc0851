"""What was submitted, kept for good: canonical JSON and its SHA-256. The database refuses any change."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from calls.models.application import Application

VERDICT = KeyTextTransform("verdict", KeyTransform("assessment", Cast("content", models.JSONField())))


class Snapshot(models.Model):
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField(_("submission"))
    content = models.TextField(_("content"), help_text=_("Canonical JSON, the bytes that were hashed."))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    # The version of the application that the submitting page showed: a second click brings it again.
    version = models.PositiveIntegerField(_("version"))
    # Hash of what is said, without who sent it when: tells whether anything changed since.
    said_sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField(_("received"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The frozen verdict, read out of the content by the database: lists filter by it.
    verdict = models.GeneratedField(
        expression=VERDICT, output_field=models.CharField(max_length=24), db_persist=True, null=True
    )

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
        indexes = [
            # the verification page, which anybody may ask
            models.Index(fields=["sha256"], name="calls_snapshot_sha256"),
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


class SetAside(models.Model):
    """What was written after a submission and not sent, when the application went back to that submission."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="set_aside")
    answers = models.JSONField(_("answers"), default=dict)
    partners = models.JSONField(_("partners"), default=list)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("text set aside")
        verbose_name_plural = _("texts set aside")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.application.reference}, {self.at:%Y-%m-%d %H:%M}"


class Printout(models.Model):
    """The PDF of a submission, made once; its own SHA-256 proves a copy in anybody's hands."""

    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="printout")
    language = models.CharField(_("language"), max_length=8)
    path = models.CharField(max_length=200, unique=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("PDF of a submission")
        verbose_name_plural = _("PDFs of submissions")

    def __str__(self) -> str:
        return f"{self.snapshot}: PDF"
